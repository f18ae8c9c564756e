// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBootstrapAccrual} from "../interfaces/IBootstrapAccrual.sol";
import {IEmissionSchedule} from "../interfaces/IEmissionSchedule.sol";
import {BOOTSTRAP_PARTS} from "../types/BootstrapWindow.sol";
import {Reserve} from "./Reserve.sol";

/// @title BootstrapAccrual
/// @notice What of the arrivals goes to the bootstrap pool: the first of them, up to a tenth of what the schedule has emitted
/// since the window opened.
///
/// MECHANISM
/// @dev Whatever is booked fills the pool first, up to the target of that moment, so what arrives late catches up. The target
/// @dev ends to grow with the window. What arrives behind it still fills the pool up to that last target, until the pool is
/// @dev wound up; nothing is taken ever after.
/// @dev Only arrivals are taken, never the free pool: neither the opening of a day nor what the guard leaves is touched.
abstract contract BootstrapAccrual is IBootstrapAccrual, Reserve {
    using SafeCast for uint256;

    uint256 internal immutable _WINDOW_START;
    uint256 internal immutable _WINDOW_END;
    /// @dev What the schedule had emitted when the window opened.
    uint256 private immutable _WINDOW_BASE_WEI;

    /// @param windowStart Unix second in which the window opens, not before now; 0 with `windowEnd` 0 for no window.
    /// @param windowEnd Unix second in which it ends.
    constructor(
        IERC20 token,
        IEmissionSchedule schedule,
        uint256 windowStart,
        uint256 windowEnd
    ) Reserve(token, schedule) {
        bool none = windowStart == 0 && windowEnd == 0;
        bool valid = windowStart >= block.timestamp && windowEnd > windowStart && windowEnd <= type(uint40).max;
        require(none || valid, ReserveWindowInvalid(windowStart, windowEnd, block.timestamp));
        _WINDOW_START = windowStart;
        _WINDOW_END = windowEnd;
        _WINDOW_BASE_WEI = schedule.cumulativeWei(windowStart);
    }

    /// @inheritdoc IBootstrapAccrual
    function bootstrapTargetWei(uint256 t) public view returns (uint256) {
        if (t > _WINDOW_END) t = _WINDOW_END;
        if (t <= _WINDOW_START) return 0;
        return Math.saturatingSub(SCHEDULE.cumulativeWei(t), _WINDOW_BASE_WEI) / BOOTSTRAP_PARTS;
    }

    /// @inheritdoc Reserve
    function _bootstrapLackWei() internal view virtual override returns (uint104) {
        if (bootstrapReleased) return 0;
        uint256 lackWei = Math.saturatingSub(bootstrapTargetWei(block.timestamp), bootstrapAccruedWei);
        return Math.min(lackWei, type(uint104).max).toUint104();
    }
}
