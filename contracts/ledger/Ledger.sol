// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {MAX_PENDING, TREE_DEPTH} from "../types/Units.sol";
import {WordTree} from "./WordTree.sol";

/// @title Ledger
/// @notice Keeps the root of every attestation, which of them are active, and the credits settled so far. The words
/// themselves live in calldata and events.
///
/// MECHANISM
/// @dev Roots stay for ever and lanes only grow, so a proof against any active root never goes stale.
/// @dev A record is needed only while its attestation is pending: records stand in a ring of 256 slots. An attestation
/// whose slot holds another seq is older than 256 attestations and therefore active.
abstract contract Ledger is ILedger {
    using SafeCast for uint256;

    /// @inheritdoc ILedger
    uint256 public immutable ACTIVATION_DELAY;

    /// @dev One slot: what the next attestation continues. `knownProviders` is the number of registered providers when it
    /// was last asked for, so that most attestations need not ask.
    struct Head {
        uint64 lastSeq;
        uint64 headSeq;
        uint64 nextBlock;
        uint64 knownProviders;
    }

    Head internal _head;
    mapping(uint256 seq => bytes32 root) private _roots;
    Record[MAX_PENDING] private _records;
    uint256[1 << TREE_DEPTH] private _settled;

    /// @param activationDelay Seconds from acceptance to activation, 1 second to 30 days.
    /// @param firstBlock First inference block that can be closed.
    constructor(uint256 activationDelay, uint256 firstBlock) {
        require(activationDelay != 0 && activationDelay <= 30 days, LedgerActivationDelayInvalid(activationDelay));
        ACTIVATION_DELAY = activationDelay;
        _head.nextBlock = firstBlock.toUint64();
        _roots[0] = WordTree.EMPTY_ROOT;
    }

    // ---- Attestations ----

    /// @dev Appends an attestation to `head`: pending for the activation delay.
    function _append(
        Head memory head,
        bytes32 newRoot,
        uint64 lastBlock,
        uint64 attestedBeforeUMor
    ) internal returns (uint256 activeAt) {
        uint64 seq = head.lastSeq + 1;
        Record storage record = _records[seq % MAX_PENDING];
        uint256 freeAt = record.activeAt;
        require(freeAt <= block.timestamp, LedgerTooManyPending(seq, record.seq, freeAt));
        activeAt = block.timestamp + ACTIVATION_DELAY;
        _records[seq % MAX_PENDING] = Record({
            seq: uint256(seq).toUint48(),
            previousSeq: uint256(head.headSeq).toUint48(),
            attestedBeforeUMor: attestedBeforeUMor,
            firstBlock: uint256(head.nextBlock).toUint48(),
            activeAt: activeAt.toUint48()
        });
        _roots[seq] = newRoot;
        _head = Head({lastSeq: seq, headSeq: seq, nextBlock: lastBlock + 1, knownProviders: head.knownProviders});
    }

    /// @dev Root of an active attestation.
    function _activeRoot(uint256 seq) internal view returns (bytes32 root) {
        root = _roots[seq];
        require(root != 0, LedgerAttestationUnknown(seq));
        uint256 activeAt = activeAtOf(seq);
        require(activeAt <= block.timestamp, LedgerAttestationPending(seq, activeAt));
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
        return _roots[_head.headSeq];
    }

    /// @inheritdoc ILedger
    function lastSeq() external view returns (uint64) {
        return _head.lastSeq;
    }

    /// @inheritdoc ILedger
    function headSeq() external view returns (uint64) {
        return _head.headSeq;
    }

    /// @inheritdoc ILedger
    function nextBlock() external view returns (uint64) {
        return _head.nextBlock;
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
    function settledWord(uint256 word) public view returns (uint256) {
        return _settled[word];
    }
}
