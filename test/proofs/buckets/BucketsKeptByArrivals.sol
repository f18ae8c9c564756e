// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BucketsInvariant} from "./BucketsInvariant.sol";

/// @notice The day turns and tokens are booked.
contract BucketsKeptByArrivals is BucketsInvariant {
    function roll(uint32 newDay, uint96 scheduledWei) external fromAnyBooks {
        _rollDay(newDay, scheduledWei);
        assert(_holds());
    }

    function book(uint104 amountWei, uint104 lackWei) external fromAnyBooks {
        heldWei += amountWei;
        _book(amountWei, lackWei);
        assert(_holds());
    }
}
