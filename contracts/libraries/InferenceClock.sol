// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BLOCK_SECONDS, DAY_SECONDS} from "../types/Units.sol";

/// @title InferenceClock
/// @notice Block heights and block-days, both counted from the start of the emission.
/// @dev Every function wants `t >= emissionStart`, which whoever deploys on this clock checks once; earlier moments revert.
library InferenceClock {
    using SafeCast for uint256;

    /// @notice The block-day `t` (Unix seconds) lies in. Fits 32 bits for eight million years.
    function dayAt(uint256 t, uint256 emissionStart) internal pure returns (uint32 day) {
        return ((t - emissionStart) / DAY_SECONDS).toUint32();
    }

    /// @notice The inference block open at `t` (Unix seconds); every block below it is complete.
    function blockAt(uint256 t, uint256 emissionStart) internal pure returns (uint64 height) {
        return ((t - emissionStart) / BLOCK_SECONDS).toUint64();
    }
}
