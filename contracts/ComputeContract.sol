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
        _validateHead(attestation);
        _validateUpdate(attestation, deltas, witness);
        ROUTERS.requireQuorum(hashAttestation(attestation), quorum);

        uint64 attestedBefore = attestedUMor;
        _rollAndReserve(attestation.credited);
        uint256 activeAt = _append(attestation.newRoot, attestation.lastBlock, attestedBefore);
        emit Attested(
            attestation.seq,
            attestation.newRoot,
            attestation.credited,
            attestedUMor,
            attestation.debitsHash,
            attestation.firstBlock,
            attestation.lastBlock,
            attestation.reportsRoot,
            activeAt,
            deltas
        );
    }

    /// @dev The message continues the head, closes complete blocks only and is signed for the routers in force.
    function _validateHead(Attestation calldata a) private view {
        require(block.timestamp <= a.deadline, AttestationExpired(a.deadline, block.timestamp));
        require(a.seq == lastSeq + 1, AttestationSeqInvalid(a.seq, lastSeq + 1));
        require(a.previousRoot == headRoot(), AttestationRootStale(a.previousRoot, headRoot()));
        require(a.firstBlock == nextBlock, AttestationBlockGap(a.firstBlock, nextBlock));
        // lastBlock + 1 in 256 bits cannot overflow.
        require(uint256(a.lastBlock) + 1 >= a.firstBlock, AttestationBlockOrder(a.firstBlock, a.lastBlock));
        uint64 openBlock = InferenceClock.blockAt(block.timestamp, EMISSION_START);
        require(a.lastBlock < openBlock, AttestationBlockIncomplete(a.lastBlock, openBlock));
        bytes32 routerSet = ROUTERS.digest();
        require(a.routerSet == routerSet, AttestationRouterSetStale(a.routerSet, routerSet));
        require(a.debitsHash == 0, AttestationDebitsUnsupported(a.debitsHash));
        require(a.credited != 0, AttestationEmpty());
    }

    /// @dev The deltas lead from the head's root to the signed root and sum to the signed credit.
    function _validateUpdate(Attestation calldata a, bytes calldata deltas, bytes calldata witness) private view {
        (bytes32 newRoot, uint256 creditedUMor) = WordTree.applyUpdate(
            a.previousRoot,
            deltas,
            witness,
            REGISTRY.providerCount()
        );
        require(creditedUMor == a.credited, AttestationSumMismatch(a.credited, creditedUMor));
        require(newRoot == a.newRoot, AttestationRootMismatch(a.newRoot, newRoot));
    }

    /// @inheritdoc IComputeContract
    function hashAttestation(Attestation calldata attestation) public view returns (bytes32) {
        return _hashTypedDataV4(attestation.hashStruct());
    }

    // ---- Claim ----

    /// @inheritdoc IComputeContract
    function claim(uint64 seq, bytes calldata ranges) external nonReentrant returns (uint256 paidWei) {
        Settlement.Batch memory batch = _settleRanges(_activeRoot(seq), ranges);
        require(batch.count != 0, ClaimNothingDue(seq));
        _settle(DrawdownMath.toWei(batch.sumUMor));
        uint64 paidUMor = _payMultiple(batch);
        emit Claimed(seq, paidUMor, batch.payments());
        return DrawdownMath.toWei(paidUMor);
    }

    /// @dev Proves the ranges and marks every due lane as settled; what is due stands in the batch.
    function _settleRanges(bytes32 root, bytes calldata ranges) private returns (Settlement.Batch memory batch) {
        Reader memory reader = PackedRange.readerOf(ranges);
        while (!reader.isEmpty()) {
            (Range memory range, uint256 lanes, uint256 words) = reader.takeProvenRange(root);
            uint256 firstId = range.firstWord * LANES_PER_WORD;
            Payee[] memory payees = REGISTRY.payeesOf(firstId, range.count * LANES_PER_WORD);
            batch.reserve(payees.length);
            for (uint256 i = 0; i < range.count; ++i) {
                uint256 word = range.firstWord + i;
                uint256 settled = settledWord(word);
                uint256 after_ = batch.collect(Settlement.wordAt(words, i), settled, lanes, word, payees, i);
                if (after_ != settled) _setSettledWord(word, after_);
            }
        }
    }

    /// @dev Pays everything in the batch; a payment that fails is put back and taken out of the batch.
    function _payMultiple(Settlement.Batch memory batch) private returns (uint64 paidUMor) {
        uint64 failedUMor = 0;
        for (uint256 i = 0; i < batch.count; ++i) {
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
        return batch.sumUMor - failedUMor;
    }

    // ---- Views ----

    /// @inheritdoc IComputeContract
    function version() external pure returns (string memory) {
        return _VERSION;
    }
}
