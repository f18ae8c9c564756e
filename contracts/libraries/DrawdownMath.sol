// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DRAWDOWN_PARTS, WEI_PER_UMOR} from "../types/Units.sol";

/// @title DrawdownMath
/// @notice The drawdown guard as arithmetic: a day's budget and what is left of it. Amounts in wei.
library DrawdownMath {
    /// @notice The day's room: 1 % of the opening pool, rounded down, and the arrivals the schedule lets in today.
    function budgetDown(
        uint104 openingWei,
        uint104 freshWei,
        uint104 scheduledTodayWei
    ) internal pure returns (uint104) {
        return openingWei / DRAWDOWN_PARTS + min(freshWei, scheduledTodayWei);
    }

    /// @notice What may still be reserved today: the rest of the budget, never more than the pool holds.
    /// @dev Wants `drawn <= budget`, the guard's own invariant.
    function allowance(uint104 unusedWei, uint104 budgetWei, uint104 drawnWei) internal pure returns (uint104) {
        return min(unusedWei, budgetWei - drawnWei);
    }

    /// @notice Ledger units in wei: exact, since 2^64 * 10^12 is below 2^104.
    function toWei(uint64 amountUMor) internal pure returns (uint104) {
        return amountUMor * WEI_PER_UMOR;
    }

    function min(uint104 a, uint104 b) internal pure returns (uint104) {
        return a < b ? a : b;
    }
}
