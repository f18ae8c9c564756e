// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LinearDecreaseSchedule} from "../../contracts/emission/LinearDecreaseSchedule.sol";
import {IBootstrapAccrual} from "../../contracts/interfaces/IBootstrapAccrual.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {AccrualHarness} from "../mocks/AccrualHarness.sol";
import {AnsweringToken} from "../mocks/ReserveTokens.sol";
import {Test} from "../utils/Test.sol";

/// @notice What goes to the bootstrap pool: a tenth of the window's emission, out of arrivals alone.
contract BootstrapAccrualTest is Test {
    uint256 private constant START = 1707393600;
    uint256 private constant WINDOW_START = 1715169600;
    uint256 private constant WINDOW_END = 1746705600;
    /// @dev 2.4 % of all emissions of the historic year.
    uint256 private constant HISTORIC_WEI = 120_261.07694603328 ether;

    AnsweringToken private _token;
    LinearDecreaseSchedule private _schedule;
    AccrualHarness private _reserve;

    /// @dev The real schedule, deployed a day before the window.
    function _deploy() private {
        vm.warp(WINDOW_START - 1 days);
        _token = AnsweringToken(deployCode("ReserveTokens.sol:AnsweringToken", ""));
        bytes memory arguments = abi.encode(3456 ether, 592558728240000000, START, 1 days);
        _schedule = LinearDecreaseSchedule(deployCode("LinearDecreaseSchedule.sol:LinearDecreaseSchedule", arguments));
        _reserve = _newReserve(WINDOW_START, WINDOW_END);
    }

    function _newReserve(uint256 windowStart, uint256 windowEnd) private returns (AccrualHarness) {
        bytes memory arguments = abi.encode(_token, _schedule, windowStart, windowEnd);
        return AccrualHarness(deployCode("AccrualHarness.sol:AccrualHarness", arguments));
    }

    function _arrive(uint256 amountWei) private {
        _token.mint(address(_reserve), amountWei);
        _reserve.intake();
    }

    function _emittedWei(uint256 from, uint256 to) private view returns (uint256) {
        return _schedule.cumulativeWei(to) - _schedule.cumulativeWei(from);
    }

    // ---- The target ----

    function test_Intake_HistoricYearIsExactDayByDay() external {
        _deploy();
        for (uint256 t = WINDOW_START; t <= WINDOW_END; t += 1 days) {
            vm.warp(t);
            _arrive(_emittedWei(t - 1 days, t));
            assertEq(_reserve.bootstrapWei(), _reserve.bootstrapTargetWei(t), "the target of the day");
            if (t == WINDOW_START) assertEq(_reserve.bootstrapWei(), 0, "nothing at the start");
        }
        assertEq(_reserve.bootstrapAccruedWei(), HISTORIC_WEI, "2.4 % of the year's emissions");
        for (uint256 t = WINDOW_END + 1 days; t < WINDOW_END + 30 days; t += 1 days) {
            vm.warp(t);
            _arrive(_emittedWei(t - 1 days, t));
        }
        assertEq(_reserve.bootstrapAccruedWei(), HISTORIC_WEI, "nothing behind the window");
    }

    /// @dev However the tokens come, early or late, in few lumps or many, what has come suffices for the target or is all in it.
    function testFuzz_Intake_LateTokensCatchUp(uint256 seed) external {
        _deploy();
        uint256 t = vm.getBlockTimestamp();
        uint256 arrivedWei = 0;
        while (t < WINDOW_END + 40 days) {
            seed = uint256(keccak256(abi.encode(seed)));
            t += 1 + (seed % 60 days);
            vm.warp(t);
            uint256 amountWei = (seed >> 64) % 20_000 ether;
            uint256 lackWei = _reserve.bootstrapTargetWei(t) - _reserve.bootstrapAccruedWei();
            uint256 before = _reserve.bootstrapWei();
            _arrive(amountWei);
            arrivedWei += amountWei;
            uint256 share = amountWei < lackWei ? amountWei : lackWei;
            assertEq(_reserve.bootstrapWei() - before, share, "first of the arrival");
            assertEq(_reserve.unusedWei(), arrivedWei - _reserve.bootstrapWei(), "the rest is free");
        }
        assertLe(_reserve.bootstrapAccruedWei(), HISTORIC_WEI, "never above the window's tenth");
    }

    function test_Intake_TakesNothingOfWhatCameBefore() external {
        _deploy();
        _arrive(1_000_000 ether);
        vm.warp(WINDOW_START + 100 days);
        _reserve.intake();
        assertEq(_reserve.bootstrapWei(), 0, "the pool of before is not touched");
        assertEq(_reserve.unusedWei(), 1_000_000 ether, "free");
        _arrive(1 ether);
        assertEq(_reserve.bootstrapWei(), 1 ether, "all of an arrival below the lack");
    }

    function test_BootstrapTargetWei_EndsToGrowWithTheWindow() external {
        _deploy();
        assertEq(_reserve.bootstrapTargetWei(0), 0, "at the beginning of time");
        assertEq(_reserve.bootstrapTargetWei(WINDOW_START), 0, "at its start");
        assertGt(_reserve.bootstrapTargetWei(WINDOW_START + 1), 0, "a second later");
        assertEq(_reserve.bootstrapTargetWei(WINDOW_END), HISTORIC_WEI, "at its end");
        assertEq(_reserve.bootstrapTargetWei(type(uint256).max), HISTORIC_WEI, "for ever");
    }

    // ---- The guard ----

    /// @dev A reserve with a window, and one without that is sent only what the first keeps free: the guard sees no difference.
    function testFuzz_Intake_LeavesTheGuardAlone(uint256 seed) external {
        _deploy();
        AccrualHarness twin = _newReserve(0, 0);
        uint256 t = WINDOW_START - 1 days;
        for (uint256 i = 0; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            t += (seed >> 8) % 20 days;
            vm.warp(t);
            uint256 before = _reserve.bootstrapAccruedWei();
            _arrive((seed >> 64) % 50_000 ether);
            _token.mint(address(twin), _reserve.heldWei() - _reserve.bootstrapAccruedWei() - twin.heldWei());
            twin.intake();
            assertGe(_reserve.bootstrapAccruedWei(), before, "accrued never falls");
            uint64 creditUMor = uint64(bound(seed >> 160, 0, _reserve.allowanceWei() / 1e12));
            _reserve.attest(creditUMor);
            twin.attest(creditUMor);
            assertEq(_reserve.unusedWei(), twin.unusedWei(), "unused");
            assertEq(_reserve.freshWei(), twin.freshWei(), "fresh");
            assertEq(_reserve.openingWei(), twin.openingWei(), "opening");
            assertEq(_reserve.budgetWei(), twin.budgetWei(), "budget");
            assertEq(_reserve.allowanceWei(), twin.allowanceWei(), "allowance");
        }
    }

    function test_ReleaseBootstrap_RaisesNoBudget() external {
        _deploy();
        vm.warp(WINDOW_START + 10 days);
        _arrive(50_000 ether);
        _reserve.attest(1_000e6);
        uint256 budgetWei = _reserve.budgetWei();
        uint256 freshWei = _reserve.freshWei();
        uint256 allowanceWei = _reserve.allowanceWei();
        uint256 leftWei = _reserve.bootstrapWei();
        uint256 unusedWei = _reserve.unusedWei();
        vm.expectEmit();
        emit IReserveBooks.BootstrapReleased(leftWei, unusedWei + leftWei);
        _reserve.releaseBootstrap();
        assertEq(_reserve.budgetWei(), budgetWei, "budget");
        assertEq(_reserve.freshWei(), freshWei, "fresh");
        assertEq(_reserve.allowanceWei(), allowanceWei, "allowance");
        assertEq(_reserve.bootstrapWei(), 0, "nothing is left");
        assertTrue(_reserve.bootstrapReleased(), "wound up");

        vm.warp(WINDOW_START + 11 days);
        _arrive(1 ether);
        assertEq(_reserve.bootstrapWei(), 0, "nothing is taken any more");
    }

    function test_Award_IsMoreThanThePoolHolds() external {
        _deploy();
        vm.expectRevert(abi.encodeWithSelector(IReserveBooks.ReserveBootstrapExceeded.selector, 1, 0));
        _reserve.award(1);
    }

    // ---- The window ----

    function _expectInvalid(uint256 startAt, uint256 endAt) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IBootstrapAccrual.ReserveWindowInvalid.selector,
                startAt,
                endAt,
                vm.getBlockTimestamp()
            )
        );
        _newReserve(startAt, endAt);
    }

    function test_Constructor_RevertsWhen_WindowIsNone() external {
        _deploy();
        uint256 now_ = vm.getBlockTimestamp();
        _expectInvalid(now_ - 1, now_ + 365 days);
        _expectInvalid(now_ + 10, now_ + 10);
        _expectInvalid(now_ + 10, now_ + 9);
        _expectInvalid(0, now_ + 10);
        _expectInvalid(now_, uint256(type(uint40).max) + 1);
        _newReserve(now_, now_ + 1);
        _newReserve(now_, type(uint40).max);
    }

    function test_Intake_WithoutAWindowTakesNothing() external {
        _deploy();
        _reserve = _newReserve(0, 0);
        vm.warp(WINDOW_END);
        _arrive(1_000 ether);
        assertEq(_reserve.bootstrapWei(), 0, "no window, no pool");
        assertEq(_reserve.bootstrapTargetWei(type(uint256).max), 0, "no target");
    }
}
