// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LinearDecreaseSchedule} from "../../contracts/emission/LinearDecreaseSchedule.sol";
import {Test} from "../utils/Test.sol";

contract LinearDecreaseScheduleTest is Test {
    uint256 private constant START = 1707393600;
    uint256 private constant INITIAL = 3456e18;
    uint256 private constant DECREASE = 592558728240000000;

    LinearDecreaseSchedule private _real = _deploy(INITIAL, DECREASE, START, 1 days);

    /// @dev The built schedule, with these parameters.
    function _deploy(
        uint256 initial,
        uint256 decrease,
        uint256 start,
        uint256 interval
    ) private returns (LinearDecreaseSchedule) {
        bytes memory arguments = abi.encode(initial, decrease, start, interval);
        return LinearDecreaseSchedule(deployCode("LinearDecreaseSchedule.sol:LinearDecreaseSchedule", arguments));
    }

    function test_Schedule_RealBucket() external view {
        assertEq(_real.startAt(), START, "start");
        assertEq(_real.EMITTING_INTERVALS(), 5833, "emitting days");
        assertEq(_real.cumulativeWei(START), 0, "at the start");
        assertEq(_real.cumulativeWei(START + 1), 0.04e18, "one second");
        assertEq(_real.cumulativeWei(START + 12 hours), 1728e18, "half a day");
        assertEq(_real.scheduledWei(0), INITIAL, "day 0");
        assertEq(_real.scheduledWei(1000), INITIAL - 1000 * DECREASE, "day 1000");
        assertEq(_real.scheduledWei(5832), INITIAL - 5832 * DECREASE, "last day that emits");
        assertEq(_real.scheduledWei(5833), 0, "first day without emission");
        assertEq(_real.cumulativeWei(type(uint256).max), 10079999999721449280000000, "all there is");
    }

    /// @dev A schedule without decrease emits to the last second that is counted, in the middle of a day.
    function test_Schedule_EndsWithinTheLastDay() external {
        LinearDecreaseSchedule steady = _deploy(86_400e18, 0, 0, 1 days);
        uint256 last = type(uint64).max / uint256(1 days);
        assertEq(steady.scheduledWei(last - 1), 86_400e18, "the last whole day");
        assertEq(steady.scheduledWei(last), (type(uint64).max % uint256(1 days)) * 1e18, "a second, a token");
        assertEq(steady.scheduledWei(last + 1), 0, "the day behind it");
    }

    function test_Schedule_RevertsWhen_InitialTooLarge() external {
        uint256 initial = uint256(type(uint128).max) + 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                LinearDecreaseSchedule.ScheduleInitialTooLarge.selector,
                initial,
                uint256(type(uint128).max)
            )
        );
        _deploy(initial, DECREASE, START, 1 days);
    }

    function test_Schedule_RevertsWhen_DecreaseTooLarge() external {
        uint256 decrease = uint256(type(uint128).max) + 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                LinearDecreaseSchedule.ScheduleDecreaseTooLarge.selector,
                decrease,
                uint256(type(uint128).max)
            )
        );
        _deploy(INITIAL, decrease, START, 1 days);
    }

    function test_Schedule_RevertsWhen_StartTooLarge() external {
        uint256 start = uint256(type(uint64).max) + 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                LinearDecreaseSchedule.ScheduleStartTooLarge.selector,
                start,
                uint256(type(uint64).max)
            )
        );
        _deploy(INITIAL, DECREASE, start, 1 days);
    }

    function testFuzz_Schedule_RevertsWhen_IntervalOutOfRange(uint256 interval) external {
        interval = interval % 2 == 0 ? 0 : bound(interval, uint256(type(uint64).max) + 1, type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                LinearDecreaseSchedule.ScheduleIntervalOutOfRange.selector,
                interval,
                uint256(type(uint64).max)
            )
        );
        _deploy(INITIAL, DECREASE, START, interval);
    }

    /// @dev Every parameter that construction accepts, at every argument there is.
    function testFuzz_Schedule_NeverReverts(
        uint128 initial,
        uint128 decrease,
        uint64 start,
        uint64 interval,
        uint256 t
    ) external {
        LinearDecreaseSchedule schedule = _deploy(initial, decrease, start, interval == 0 ? 1 : interval);
        schedule.cumulativeWei(t);
        schedule.cumulativeWei(uint64(t));
        schedule.scheduledWei(t);
        schedule.scheduledWei(uint32(t));
    }

    function test_Schedule_LargestParametersNeverRevert() external {
        LinearDecreaseSchedule schedule = _deploy(type(uint128).max, 0, 0, 1);
        assertEq(
            schedule.cumulativeWei(type(uint64).max),
            uint256(type(uint128).max) * type(uint64).max,
            "constant, every second"
        );
        assertEq(
            schedule.cumulativeWei(type(uint256).max),
            schedule.cumulativeWei(type(uint64).max),
            "beyond the last second"
        );
        assertEq(schedule.scheduledWei(type(uint256).max), 0, "a day beyond the last second");
        schedule = _deploy(type(uint128).max, 1, 0, 1);
        schedule.cumulativeWei(type(uint64).max);
        schedule = _deploy(1, type(uint128).max, type(uint64).max, type(uint64).max);
        assertEq(schedule.startAt(), type(uint64).max, "start at the last second");
        assertEq(schedule.EMITTING_INTERVALS(), 1, "steepest decrease");
        assertEq(schedule.INTERVAL_SECONDS(), type(uint64).max, "longest interval");
    }

    function test_Schedule_EmittingIntervalsAreTheCeiling() external {
        for (uint256 initial = 1; initial <= 9; ++initial) {
            LinearDecreaseSchedule schedule = _deploy(initial, 3, 0, 1);
            assertEq(schedule.EMITTING_INTERVALS(), (initial + 2) / 3, "emitting intervals");
            assertEq(schedule.cumulativeWei(9), schedule.cumulativeWei(4), "nothing after the last one");
        }
    }

    function testFuzz_Cumulative_NeverFalls(uint64 t, uint64 later) external view {
        (t, later) = t < later ? (t, later) : (later, t);
        assertLe(_real.cumulativeWei(t), _real.cumulativeWei(later), "cumulative falls");
    }

    /// @dev The closed form against the definition, interval by interval.
    function testFuzz_Cumulative_IsSumOfIntervals(
        uint96 initial,
        uint96 decrease,
        uint16 interval,
        uint256 t
    ) external {
        uint256 length = uint256(interval) + 1;
        t = bound(t, 0, 50 * length);
        decrease = uint96(bound(decrease, initial / 60, type(uint96).max));
        LinearDecreaseSchedule schedule = _deploy(initial, decrease, START, length);
        uint256 sum;
        for (uint256 n = 0; n * length < t; ++n) {
            uint256 emission = initial > n * decrease ? initial - n * decrease : 0;
            uint256 within = t - n * length;
            sum += within >= length ? emission : (emission * within) / length;
        }
        assertEq(schedule.cumulativeWei(START + t), sum, "sum of intervals");
    }

    /// @dev With intervals of a day the schedule's day is the guard's day: no rounding between the two.
    function testFuzz_Scheduled_IsTheIntervalsOwn(uint32 day) external view {
        uint256 decreased = uint256(day) * DECREASE;
        assertEq(_real.scheduledWei(day), decreased < INITIAL ? INITIAL - decreased : 0, "day's emission");
    }
}
