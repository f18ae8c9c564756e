// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LinearDecreaseSchedule} from "../../contracts/emission/LinearDecreaseSchedule.sol";
import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {WordTree} from "../../contracts/libraries/WordTree.sol";
import {ComputeLens} from "../../contracts/periphery/ComputeLens.sol";
import {BootstrapFixture} from "../utils/BootstrapFixture.sol";
import {ComputeFixture} from "../utils/ComputeFixture.sol";

/// @notice The lens says what the verbs then do.
contract ComputeLensTest is ComputeFixture {
    ComputeLens private _lens;

    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
        _lens = ComputeLens(deployCode("ComputeLens.sol:ComputeLens", ""));
    }

    // ---- Pool ----

    /// @dev Whatever happened before, the lens tells the books as `intake` leaves them.
    function testFuzz_PoolState_IsThePoolAfterAnIntake(
        uint256 credit,
        uint256 arrivedWei,
        uint256 wait,
        uint256 later
    ) external {
        _credit(_only(1, uint64(bound(credit, 1, 1000e6)), 10));
        token.mint(address(compute), bound(arrivedWei, 0, 20_000e18));
        skip(bound(wait, 0, 2 days));
        compute.intake();
        token.mint(address(compute), bound(later, 0, 20_000e18));
        skip(bound(wait, 0, 3 days));

        ComputeLens.PoolState memory state = _lens.poolState(compute);
        assertEq(state.unbookedWei, compute.intake(), "unbooked");
        assertEq(state.day, compute.day(), "day");
        assertEq(state.heldWei, compute.heldWei(), "held");
        assertEq(state.unusedWei, compute.unusedWei(), "unused");
        assertEq(state.owedWei, compute.owedWei(), "owed");
        assertEq(state.bootstrapWei, compute.bootstrapWei(), "bootstrap");
        assertEq(state.freshWei, compute.freshWei(), "fresh");
        assertEq(state.openingWei, compute.openingWei(), "opening");
        assertEq(state.scheduledWei, compute.scheduledTodayWei(), "scheduled");
        assertEq(state.drawnWei, compute.drawnTodayWei(), "drawn");
        assertEq(state.budgetWei, compute.budgetWei(), "budget");
        assertEq(state.allowanceWei, compute.allowanceWei(), "allowance");
    }

    /// @dev Each day has its own emission where that falls.
    function test_PoolState_OfADayWithLessEmission() external {
        bytes memory falling = abi.encode(DAILY_WEI, DAILY_WEI / 100, START, 1 days);
        schedule = LinearDecreaseSchedule(deployCode("LinearDecreaseSchedule.sol:LinearDecreaseSchedule", falling));
        IComputeContract other = _newCompute(DELAY);
        token.mint(address(other), 10 * DAILY_WEI);
        other.intake();
        for (uint256 day = 0; day < 3; ++day) {
            uint256 scheduledWei = other.scheduledTodayWei();
            skip(1 days);
            ComputeLens.PoolState memory state = _lens.poolState(other);
            other.intake();
            assertEq(scheduledWei - state.scheduledWei, DAILY_WEI / 100, "a hundredth less");
            assertEq(state.scheduledWei, other.scheduledTodayWei(), "scheduled");
            assertEq(state.budgetWei, other.budgetWei(), "budget");
            assertEq(state.allowanceWei, other.allowanceWei(), "allowance");
        }
    }

    /// @dev The allowance it names can be attested in full, across a day boundary and with arrivals not yet booked.
    function testFuzz_PoolState_AllowanceCanBeAttested(uint256 arrivedWei, uint256 wait) external {
        token.mint(address(compute), bound(arrivedWei, 0, 10_000e18));
        skip(bound(wait, 0, 3 days));
        uint256 allowanceWei = _lens.poolState(compute).allowanceWei;
        uint64 allowanceUMor = uint64(allowanceWei / 1e12);
        bytes4 selector = IReserveBooks.ReserveAllowanceExceeded.selector;
        uint256 aboveWei = (uint256(allowanceUMor) + 1) * 1e12;
        bytes memory reason = abi.encodeWithSelector(selector, aboveWei, allowanceWei);
        _expectAttestRevert(_build(_only(0, allowanceUMor + 1, 10)), reason);
        _credit(_only(0, allowanceUMor, 10));
        assertLt(_lens.poolState(compute).allowanceWei, 1e12, "less than 1 uMOR is left");
    }

    // ---- Head ----

    function test_HeadState_IsWhatTheNextAttestationContinues() external {
        _credit(_each(5, 10));
        skip(100);
        Post memory next = _build(_each(1, 10));
        ComputeLens.HeadState memory state = _lens.headState(compute);
        assertEq(state.timestamp, vm.getBlockTimestamp(), "timestamp");
        assertEq(state.lastSeq + 1, next.message.seq, "next seq");
        assertEq(state.headSeq, 1, "head seq");
        assertEq(state.activeSeq, 0, "active seq");
        assertEq(state.headRoot, next.message.previousRoot, "head root");
        assertEq(state.nextBlock, next.message.firstBlock, "next block");
        assertEq(state.openBlock, next.message.lastBlock + 1, "open block");
        assertEq(state.routerSet, next.message.routerSet, "router set");
        assertEq(state.threshold, 2, "threshold");
        assertEq(state.providerCount, 10, "providers");
        assertEq(state.attestedUMor, 50, "attested");
        _attest(next);
        _activate();
        assertEq(_lens.headState(compute).activeSeq, 2, "active seq once it is active");
    }

    function test_ActiveSeqOf_IsTheNewestActive() external {
        uint256 first = vm.getBlockTimestamp();
        for (uint64 i = 0; i < 4; ++i) {
            _credit(_each(1, 10));
            skip(12);
        }
        for (uint64 i = 0; i < 4; ++i) {
            vm.warp(first + DELAY + 12 * i - 1);
            assertEq(_lens.activeSeqOf(compute), i, "a second before");
            vm.warp(first + DELAY + 12 * i);
            assertEq(_lens.activeSeqOf(compute), i + 1, "active now");
        }
    }

    /// @dev With all 256 records pending it still ends.
    function test_ActiveSeqOf_BehindAFullRing() external {
        for (uint256 i = 0; i < 256; ++i) _credit(_each(1, 1));
        assertEq(_lens.activeSeqOf(compute), 0, "none is active");
        _activate();
        assertEq(_lens.activeSeqOf(compute), 256, "all are");
        _credit(_each(1, 1));
        assertEq(_lens.activeSeqOf(compute), 256, "all but the newest");
    }

    // ---- Claims ----

    /// hardhat-config: fuzz.runs = 100
    function testFuzz_ClaimableOf_IsWhatTheClaimPays(bytes32 seed, uint256 first) external {
        uint64[] memory deltas = new uint64[](10);
        for (uint256 i = 0; i < 10; ++i) deltas[i] = uint64(uint256(keccak256(abi.encode(seed, i))) % 4) * 1e6;
        deltas[0] += 1;
        _credit(deltas);
        _credit(_each(3, 10));
        _activate();
        try compute.claim(1, _claimOfOne(1, bound(first, 0, 9))) {} catch {}

        bytes memory ranges = _claimOf(2);
        ComputeLens.Claimable[] memory due = _lens.claimableOf(compute, 2, ranges);
        uint256[] memory before = new uint256[](due.length);
        uint256 sumWei = 0;
        for (uint256 i = 0; i < due.length; ++i) {
            before[i] = token.balanceOf(due[i].payout);
            sumWei += uint256(due[i].amountUMor) * 1e12;
        }
        assertEq(compute.claim(2, ranges), sumWei, "paid");
        for (uint256 i = 0; i < due.length; ++i) {
            assertEq(due[i].payout, _payoutOf(due[i].providerId), "payout");
            uint256 paidWei = token.balanceOf(due[i].payout) - before[i];
            assertEq(paidWei, uint256(due[i].amountUMor) * 1e12, "paid to one");
        }
        assertEq(_lens.claimableOf(compute, 2, ranges).length, 0, "nothing is left");
    }

    /// @dev It looks ahead: what is pending can be asked for too.
    function test_ClaimableOf_APendingAttestation() external {
        uint64 seq = _credit(_each(5, 10));
        assertEq(_lens.claimableOf(compute, seq, _claimOf(seq)).length, 10, "providers due");
    }

    function test_ClaimableOf_RevertsWhen_TheClaimWould() external {
        _credit(_each(5, 10));
        _credit(_each(5, 10));
        bytes memory ranges = _claimOf(2);
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, 3));
        _lens.claimableOf(compute, 3, ranges);
        bytes4 selector = WordTree.LedgerRootMismatch.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, compute.rootOf(2), compute.rootOf(1)));
        _lens.claimableOf(compute, 1, ranges);
    }
}

