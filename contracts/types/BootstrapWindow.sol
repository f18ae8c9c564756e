// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev When the bootstrap pool fills and how its time is cut into seasons. Start and end 0: a deployment without such a pool.
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

/// @dev Number of the window's boundaries that lie before `t`: its start and the ends of its seasons, the last of which is its
/// end. So a moment of period 0 lies before the first season or at its start, one of period k + 1 within season k or at its
/// end, and one behind the window in the last period. Without a window there is period 0 alone.
function periodAt(uint256 t, uint256 startAt, uint256 endAt, uint256 seasonLength) pure returns (uint24) {
    if (t <= startAt || endAt == 0) return 0;
    uint256 behind = 0;
    if (t > endAt) (t, behind) = (endAt, 1);
    // Below 2^24: eight years at most in seasons of ten minutes at least, says the bootstrap pool's constructor.
    unchecked {
        return uint24((t - startAt + seasonLength - 1) / seasonLength + behind);
    }
}
