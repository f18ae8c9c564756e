// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {ReserveFixture} from "./ReserveFixture.sol";

/// @notice The worked numbers of the guard, vetoes, debts and awards.
contract ReserveBooksTest is ReserveFixture {
    // ---- The guard's worked numbers ----

    function test_Guard_OnePercentOfAPoolWithoutEmission() external {
        _deploy(0);
        _arrive(100_000e18);
        uint256[3] memory poolAfter = [uint256(99_000e18), 98_010e18, 97_029.9e18];
        for (uint256 i = 0; i < 3; ++i) {
            _toDay(FIRST_DAY + 1 + i);
            reserve.intake();
            reserve.attest(uint64(reserve.allowanceWei() / 1e12));
            assertEq(reserve.unusedWei(), poolAfter[i], "pool after the day");
        }
    }

    function test_Guard_TenThousandToCreditUnderRealEmission() external {
        _deploy(3456e18);
        _arrive(100_000e18);
        // Arrivals of the first day are its own; the worked numbers begin with a pool and nothing fresh.
        _toDay(FIRST_DAY + 100);
        _drainFresh();
        uint256[3] memory credited = [uint256(4456e18), 4446e18, 1098e18];
        uint256 backlog = 10_000e18;
        for (uint256 i = 0; i < 3; ++i) {
            _toDay(FIRST_DAY + 200 + i);
            reserve.intake();
            _arrive(3456e18);
            uint256 allowance = reserve.allowanceWei();
            uint256 credit = backlog < allowance ? backlog : allowance;
            assertEq(credit, credited[i], "credited");
            reserve.attest(uint64(credit / 1e12));
            backlog -= credit;
        }
        assertEq(reserve.unusedWei(), 100_368e18, "pool after day 3");
    }

    /// @dev Rolls on until the fresh arrivals have all been offered as room; nothing is drawn.
    function _drainFresh() private {
        for (uint32 day = FIRST_DAY + 101; reserve.freshWei() != 0; ++day) {
            _toDay(day);
            reserve.intake();
        }
    }

    /// @dev Worst case of 30 days (31 block-days) with every key stolen and no emission: 26.8 % of the pool.
    function test_Guard_ThirtyOneBlockDaysCostAtMost268PerMille() external {
        _deploy(0);
        _arrive(1_000_000e18);
        for (uint256 i = 1; i <= 31; ++i) {
            _toDay(FIRST_DAY + i);
            reserve.intake();
            reserve.attest(uint64(reserve.allowanceWei() / 1e12));
        }
        assertGe(reserve.unusedWei(), 732_000e18, "at least 73.2 % left");
        assertLe(reserve.unusedWei(), 733_000e18, "all of it drawn");
    }

    // ---- Veto ----

    function test_Release_ReturnsTodaysPartToTodaysAllowance() external {
        _deploy(0);
        _arrive(100_000e18);
        _toDay(11);
        reserve.intake();
        reserve.attest(1000e6);
        reserve.release(400e6);
        assertEq(reserve.allowanceWei(), 400e18, "allowance");
        assertEq(reserve.unusedWei(), 99_400e18, "unused");
        assertEq(reserve.owedWei(), 600e18, "owed");
    }

    /// @dev What was drawn on an earlier day comes back to the pool, not to today's room; the opening stays.
    function test_Release_OfAnEarlierDayLeavesTodaysBudget() external {
        _deploy(0);
        _arrive(100_000e18);
        _toDay(11);
        reserve.intake();
        reserve.attest(1000e6);
        _toDay(12);
        reserve.intake();
        reserve.release(1000e6);
        assertEq(reserve.unusedWei(), 100_000e18, "unused");
        assertEq(reserve.openingWei(), 99_000e18, "opening stays");
        assertEq(reserve.attestedAtOpeningUMor(), 0, "clipped");
        assertEq(reserve.allowanceWei(), 990e18, "allowance");
    }

    function testFuzz_Release_UndoesAReservation(uint96 pool, uint64 credit) external {
        _deploy(type(uint96).max);
        _arrive(pool);
        credit = uint64(bound(credit, 0, pool / 1e12));
        reserve.attest(credit);
        reserve.release(credit);
        assertEq(reserve.unusedWei(), pool, "unused");
        assertEq(reserve.owedWei(), 0, "owed");
        assertEq(reserve.drawnTodayWei(), 0, "drawn");
    }

    function test_Release_RevertsWhen_MoreThanAttested() external {
        _deploy(1e18);
        _arrive(1e18);
        reserve.attest(1);
        vm.expectRevert(abi.encodeWithSelector(IReserveBooks.ReserveAttestedExceeded.selector, uint64(2), uint64(1)));
        reserve.release(2);
    }

    /// @dev What was paid cannot be vetoed: of 10 uMOR attested, 8 paid, only 2 are owed.
    function test_Release_RevertsWhen_MoreThanOwed() external {
        _deploy(1e18);
        _arrive(1e18);
        reserve.attest(10);
        reserve.claim(address(this), 8e12);
        vm.expectRevert(
            abi.encodeWithSelector(IReserveBooks.ReserveOwedExceeded.selector, uint104(3e12), uint104(2e12))
        );
        reserve.release(3);
        reserve.release(2);
        assertEq(reserve.owedWei(), 0, "owed");
        assertEq(reserve.attestedUMor(), 8, "attested");
    }

    // ---- Debt and awards ----

    function test_Absorb_LiftsTheUnusedBoundOnly() external {
        _deploy(100e18);
        _arrive(100e18);
        reserve.attest(100e6);
        uint256 budget = reserve.budgetWei();
        reserve.absorb(40e18);
        assertEq(reserve.unusedWei(), 40e18, "unused");
        assertEq(reserve.owedWei(), 60e18, "owed");
        assertEq(reserve.budgetWei(), budget, "budget");
        assertEq(reserve.allowanceWei(), 0, "allowance");
    }

    function test_Settle_RevertsWhen_MoreThanOwed() external {
        _deploy(1e18);
        _arrive(1e18);
        reserve.attest(1);
        vm.expectRevert(abi.encodeWithSelector(IReserveBooks.ReserveOwedExceeded.selector, 1e12 + 1, 1e12));
        reserve.claim(address(this), 1e12 + 1);
    }

    function test_Award_MovesBootstrapToOwed() external {
        _deploy(0);
        reserve.setBootstrapLackWei(10e18);
        _arrive(15e18);
        reserve.award(4e18);
        assertEq(reserve.bootstrapWei(), 6e18, "bootstrap");
        assertEq(reserve.owedWei(), 4e18, "owed");
        assertEq(reserve.unusedWei(), 5e18, "unused");
        assertEq(reserve.drawnTodayWei(), 0, "the guard is not charged");
    }

    function test_Award_RevertsWhen_MoreThanBootstrap() external {
        _deploy(0);
        vm.expectRevert(abi.encodeWithSelector(IReserveBooks.ReserveBootstrapExceeded.selector, 1, 0));
        reserve.award(1);
    }
}
