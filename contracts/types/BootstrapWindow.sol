// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev When the bootstrap pool fills and how its time is cut into seasons. All four 0: a deployment without such a pool.
struct BootstrapWindow {
    /// Unix second in which it opens; not before the deployment.
    uint256 startAt;
    /// Unix second in which it ends; nothing accrues for the time from here on.
    uint256 endAt;
    /// Seconds of a season; the last one ends with the window.
    uint256 seasonLength;
    /// Seconds after a season's end in which providers are entered; at most a season.
    uint256 entryWindow;
}

/// @dev The window's part of the compute bucket: one part in this many, 2.4 % of all emissions.
uint256 constant BOOTSTRAP_PARTS = 10;

/// @dev Providers that share the pool of a season.
uint256 constant MAX_RANKS = 100;
