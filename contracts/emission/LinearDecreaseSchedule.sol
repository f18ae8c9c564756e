// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionSchedule} from "../interfaces/IEmissionSchedule.sol";
import {DAY_SECONDS} from "../types/Units.sol";

/// @title LinearDecreaseSchedule
/// @notice Interval n emits `max(initial - n * decrease, 0)`, evenly within the interval.
///
/// MECHANISM
/// @dev n full intervals emit `n * initial - decrease * n * (n - 1) / 2`, so any moment costs the same to ask for.
/// @dev Nothing is emitted after interval ceil(initial / decrease); a decrease of 0 means constant for ever.
///
/// BOUNDS
/// @dev initial < 2^128 and t clamped below 2^64 keep every product below 2^192: at most 2^64 intervals pass, and
/// `n * decrease` is only formed while it is below `initial`. No call reverts, whatever its argument.
/// @dev Worked: the real bucket (3456e18 falling by 592558728240000000 a day) ends after 5,833 days with
/// 10,079,999.99972144928 MOR, below 2^84 wei; its largest product is initial * 86,400 < 2^88.
contract LinearDecreaseSchedule is IEmissionSchedule {
    /// @dev Moments beyond this Unix second read as this second.
    uint256 private constant LAST_SECOND = type(uint64).max;

    /// @notice Emission of the first interval, in wei.
    uint256 public immutable INITIAL_WEI;
    /// @notice What each interval emits less than the one before, in wei.
    uint256 public immutable DECREASE_WEI;
    /// @notice Length of an interval, in seconds.
    uint256 public immutable INTERVAL_SECONDS;
    /// @notice Number of intervals that emit anything: ceil(initial / decrease), without end for a decrease of 0.
    uint256 public immutable EMITTING_INTERVALS;
    /// @dev Start of the first interval, in Unix seconds.
    uint256 private immutable _START_AT;

    /// @notice The first interval's emission does not fit 128 bits.
    error ScheduleInitialTooLarge(uint256 initialWei, uint256 maxWei);
    /// @notice The decrease does not fit 128 bits.
    error ScheduleDecreaseTooLarge(uint256 decreaseWei, uint256 maxWei);
    /// @notice The start is not a Unix second below 2^64.
    error ScheduleStartTooLarge(uint256 startAt, uint256 maxStartAt);
    /// @notice The interval is 0 or does not fit 64 bits.
    error ScheduleIntervalOutOfRange(uint256 intervalSeconds, uint256 maxSeconds);

    /// @param initialWei Emission of the first interval.
    /// @param decreaseWei What each interval emits less than the one before; 0 for a constant emission.
    /// @param startAt_ Unix second of the first interval's start.
    /// @param intervalSeconds Length of an interval.
    constructor(uint256 initialWei, uint256 decreaseWei, uint256 startAt_, uint256 intervalSeconds) {
        require(
            initialWei <= type(uint128).max,
            ScheduleInitialTooLarge({initialWei: initialWei, maxWei: type(uint128).max})
        );
        require(
            decreaseWei <= type(uint128).max,
            ScheduleDecreaseTooLarge({decreaseWei: decreaseWei, maxWei: type(uint128).max})
        );
        require(startAt_ <= LAST_SECOND, ScheduleStartTooLarge({startAt: startAt_, maxStartAt: LAST_SECOND}));
        require(
            intervalSeconds != 0 && intervalSeconds <= LAST_SECOND,
            ScheduleIntervalOutOfRange({intervalSeconds: intervalSeconds, maxSeconds: LAST_SECOND})
        );
        INITIAL_WEI = initialWei;
        DECREASE_WEI = decreaseWei;
        INTERVAL_SECONDS = intervalSeconds;
        _START_AT = startAt_;
        EMITTING_INTERVALS = _emittingIntervals(initialWei, decreaseWei);
    }

    /// @inheritdoc IEmissionSchedule
    function startAt() external view returns (uint256) {
        return _START_AT;
    }

    /// @inheritdoc IEmissionSchedule
    function cumulativeWei(uint256 t) public view returns (uint256) {
        if (t > LAST_SECOND) t = LAST_SECOND;
        if (t <= _START_AT) return 0;
        uint256 elapsed = t - _START_AT;
        uint256 passed = elapsed / INTERVAL_SECONDS;
        if (passed >= EMITTING_INTERVALS) return _fullIntervalsWei(EMITTING_INTERVALS);
        uint256 currentWei = INITIAL_WEI - passed * DECREASE_WEI;
        return _fullIntervalsWei(passed) + (currentWei * (elapsed % INTERVAL_SECONDS)) / INTERVAL_SECONDS;
    }

    /// @inheritdoc IEmissionSchedule
    function scheduledWei(uint256 day) external view returns (uint256) {
        if (day > LAST_SECOND / DAY_SECONDS) return 0;
        uint256 opensAt = _START_AT + day * DAY_SECONDS;
        return cumulativeWei(opensAt + DAY_SECONDS) - cumulativeWei(opensAt);
    }

    /// @dev Emission of the first `count` intervals, `count` <= EMITTING_INTERVALS: hence decrease * (count - 1) < initial.
    function _fullIntervalsWei(uint256 count) private view returns (uint256) {
        if (count == 0) return 0;
        return count * INITIAL_WEI - (DECREASE_WEI * (count - 1) * count) / 2;
    }

    /// @dev Ceiling of initial / decrease, without end if nothing decreases.
    function _emittingIntervals(uint256 initialWei, uint256 decreaseWei) private pure returns (uint256) {
        if (initialWei == 0) return 0;
        return decreaseWei == 0 ? type(uint256).max : (initialWei - 1) / decreaseWei + 1;
    }
}
