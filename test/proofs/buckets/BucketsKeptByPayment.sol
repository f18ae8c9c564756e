// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BucketsInvariant} from "./BucketsInvariant.sol";

/// @notice What leaves the owed bucket, and what is awarded into it.
contract BucketsKeptByPayment is BucketsInvariant {
    function absorb(uint104 amountWei) external fromAnyBooks {
        absorbedWei += amountWei;
        _absorb(amountWei);
        assert(_holds());
    }

    function award(uint104 amountWei) external fromAnyBooks {
        awardedWei += amountWei;
        _award(amountWei);
        assert(_holds());
    }

    function releaseBootstrap() external fromAnyBooks {
        _releaseBootstrap();
        assert(_holds());
    }

    /// @dev A payment as a claim makes it: taken from the books, and put back if the token would not move.
    function pay(uint104 amountWei, bool succeeds) external fromAnyBooks {
        _settle(amountWei);
        if (succeeds) {
            heldWei -= amountWei;
            paidWei += amountWei;
        } else {
            _unsettle(amountWei);
        }
        assert(_holds());
    }
}
