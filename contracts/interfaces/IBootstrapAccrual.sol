// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IReserve} from "./IReserve.sol";

/// @title IBootstrapAccrual
/// @notice What of the arrivals is set aside for the bootstrap pool.
interface IBootstrapAccrual is IReserve {
    /// @notice The bootstrap window begins before the deployment or ends before it begins.
    error ReserveWindowInvalid(uint256 startAt, uint256 endAt, uint256 deployedAt);

    /// @notice What the bootstrap pool is due by `t` (Unix seconds), in wei: a tenth of what the schedule emits from the start
    /// of the window to `t`, but not beyond its end. Asks the schedule.
    function bootstrapTargetWei(uint256 t) external view returns (uint256);
}
