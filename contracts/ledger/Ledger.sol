// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {SharedSlots} from "../types/SharedSlots.sol";
import {MAX_PENDING, TREE_DEPTH} from "../types/Units.sol";
import {WordTree} from "../libraries/WordTree.sol";

/// @title Ledger
/// @notice Keeps the root of every attestation, which of them are active, and the credits settled so far. The words
/// themselves live in calldata and events.
///
/// MECHANISM
/// @dev Roots stay for ever and lanes only grow, so a proof against any active root never goes stale.
/// @dev A record is needed only while its attestation is pending: records stand in a ring of 256 slots. An attestation
/// whose slot holds another seq is older than 256 attestations and therefore active.
///
/// PERIODS
/// @dev Later attestations become active later. So when one opens a new period, its predecessor is the last of an older one,
/// and is noted: one slot a period. A veto can leave a note of a vetoed attestation, which has no root and counts as none;
/// the next attestation to open a later period writes over it. Hence the last standing one of a period is its note, or the
/// head, or there is none.
abstract contract Ledger is ILedger, SharedSlots {
    using SafeCast for uint256;

    /// @inheritdoc ILedger
    uint256 public immutable ACTIVATION_DELAY;

    mapping(uint256 seq => bytes32 root) private _roots;
    Record[MAX_PENDING] private _records;
    uint256[1 << TREE_DEPTH] private _settled;
    mapping(uint256 seq => DebitRecord debits) private _debits;
    /// @dev Written when an attestation opens a later period than its predecessor's; stale once that seq is vetoed.
    mapping(uint256 period => uint64 seq) private _lastSeqs;
    /// @dev The head, as long as `_steppedBack`; stale otherwise.
    uint40 private _olderHeadSeq;

    /// @param activationDelay Seconds from acceptance to activation, 1 second to 30 days.
    /// @param firstBlock First inference block that can be closed.
    constructor(uint256 activationDelay, uint256 firstBlock) {
        require(activationDelay != 0 && activationDelay <= 30 days, LedgerActivationDelayInvalid(activationDelay));
        ACTIVATION_DELAY = activationDelay;
        _nextBlock = firstBlock.toUint40();
        _roots[0] = WordTree.EMPTY_ROOT;
    }

    // ---- Attestations ----

    /// @dev Appends an attestation to the head: pending for the activation delay.
    function _append(
        bytes32 newRoot,
        uint64 lastBlock,
        uint64 attestedBeforeUMor,
        bool hasDebits
    ) internal returns (uint256 activeAt) {
        uint40 seq = _lastSeq + 1;
        _requireFree(seq);
        activeAt = block.timestamp + ACTIVATION_DELAY;
        uint24 period = _periodOf(activeAt);
        uint24 previousPeriod = _headPeriod;
        uint40 previousSeq = _headSeq();
        if (period > previousPeriod) {
            // The last of its period: whatever comes later becomes active later.
            _lastSeqs[previousPeriod] = previousSeq;
            _headPeriod = period;
        }
        _roots[seq] = newRoot;
        uint40 activeAt40 = activeAt.toUint40();
        uint40 firstBlock = _nextBlock;
        uint40 nextBlock_ = (uint256(lastBlock) + 1).toUint40();
        // Field by field: the compiler makes one write of it, here and below.
        Record storage record = _records[seq % MAX_PENDING];
        record.seq = seq;
        record.previousSeq = previousSeq;
        record.firstBlock = firstBlock;
        record.activeAt = activeAt40;
        record.attestedBeforeUMor = attestedBeforeUMor;
        record.hasDebits = hasDebits;
        record.previousPeriod = previousPeriod;
        _lastSeq = seq;
        _nextBlock = nextBlock_;
        _steppedBack = false;
    }

    /// @dev The period `activeAt` lies in; never falls as `activeAt` grows.
    function _periodOf(uint256 activeAt) internal view virtual returns (uint24);

    /// @dev The record in the ring where `seq` goes must not be that of a pending attestation.
    function _requireFree(uint256 seq) private view {
        Record storage record = _records[seq % MAX_PENDING];
        uint256 freeAt = record.activeAt;
        if (freeAt <= block.timestamp) return;
        // A vetoed attestation has no root: its place is free before its time.
        require(_roots[record.seq] == 0, LedgerTooManyPending(seq, record.seq, freeAt));
    }

    /// @dev Drops the pending attestation `fromSeq` and all after it: the head steps back to the standing one before it.
    /// `lastSeq` stays, so no dropped message can be posted again. At most 256 are dropped.
    /// @param today The open block-day.
    /// @return attestedBeforeUMor Lifetime credits of the new head.
    /// @return debitsTodayUMor Debits dropped that took room of `today`.
    function _drop(uint256 fromSeq, uint32 today) internal returns (uint64 attestedBeforeUMor, uint64 debitsTodayUMor) {
        require(fromSeq != 0 && _roots[fromSeq] != 0, LedgerAttestationUnknown(fromSeq));
        uint256 activeAt = activeAtOf(fromSeq);
        require(activeAt > block.timestamp, LedgerAttestationActive(fromSeq, activeAt));
        Record memory record;
        for (uint256 seq = _headSeq(); ; seq = record.previousSeq) {
            record = _records[seq % MAX_PENDING];
            delete _roots[seq];
            if (record.hasDebits) debitsTodayUMor += _dropDebits(seq, today);
            if (seq == fromSeq) break;
        }
        _olderHeadSeq = record.previousSeq;
        _steppedBack = true;
        _nextBlock = record.firstBlock;
        _headPeriod = record.previousPeriod;
        attestedBeforeUMor = record.attestedBeforeUMor;
    }

    /// @dev The last standing attestation.
    function _headSeq() internal view returns (uint40) {
        return _steppedBack ? _olderHeadSeq : _lastSeq;
    }

    // ---- Debits ----

    /// @dev Keeps the hash of the debits of the attestation that was just appended.
    function _recordDebits(uint256 seq, bytes32 hash, uint64 sumUMor, uint32 day) internal {
        _debits[seq] = DebitRecord({hash: hash, sumUMor: sumUMor, day: day});
    }

    /// @dev Takes the debits of an active attestation for booking, once.
    function _takeDebits(uint256 seq, bytes32 hash) internal {
        _activeRoot(seq);
        bytes32 recorded = _debits[seq].hash;
        require(hash != 0 && hash == recorded, LedgerDebitsUnknown(seq, hash, recorded));
        delete _debits[seq];
    }

    function _dropDebits(uint256 seq, uint32 today) private returns (uint64 sumTodayUMor) {
        if (_debits[seq].day == today) sumTodayUMor = _debits[seq].sumUMor;
        delete _debits[seq];
    }

    /// @dev Root of an active attestation.
    /// Notes that it is: whatever stands before an active attestation is active too.
    function _activeRoot(uint256 seq) internal returns (bytes32 root) {
        root = _roots[seq];
        require(root != 0, LedgerAttestationUnknown(seq));
        if (seq <= _seenActiveSeq) return root;
        uint256 activeAt = activeAtOf(seq);
        require(activeAt <= block.timestamp, LedgerAttestationPending(seq, activeAt));
        _seenActiveSeq = seq.toUint40();
    }

    // ---- Settlement ----

    function _setSettledWord(uint256 word, uint256 lanes) internal {
        _settled[word] = lanes;
    }

    // ---- Views ----

    /// @inheritdoc ILedger
    function rootOf(uint256 seq) public view returns (bytes32) {
        return _roots[seq];
    }

    /// @inheritdoc ILedger
    function headRoot() external view returns (bytes32) {
        return _roots[_headSeq()];
    }

    /// @inheritdoc ILedger
    function lastSeq() external view returns (uint64) {
        return _lastSeq;
    }

    /// @inheritdoc ILedger
    function headSeq() external view returns (uint64) {
        return _headSeq();
    }

    /// @inheritdoc ILedger
    function nextBlock() external view returns (uint64) {
        return _nextBlock;
    }

    /// @inheritdoc ILedger
    function recordOf(uint256 seq) external view returns (Record memory) {
        return _records[seq % MAX_PENDING];
    }

    /// @inheritdoc ILedger
    function activeAtOf(uint256 seq) public view returns (uint256) {
        Record storage record = _records[seq % MAX_PENDING];
        return record.seq == seq ? record.activeAt : 0;
    }

    /// @inheritdoc ILedger
    function standingAt(uint256 period) external view returns (uint64 seq, bytes32 root) {
        for (; ; --period) {
            seq = _lastSeqs[period];
            // A vetoed attestation has no root: its note is none.
            if (seq != 0) root = _roots[seq];
            if (root != 0) return (seq, root);
            if (_headPeriod <= period) return (_headSeq(), _roots[_headSeq()]);
            if (period == 0) return (0, _roots[0]);
        }
    }

    /// @inheritdoc ILedger
    function debitsOf(uint256 seq) external view returns (DebitRecord memory) {
        return _debits[seq];
    }

    /// @inheritdoc ILedger
    function settledWord(uint256 word) public view returns (uint256) {
        return _settled[word];
    }
}
