// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IReserve} from "../../contracts/interfaces/IReserve.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {AnsweringToken} from "../mocks/ReserveTokens.sol";
import {ReserveFixture} from "./ReserveFixture.sol";

contract ReserveTest is ReserveFixture {
    uint256 private constant DAILY = 3456e18;
    address private constant PAYEE = address(0xBEEF);

    function setUp() external {
        _deploy(DAILY);
    }

    // ---- Deployment ----

    function test_Deploy_OpensTheDayWithoutAPool() external view {
        assertEq(reserve.day(), FIRST_DAY, "day");
        assertEq(reserve.openingWei(), 0, "opening");
        assertEq(reserve.scheduledTodayWei(), DAILY, "scheduled");
        assertEq(reserve.EMISSION_START(), START, "emission start");
        assertEq(reserve.budgetWei(), 0, "budget");
    }

    function test_Deploy_AnnouncesTheFirstDay() external {
        vm.expectEmit();
        emit IReserveBooks.DayOpened(FIRST_DAY, 0, 0, DAILY);
        _newReserve(address(token));
    }

    function test_Deploy_RevertsWhen_BeforeEmission() external {
        vm.warp(START - 1);
        vm.expectRevert(abi.encodeWithSelector(IReserve.ReserveBeforeEmission.selector, START - 1, START));
        _newReserve(address(token));
    }

    function test_Deploy_RevertsWhen_TokenHasNoCode() external {
        vm.expectRevert(abi.encodeWithSelector(IReserve.ReserveTokenWithoutCode.selector, PAYEE));
        _newReserve(PAYEE);
    }

    // ---- The day ----

    /// @dev A mint before the first touch of a day does not widen its 1 %.
    function test_Roll_OpensBeforeItBooks() external {
        _arrive(100_000e18);
        _toDay(11);
        token.mint(address(reserve), 900_000e18);
        vm.expectEmit(address(reserve));
        emit IReserveBooks.DayOpened(11, 100_000e18, 96_544e18, DAILY);
        vm.expectEmit(address(reserve));
        emit IReserveBooks.ArrivalBooked(900_000e18, 0, 1_000_000e18, 996_544e18, 0);
        reserve.intake();
        assertEq(reserve.budgetWei(), 4456e18, "1 % of the old pool and the day's emission");
    }

    function testFuzz_Roll_NeverGoesBack(uint32 earlier, uint96 scheduled) external {
        earlier = uint32(bound(earlier, 0, FIRST_DAY));
        reserve.rollDay(earlier, scheduled);
        assertEq(reserve.day(), FIRST_DAY, "day");
        assertEq(reserve.scheduledTodayWei(), DAILY, "scheduled");
    }

    function test_Roll_ClampsAScheduleAbove96Bits() external {
        _deploy(type(uint128).max);
        assertEq(reserve.scheduledTodayWei(), type(uint96).max, "clamped");
    }

    // ---- Arrivals ----

    function testFuzz_Intake_BooksExactlyWhatArrived(uint104 first, uint104 second) external {
        second = uint104(bound(second, 0, type(uint104).max - first));
        _arrive(first);
        _arrive(second);
        assertEq(reserve.unusedWei(), uint256(first) + second, "unused");
        assertEq(reserve.freshWei(), uint256(first) + second, "fresh");
        assertEq(reserve.heldWei(), reserve.accountedWei(), "held = accounted");
        assertEq(reserve.intake(), 0, "nothing left to book");
    }

    function testFuzz_Intake_FillsTheBootstrapPoolFirst(uint96 lack, uint96 amount) external {
        reserve.setBootstrapLackWei(lack);
        _arrive(amount);
        uint256 share = lack < amount ? lack : amount;
        assertEq(reserve.bootstrapWei(), share, "bootstrap");
        assertEq(reserve.bootstrapAccruedWei(), share, "accrued");
        assertEq(reserve.unusedWei(), amount - share, "unused");
        assertEq(reserve.freshWei(), amount - share, "fresh");
    }

    function test_Intake_RevertsWhen_SupplyIsNoMor() external {
        uint256 amount = uint256(type(uint104).max) + 1;
        token.mint(address(reserve), amount);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 104, amount));
        reserve.intake();
    }

    /// @dev Not one bucket alone: all of them together stay below 2^104.
    function test_Intake_RevertsWhen_TheBucketsTogetherDoNotFit() external {
        uint256 half = 1 << 103;
        _arrive(half);
        reserve.attest(1e6);
        token.mint(address(reserve), half);
        // On the next day what is fresh has room for it again: the sum alone has not.
        _toDay(11);
        vm.expectRevert(abi.encodeWithSelector(bytes4(keccak256("Panic(uint256)")), 0x11));
        reserve.intake();
        assertEq(reserve.unusedWei(), half - 1e18, "nothing booked");
    }

    /// @dev Tokens missing (they cannot be, for MOR) read as nothing arrived, never as a debt.
    function test_Unbooked_IsNeverBelowZero() external {
        reserve.book(5);
        assertEq(reserve.unbookedWei(), 0, "unbooked");
        assertEq(reserve.intake(), 0, "booked");
    }

    // ---- Credits ----

    function testFuzz_Attest_ExactlyTheAllowance(uint96 pool, uint96 arrival) external {
        _arrive(pool);
        _toDay(11);
        _arrive(arrival);
        uint256 allowance = reserve.allowanceWei();
        uint64 fits = uint64(allowance / 1e12);
        uint256 over = (uint256(fits) + 1) * 1e12;
        vm.expectRevert(abi.encodeWithSelector(IReserveBooks.ReserveAllowanceExceeded.selector, over, allowance));
        reserve.attest(fits + 1);
        reserve.attest(fits);
        assertEq(reserve.allowanceWei(), allowance % 1e12, "the dust stays");
        assertEq(reserve.owedWei(), uint256(fits) * 1e12, "owed");
        assertEq(reserve.attestedUMor(), fits, "attested");
    }

    function test_Attest_BooksOnlyWhenTheBooksDoNotSuffice() external {
        _arrive(100e18);
        token.mint(address(reserve), 50e18);
        reserve.attest(100e6);
        assertEq(reserve.unbookedWei(), 50e18, "the books sufficed");
        reserve.attest(1);
        assertEq(reserve.unbookedWei(), 0, "booked");
        assertEq(reserve.owedWei(), 100e18 + 1e12, "owed");
    }

    // ---- Payment ----

    function test_Pay_AnswersOfAToken() external {
        _arrive(100e18);
        reserve.attest(100e6);
        _assertPaid(AnsweringToken.Answer.True, true);
        _assertPaid(AnsweringToken.Answer.Nothing, true);
        _assertPaid(AnsweringToken.Answer.Long, true);
        _assertPaid(AnsweringToken.Answer.False, false);
        _assertPaid(AnsweringToken.Answer.Two, false);
        _assertPaid(AnsweringToken.Answer.Short, false);
        _assertPaid(AnsweringToken.Answer.Revert, false);
        _assertPaid(AnsweringToken.Answer.RevertLong, false);
    }

    /// @dev A token that vanished answers every call with nothing: not a payment.
    function test_Pay_FalseWhenTheTokenHasNoCode() external {
        _arrive(1e18);
        reserve.attest(1e6);
        vm.etch(address(token), "");
        assertFalse(reserve.claim(PAYEE, 1e18), "paid by nobody");
        assertEq(reserve.owedWei(), 1e18, "stays owed");
    }

    function _assertPaid(AnsweringToken.Answer answer, bool paid) private {
        token.setAnswer(answer);
        uint256 owed = reserve.owedWei();
        uint256 before = token.balanceOf(PAYEE);
        assertEq(reserve.claim(PAYEE, 1e18), paid, "paid");
        uint256 moved = paid ? 1e18 : 0;
        assertEq(token.balanceOf(PAYEE) - before, moved, "received");
        assertEq(owed - reserve.owedWei(), moved, "left the owed bucket");
        assertEq(reserve.heldWei(), reserve.accountedWei(), "held = accounted");
    }
}
