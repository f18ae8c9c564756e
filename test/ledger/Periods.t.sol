// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PeriodLedgerHarness} from "../mocks/PeriodLedgerHarness.sol";
import {Test} from "../utils/Test.sol";

/// @notice The last standing attestation of a period, against a model that keeps every record.
contract PeriodsTest is Test {
    uint256 private constant LENGTH = 1_000;
    uint256 private constant SEASONS = 5;

    PeriodLedgerHarness private _ledger;
    uint256 private _start;
    uint256 private _end;
    /// @dev What the model keeps: every attestation ever appended.
    uint256[] private _activeAts;
    bool[] private _vetoed;

    function _deploy(uint256 delay, uint256 cut) private {
        _start = vm.getBlockTimestamp() + 500;
        _end = _start + SEASONS * LENGTH - cut;
        _ledger = _newLedger(delay, _start, _end, LENGTH);
        // Attestation 0, the empty ledger.
        _activeAts.push(0);
        _vetoed.push(false);
    }

    function _newLedger(
        uint256 delay,
        uint256 startAt,
        uint256 endAt,
        uint256 length
    ) private returns (PeriodLedgerHarness) {
        bytes memory arguments = abi.encode(delay, startAt, endAt, length);
        return PeriodLedgerHarness(deployCode("PeriodLedgerHarness.sol:PeriodLedgerHarness", arguments));
    }

    /// @dev End of a period by its definition: the window's start, then the ends of the seasons.
    function _endOf(uint256 period) private view returns (uint256) {
        uint256 endAt = _start + period * LENGTH;
        return endAt < _end ? endAt : _end;
    }

    function _append() private {
        _ledger.append();
        _activeAts.push(vm.getBlockTimestamp() + _ledger.ACTIVATION_DELAY());
        _vetoed.push(false);
    }

    /// @dev Drops `which` pending ones at the end.
    function _veto(uint256 which) private {
        uint256 from = 0;
        for (uint256 seq = _activeAts.length - 1; seq > 0 && which > 0; --seq) {
            if (_vetoed[seq]) continue;
            if (_activeAts[seq] <= vm.getBlockTimestamp()) break;
            (from, which) = (seq, which - 1);
        }
        if (from == 0) return;
        _ledger.drop(from);
        for (uint256 seq = from; seq < _vetoed.length; ++seq) _vetoed[seq] = true;
    }

    /// @dev The greatest standing seq that is active by `moment`.
    function _modelAt(uint256 moment) private view returns (uint256 last) {
        for (uint256 seq = 1; seq < _activeAts.length; ++seq) {
            if (!_vetoed[seq] && _activeAts[seq] <= moment) last = seq;
        }
    }

    function _assertPeriods(string memory what) private view {
        for (uint256 period = 0; period <= SEASONS; ++period) {
            (uint64 seq, bytes32 root) = _ledger.standingAt(period);
            assertEq(seq, _modelAt(_endOf(period)), what);
            assertEq(root, _ledger.rootOf(seq), "its root");
            assertNotEq(root, bytes32(0), "a vetoed root");
        }
        (uint64 head, ) = _ledger.standingAt(SEASONS + 1);
        assertEq(head, _ledger.headSeq(), "the last period ends with the head");
    }

    /// @dev At every moment, for periods past and to come, under any mixture of attestations, vetoes and waiting.
    function testFuzz_StandingAt_IsWhatTheModelFinds(uint256 seed, uint256 delay, uint256 cut) external {
        _deploy(bound(delay, 1, 2 * LENGTH), bound(cut, 0, LENGTH - 1));
        for (uint256 i = 0; i < 80; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 step = seed % 8;
            if (step < 4) _append();
            else if (step == 4) _veto(1 + ((seed >> 8) % 6));
            else if (step == 5) skip(1 + ((seed >> 8) % 30));
            else if (step == 6) skip((seed >> 8) % 400);
            else vm.warp(_nextEdge(seed >> 8));
            _assertPeriods("last standing attestation of a period");
        }
    }

    /// @dev A second around the next moment at which an attestation appended now, or now itself, changes its period.
    function _nextEdge(uint256 random) private view returns (uint256) {
        uint256 now_ = vm.getBlockTimestamp();
        for (uint256 period = 0; period <= SEASONS; ++period) {
            uint256 edge = _endOf(period) + (random % 3);
            if (random & 8 == 0) edge = edge > _ledger.ACTIVATION_DELAY() ? edge - _ledger.ACTIVATION_DELAY() : 0;
            if (edge > now_ + 1) return edge - 1;
        }
        return now_ + 1;
    }

    function testFuzz_PeriodOf_CountsTheBoundariesBefore(uint256 cut, uint256 t) external {
        _deploy(1, bound(cut, 0, LENGTH - 1));
        t = bound(t, _start - 10, _end + 3 * LENGTH);
        uint256 expected = 0;
        for (uint256 period = 0; period <= SEASONS; ++period) if (_endOf(period) < t) ++expected;
        assertEq(_ledger.periodOf(t), expected, "boundaries before");
    }

    /// @dev Active at the very end counts, a second later does not.
    function test_StandingAt_IncludesTheLastSecond() external {
        _deploy(100, 0);
        vm.warp(_start + LENGTH - 100);
        _append();
        skip(1);
        _append();
        vm.warp(_start + LENGTH);
        (uint64 seq, ) = _ledger.standingAt(1);
        assertEq(seq, 1, "active at the end of season 0");
        (seq, ) = _ledger.standingAt(2);
        assertEq(seq, 2, "active in season 1");
    }

    /// @dev More than 256 attestations lie between a veto and the head it steps back to: no record of it is left.
    function test_Drop_RestoresThePeriodOfAHeadWithoutRecord() external {
        _deploy(200, 0);
        vm.warp(_start + 1);
        _append();
        skip(300);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 k = 0; k < 100; ++k) _append();
            _veto(100);
            skip(1_000);
            _assertPeriods("after a veto");
        }
        assertEq(_ledger.headSeq(), 1, "head");
        _append();
        _assertPeriods("after the next");
        (uint64 seq, ) = _ledger.standingAt(1);
        assertEq(seq, 1, "last of season 0");
    }

    /// @dev Nothing at all was attested for seasons: the root before stands.
    function test_StandingAt_GoesBackOverEmptyPeriods() external {
        _deploy(10, 0);
        _append();
        vm.warp(_end + 50);
        _append();
        for (uint256 period = 0; period <= SEASONS; ++period) {
            (uint64 seq, ) = _ledger.standingAt(period);
            assertEq(seq, 1, "root before the window");
        }
        assertEq(_ledger.headSeq(), 2, "head behind the window");
    }

    function test_PeriodOf_WithoutAWindowIsZero() external {
        _ledger = _newLedger(1, 0, 0, 0);
        assertEq(_ledger.periodOf(type(uint40).max), 0, "no window");
    }
}