/// @notice The lens while arrivals are shared with the bootstrap pool, and once that is wound up.
contract ComputeLensBootstrapTest is BootstrapFixture {
    ComputeLens private _lens;

    function setUp() external {
        _deployPool(1);
        _lens = ComputeLens(deployCode("ComputeLens.sol:ComputeLens", ""));
    }

    function _assertForeseen(string memory when) private {
        ComputeLens.PoolState memory state = _lens.poolState(compute);
        assertEq(state.unbookedWei, compute.intake(), when);
        assertEq(state.bootstrapWei, compute.bootstrapWei(), when);
        assertEq(state.unusedWei, compute.unusedWei(), when);
        assertEq(state.freshWei, compute.freshWei(), when);
        assertEq(state.allowanceWei, compute.allowanceWei(), when);
    }

    function testFuzz_PoolState_SharesArrivalsAsIntakeDoes(uint256 wait, uint256 arrivedWei) external {
        vm.warp(_startOf(0) + bound(wait, 0, 5 days));
        _arrive(bound(arrivedWei, 0, 20_000e18));
        _assertForeseen("in the window");
        for (uint256 season = 0; season < SEASONS; ++season) _close(season);
        assertTrue(compute.bootstrapReleased(), "wound up");
        uint256 accruedWei = compute.bootstrapAccruedWei();
        _arrive(bound(arrivedWei, 1, 20_000e18));
        _assertForeseen("wound up");
        assertEq(compute.bootstrapAccruedWei(), accruedWei, "nothing is taken any more");
    }
}
