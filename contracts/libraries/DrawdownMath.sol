// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DRAWDOWN_PARTS, WEI_PER_UMOR} from "../types/Units.sol";

/// @title DrawdownMath
/// @notice The drawdown guard as arithmetic: a day's budget and what is left of it. Amounts in wei.
library DrawdownMath {
    /// @notice The day's room: 1 % of the opening pool, rounded down, and the arrivals the schedule lets in today.
    function budgetDown(
        uint128 openingWei,
        uint128 freshWei,
        uint128 scheduledTodayWei
    ) internal pure returns (uint128) {
        return openingWei / DRAWDOWN_PARTS + min(freshWei, scheduledTodayWei);
    }

    /// @notice What may still be reserved today: the rest of the budget, never more than the pool holds.
    /// @dev Wants `drawn <= budget`, the guard's own invariant.
    function allowance(uint128 unusedWei, uint128 budgetWei, uint128 drawnWei) internal pure returns (uint128) {
        return min(unusedWei, budgetWei - drawnWei);
    }

    /// @notice Ledger units in wei; exact, and below 2^104 for every 64-bit lane.
    function toWei(uint64 amountUMor) internal pure returns (uint128) {
        return amountUMor * WEI_PER_UMOR;
    }

    function min(uint128 a, uint128 b) internal pure returns (uint128) {
        return a < b ? a : b;
    }
}
