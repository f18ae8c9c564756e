// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IComputeContract} from "./interfaces/IComputeContract.sol";
import {IEmissionSchedule} from "./interfaces/IEmissionSchedule.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {IRouterSet} from "./interfaces/IRouterSet.sol";
import {Ledger} from "./ledger/Ledger.sol";
import {PackedRange, Range, Reader} from "./ledger/PackedRange.sol";
import {Settlement} from "./ledger/Settlement.sol";
import {WordTree} from "./ledger/WordTree.sol";
import {DrawdownMath} from "./libraries/DrawdownMath.sol";
import {InferenceClock} from "./libraries/InferenceClock.sol";
import {ProviderRegistry} from "./providers/ProviderRegistry.sol";
import {Reserve} from "./reserve/Reserve.sol";
import {Attestation} from "./types/Attestation.sol";
import {Payee} from "./types/Payee.sol";
import {ProviderId} from "./types/ProviderId.sol";
import {LANES_PER_WORD} from "./types/Units.sol";

/// @title ComputeContract
/// @notice The verbs of Yellowstone Compute: emission in, credits attested, credits paid.
///
/// MECHANISM
/// @dev intake -> attest -> (activation delay) -> claim. An attestation reserves what it credits at the moment it is
/// @dev accepted, so everything owed is covered by tokens held from then on. Credits live in a tree whose root is kept here;
/// @dev the contract adds every delta itself and pays the difference between a credit and what was settled before.
///
/// TOKEN REQUIREMENTS
/// @dev See {Reserve}. A token that calls back meets a lock and books that are already settled.
///
/// LIVENESS
/// @dev A claim needs no key, no router and no schedule: an active credit stays payable for ever.
///
/// ROLES
/// @dev None here. The contract is immutable: no owner, no proxy, no pause, no sweep.
contract ComputeContract is IComputeContract, Reserve, Ledger, EIP712, ReentrancyGuardTransient {
    using PackedRange for Reader;
    using SafeCast for uint256;
    using Settlement for Settlement.Batch;
    using WordTree for Reader;

    string private constant _VERSION = "1";

    /// @inheritdoc IComputeContract
    IRouterSet public immutable ROUTERS;
    /// @inheritdoc IComputeContract
    IProviderRegistry public immutable REGISTRY;

    /// @param token MOR on this chain.
    /// @param schedule Emission of the compute bucket; its start is the zero of blocks and days.
    /// @param routers Router set whose quorum credits providers.
    /// @param activationDelay Seconds between the acceptance of an attestation and its activation.
    /// @param minBondWei Least bond of a provider, in wei.
    constructor(
        IERC20 token,
        IEmissionSchedule schedule,
        IRouterSet routers,
        uint256 activationDelay,
        uint256 minBondWei
    )
        Reserve(token, schedule)
        Ledger(activationDelay, InferenceClock.blockAt(block.timestamp, schedule.startAt()))
        EIP712("Yellowstone Compute", _VERSION)
    {
        ROUTERS = routers;
        REGISTRY = new ProviderRegistry(token, address(routers), address(schedule), minBondWei);
    }

    // ---- Emission ----

    /// @inheritdoc IComputeContract
    function intake() external nonReentrant returns (uint256 bookedWei) {
        return _intake();
    }

    // ---- Attestation ----

    /// @inheritdoc IComputeContract
    function attest(
        Attestation calldata attestation,
        bytes calldata deltas,
        bytes calldata witness,
        bytes calldata quorum
    ) external nonReentrant {
        Head memory head = _head;
        _validateHead(attestation, head);
        _validateUpdate(attestation, head, deltas, witness);
        ROUTERS.requireQuorum(hashAttestation(attestation), attestation.routerSet, quorum);

        uint64 attestedBefore = attestedUMor;
        _rollAndReserve(attestation.credited);
        uint256 activeAt = _append(head, attestation.newRoot, attestation.lastBlock, attestedBefore);
        emit Attested(
            attestation.seq,
            attestation.newRoot,
            attestation.credited,
            attestedBefore + attestation.credited,
            attestation.debitsHash,
            attestation.firstBlock,
            attestation.lastBlock,
            attestation.reportsRoot,
            activeAt,
            deltas
        );
    }

    /// @dev The message continues the head and closes complete blocks only.
    function _validateHead(Attestation calldata a, Head memory head) private view {
        require(block.timestamp <= a.deadline, AttestationExpired(a.deadline, block.timestamp));
        require(a.seq == head.lastSeq + 1, AttestationSeqInvalid(a.seq, head.lastSeq + 1));
        bytes32 root = rootOf(head.headSeq);
        require(a.previousRoot == root, AttestationRootStale(a.previousRoot, root));
        require(a.firstBlock == head.nextBlock, AttestationBlockGap(a.firstBlock, head.nextBlock));
        uint64 openBlock = InferenceClock.blockAt(block.timestamp, EMISSION_START);
        require(a.lastBlock < openBlock, AttestationBlockIncomplete(a.lastBlock, openBlock));
        // Below openBlock, so adding 1 cannot overflow.
        require(a.lastBlock + 1 >= a.firstBlock, AttestationBlockOrder(a.firstBlock, a.lastBlock));
        require(a.debitsHash == 0, AttestationDebitsUnsupported(a.debitsHash));
        require(a.credited != 0, AttestationEmpty());
    }

    /// @dev The deltas lead from the head's root to the signed root, sum to the signed credit and credit registered
    /// providers only; notes in `head` how many these are, if it had to ask.
    function _validateUpdate(
        Attestation calldata a,
        Head memory head,
        bytes calldata deltas,
        bytes calldata witness
    ) private view {
        (bytes32 newRoot, uint256 creditedUMor, uint256 endId) = WordTree.applyUpdate(a.previousRoot, deltas, witness);
        require(creditedUMor == a.credited, AttestationSumMismatch(a.credited, creditedUMor));
        require(newRoot == a.newRoot, AttestationRootMismatch(a.newRoot, newRoot));
        if (endId > head.knownProviders) head.knownProviders = REGISTRY.providerCount().toUint64();
        require(endId <= head.knownProviders, LedgerProviderUnregistered(endId, head.knownProviders));
    }

    /// @inheritdoc IComputeContract
    function hashAttestation(Attestation calldata attestation) public view returns (bytes32) {
        return _hashTypedDataV4(attestation.hashStruct());
    }

    // ---- Claim ----

    /// @inheritdoc IComputeContract
    function claim(uint64 seq, bytes calldata ranges) external nonReentrant returns (uint256 paidWei) {
        Settlement.Batch memory batch = _settleRanges(_activeRoot(seq), ranges);
        require(batch.sumUMor != 0, ClaimNothingDue(seq));
        uint64 sumUMor = batch.sumUMor.toUint64();
        _settle(DrawdownMath.toWei(sumUMor));
        uint64 paidUMor = sumUMor - _payMultiple(batch);
        emit Claimed(seq, paidUMor, batch.paid);
        return DrawdownMath.toWei(paidUMor);
    }

    /// @dev Proves the ranges and marks every due lane as settled; what is due stands in the batch.
    function _settleRanges(bytes32 root, bytes calldata ranges) private returns (Settlement.Batch memory batch) {
        Reader memory reader = PackedRange.readerOf(ranges);
        while (!reader.isEmpty()) {
            (Range memory range, uint256 lanes, uint256 words) = reader.takeProvenRange(root);
            Payee[] memory payees = REGISTRY.payeesOf(range.firstWord, range.count, lanes);
            batch.reserve(payees.length);
            for (uint256 i = 0; i < range.count; ++i) {
                uint256 word = range.firstWord + i;
                uint256 before = settledWord(word);
                uint256 settled = batch.collect(Settlement.wordAt(words, i), before, lanes, word, payees, i);
                if (settled != before) _setSettledWord(word, settled);
            }
        }
    }

    /// @dev Pays everything in the batch. A payment that fails is put back: it stays owed, and its lane unsettled.
    function _payMultiple(Settlement.Batch memory batch) private returns (uint64 failedUMor) {
        batch.openPaid();
        uint256 count = batch.count();
        for (uint256 i = 0; i < count; ++i) {
            (uint256 id, address payout, uint64 amountUMor) = batch.paymentAt(i);
            if (_pay(payout, DrawdownMath.toWei(amountUMor))) {
                batch.keep(id, amountUMor);
            } else {
                failedUMor += amountUMor;
                uint256 word = id / LANES_PER_WORD;
                _setSettledWord(word, Settlement.less(settledWord(word), id % LANES_PER_WORD, amountUMor));
                // Provider ids are below 2^22.
                emit PaymentFailed(ProviderId.wrap(uint32(id)), payout, amountUMor);
            }
        }
        if (failedUMor != 0) _unsettle(DrawdownMath.toWei(failedUMor));
    }

    // ---- Views ----

    /// @inheritdoc IComputeContract
    function version() external pure returns (string memory) {
        return _VERSION;
    }
}
