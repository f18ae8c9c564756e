// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IEmissionSchedule
/// @notice How much MOR the compute bucket is due to emit, and when.
/// @dev The schedule bounds how fast arrivals may be spent; it neither mints nor proves that anything arrived.
///
/// REQUIREMENTS ON AN IMPLEMENTATION
/// @dev Immutable, and total: no function may revert for a moment up to the year 2^64 counts seconds to.
/// @dev `cumulativeWei` never falls as `t` grows, and is 0 up to `startAt`.
interface IEmissionSchedule {
    /// @notice The start of the emission, in Unix seconds: the zero of block heights and block-days.
    function startAt() external view returns (uint256);

    /// @notice Everything due by `t` (Unix seconds), in wei, rounded down.
    /// @dev Take differences of cumulatives, never sums of increments: the rounding then never adds up.
    function cumulativeWei(uint256 t) external view returns (uint256);

    /// @notice What is due within block-day `day`, [startAt + day * 86400, + 86400), in wei.
    function scheduledWei(uint256 day) external view returns (uint256);
}
