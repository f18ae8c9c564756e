// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

/// @notice The base case, and what the invariant says in plain words.
contract GuardBegins is GuardInvariant {
    constructor(uint32 firstDay, uint96 scheduledWei) {
        _openBooks(firstDay, scheduledWei);
        assert(_holds());
    }

    /// @notice All that stands reserved is at most the arrivals and 1 % of each day's opening.
    function consequence() external view {
        require(_holds());
        assert(drawnTodayWei() <= budgetWei());
        assert(uint256(_attestedUMor) * 1e12 <= arrivedWei + sharesWei + openingWei / 100);
    }
}
