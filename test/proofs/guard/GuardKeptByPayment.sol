// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

/// @notice The verbs of payment move no figure of the guard.
contract GuardKeptByPayment is GuardInvariant {
    function absorb(uint104 amountWei) external fromAnyBooks {
        _absorb(amountWei);
        assert(_holds());
    }

    function settle(uint104 amountWei) external fromAnyBooks {
        _settle(amountWei);
        assert(_holds());
    }

    function unsettle(uint104 amountWei) external fromAnyBooks {
        _unsettle(amountWei);
        assert(_holds());
    }

    function award(uint104 amountWei) external fromAnyBooks {
        _award(amountWei);
        assert(_holds());
    }

    /// @dev What is left of the bootstrap pool becomes free, and raises no budget.
    function releaseBootstrap() external fromAnyBooks {
        uint104 limit = _limitWei;
        _releaseBootstrap();
        assert(_holds());
        assert(_limitWei == limit);
    }
}
