// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BootstrapPool} from "./bootstrap/BootstrapPool.sol";
import {IBootstrapPool} from "./interfaces/IBootstrapPool.sol";
import {IComputeContract} from "./interfaces/IComputeContract.sol";
import {IEmissionSchedule} from "./interfaces/IEmissionSchedule.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {IRouterSet} from "./interfaces/IRouterSet.sol";
import {Ledger} from "./ledger/Ledger.sol";
import {PackedDebits} from "./ledger/PackedDebits.sol";
import {PackedRange, Range, Reader} from "./libraries/PackedRange.sol";
import {Settlement} from "./ledger/Settlement.sol";
import {WordTree} from "./libraries/WordTree.sol";
import {DrawdownMath} from "./libraries/DrawdownMath.sol";
import {Memory} from "./libraries/Memory.sol";
import {InferenceClock} from "./libraries/InferenceClock.sol";
import {ProviderRegistry} from "./providers/ProviderRegistry.sol";
import {BootstrapAccrual} from "./reserve/BootstrapAccrual.sol";
import {Attestation} from "./types/Attestation.sol";
import {BootstrapWindow, periodAt} from "./types/BootstrapWindow.sol";
import {Debit} from "./types/Debit.sol";
import {Payee} from "./types/Payee.sol";
import {ProviderId} from "./types/ProviderId.sol";
import {LANES_PER_WORD, WEI_PER_UMOR} from "./types/Units.sol";

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
/// @dev Guardian: drops pending attestations and pauses new ones, once, for at most seven days. It can delay, never take:
/// @dev nothing active, no claim, no debit booking and no money is within its reach.
/// @dev Governance: allows another pause, sends on tokens other than MOR. It cannot touch MOR, credits, debts, the guard,
/// @dev the schedule, the delays or the wiring. There is no owner, no proxy and no sweep.
contract ComputeContract is
    IComputeContract,
    BootstrapAccrual,
    Ledger,
    EIP712,
    AccessManaged,
    ReentrancyGuardTransient
{
    using PackedDebits for bytes;
    using PackedRange for Reader;
    using SafeCast for uint256;
    using Settlement for Settlement.Batch;
    using WordTree for Reader;

    string private constant _VERSION = "1";
    /// @dev Longest pause of attestations.
    uint256 private constant _MAX_PAUSE = 7 days;

    /// @inheritdoc IComputeContract
    IRouterSet public immutable ROUTERS;
    /// @inheritdoc IComputeContract
    IProviderRegistry public immutable REGISTRY;
    /// @inheritdoc IComputeContract
    IBootstrapPool public immutable BOOTSTRAP;
    uint256 private immutable _SEASON_LENGTH;

    /// @dev Whether the guardian may pause.
    bool private _pauseArmed = true;

    /// @param token MOR on this chain.
    /// @param schedule Emission of the compute bucket; its start is the zero of blocks and days.
    /// @param routers Router set whose quorum credits providers.
    /// @param authority AccessManager that knows guardian and governance.
    /// @param activationDelay Seconds between the acceptance of an attestation and its activation.
    /// @param bonds Bond and delays of providers.
    /// @param window Window and seasons of the bootstrap pool; start and end 0 for none.
    constructor(
        IERC20 token,
        IEmissionSchedule schedule,
        IRouterSet routers,
        address authority,
        uint256 activationDelay,
        IProviderRegistry.Parameters memory bonds,
        BootstrapWindow memory window
    )
        BootstrapAccrual(token, schedule, window.startAt, window.endAt)
        Ledger(activationDelay, InferenceClock.blockAt(block.timestamp, schedule.startAt()))
        EIP712("Yellowstone Compute", _VERSION)
        AccessManaged(authority)
    {
        require(authority.code.length != 0, AuthorityWithoutCode(authority));
        ROUTERS = routers;
        REGISTRY = new ProviderRegistry(token, routers, address(schedule), authority, activationDelay, bonds);
        BOOTSTRAP = new BootstrapPool(window);
        _SEASON_LENGTH = window.seasonLength;
    }

    // ---- Emission ----

    /// @inheritdoc IComputeContract
    function intake() external nonReentrant returns (uint256 bookedWei) {
        return _intake();
    }

    // ---- Attestation ----

    /// @inheritdoc IComputeContract
    /// @dev Calls nobody who could write, so it needs no lock of its own: it only must not run inside a payment.
    /// @dev The message stands in memory: its ten words are checked once, and read some thirty times.
    // solhint-disable-next-line gas-calldata-parameters
    function attest(
        Attestation memory attestation,
        bytes calldata deltas,
        bytes calldata witness,
        bytes calldata debits,
        bytes calldata quorum
    ) external nonReentrantView {
        _validateHead(attestation);
        uint256 endId = _validateUpdate(attestation, deltas, witness);
        (uint64 debitsUMor, uint256 debitsEndId) = _validateDebits(attestation, debits);
        ROUTERS.requireQuorum(hashAttestation(attestation), attestation.routerSet, quorum);
        _requireRegistered(endId > debitsEndId ? endId : debitsEndId);

        uint64 attestedBefore = _rollAndReserve(attestation.credited);
        uint256 activeAt = _append(attestation.newRoot, attestation.lastBlock, attestedBefore, debits.length != 0);
        if (debits.length != 0) _attestDebits(attestation, debitsUMor, debits);
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

    /// @dev Takes room of the day for the debits and keeps their hash until they are booked.
    function _attestDebits(Attestation memory attestation, uint64 sumUMor, bytes calldata debits) private {
        _reserveDebits(sumUMor);
        _recordDebits(attestation.seq, attestation.debitsHash, sumUMor, _day);
        emit DebitsAttested(attestation.seq, sumUMor, debits);
    }

    /// @dev The message continues the head and closes complete blocks only.
    function _validateHead(Attestation memory a) private view {
        require(block.timestamp >= _pausedUntil, AttestationPaused(_pausedUntil));
        require(block.timestamp <= a.deadline, AttestationExpired(a.deadline, block.timestamp));
        uint40 seq = _lastSeq + 1;
        require(a.seq == seq, AttestationSeqInvalid(a.seq, seq));
        bytes32 root = rootOf(_headSeq());
        require(a.previousRoot == root, AttestationRootStale(a.previousRoot, root));
        require(a.firstBlock == _nextBlock, AttestationBlockGap(a.firstBlock, _nextBlock));
        uint64 openBlock = InferenceClock.blockAt(block.timestamp, EMISSION_START);
        require(a.lastBlock < openBlock, AttestationBlockIncomplete(a.lastBlock, openBlock));
        unchecked {
            // Below openBlock, so adding 1 cannot overflow.
            require(a.lastBlock + 1 >= a.firstBlock, AttestationBlockOrder(a.firstBlock, a.lastBlock));
        }
        require(a.credited != 0 || a.debitsHash != 0, AttestationEmpty());
    }

    /// @dev The debits are those that were signed; their sum, and the id behind the highest one.
    function _validateDebits(
        Attestation memory a,
        bytes calldata debits
    ) private pure returns (uint64 sumUMor, uint256 endId) {
        bytes32 debitsHash = debits.hashOf();
        require(a.debitsHash == debitsHash, AttestationDebitsMismatch(a.debitsHash, debitsHash));
        if (debits.length == 0) return (0, 0);
        uint256 sum;
        (sum, endId) = debits.totalOf();
        sumUMor = sum.toUint64();
    }

    /// @dev Ids below `endId` are registered; notes how many are, if it had to ask.
    function _requireRegistered(uint256 endId) private {
        uint256 known = _knownProviders;
        if (endId <= known) return;
        known = REGISTRY.providerCount();
        require(endId <= known, LedgerProviderUnregistered(endId, known));
        _knownProviders = known.toUint32();
    }

    /// @dev The deltas lead from the head's root to the signed root and sum to the signed credit. No id from `endId` on is
    /// credited.
    function _validateUpdate(
        Attestation memory a,
        bytes calldata deltas,
        bytes calldata witness
    ) private pure returns (uint256 endId) {
        bytes32 newRoot;
        uint256 creditedUMor;
        (newRoot, creditedUMor, endId) = WordTree.applyUpdate(a.previousRoot, deltas, witness);
        require(creditedUMor == a.credited, AttestationSumMismatch(a.credited, creditedUMor));
        require(newRoot == a.newRoot, AttestationRootMismatch(a.newRoot, newRoot));
    }

    /// @inheritdoc IComputeContract
    function veto(uint64 seq) external restricted nonReentrant {
        uint64 lastDropped = _headSeq();
        (uint64 attestedBefore, uint64 debitsTodayUMor) = _drop(seq, _day);
        uint64 releasedUMor = _attestedUMor - attestedBefore;
        _release(releasedUMor);
        if (debitsTodayUMor != 0) _releaseDebits(debitsTodayUMor);
        emit AttestationsVetoed(seq, lastDropped, _headSeq(), releasedUMor, attestedBefore);
    }

    /// @inheritdoc Ledger
    function _periodOf(uint256 activeAt) internal view override returns (uint24) {
        return periodAt(activeAt, _WINDOW_START, _WINDOW_END, _SEASON_LENGTH);
    }

    /// @inheritdoc IComputeContract
    function hashAttestation(Attestation memory attestation) public view returns (bytes32) {
        return _hashTypedDataV4(attestation.hashStruct());
    }

    // ---- Debits ----

    /// @inheritdoc IComputeContract
    function debit(uint64 seq, bytes calldata debits) external nonReentrant {
        _takeDebits(seq, debits.hashOf());
        uint256 count = debits.count();
        for (uint256 i = 0; i < count; ++i) {
            Debit memory entry = debits.debitAt(i);
            // Registered when it was attested, so below 2^22.
            ProviderId id = ProviderId.wrap(uint32(entry.providerId));
            emit Debited(seq, id, entry.amountUMor, entry.reasonHash);
            REGISTRY.bookDebt(id, entry.amountUMor);
        }
    }

    // ---- Claim ----

    /// @inheritdoc IComputeContract
    function claim(uint64 seq, bytes calldata ranges) external nonReentrant returns (uint256 paidWei) {
        Settlement.Batch memory batch = _settleRanges(_activeRoot(seq), ranges);
        require(batch.count() != 0, ClaimNothingDue(seq));
        (uint64 paidUMor, bool complete) = _payMultiple(batch);
        if (!complete) _unsettleLanes(batch);
        emit Claimed(seq, paidUMor, batch.paid);
        return DrawdownMath.toWei(paidUMor);
    }

    /// @dev Proves the ranges and marks every due lane as settled; what is due stands in the batch.
    function _settleRanges(bytes32 root, bytes calldata ranges) private returns (Settlement.Batch memory batch) {
        Reader memory reader = PackedRange.readerOf(ranges);
        Range memory range;
        while (!reader.isEmpty()) {
            (uint256 lanes, uint256 words) = reader.takeProvenRange(root, range);
            uint256 payees = _loadPayees(range, lanes);
            uint256 end;
            unchecked {
                // A proven range lies in the tree.
                batch.reserve(range.count * LANES_PER_WORD);
                end = range.firstWord + range.count;
            }
            for (uint256 word = range.firstWord; word < end; ++word) {
                uint256 before = settledWord(word);
                uint256 settled = batch.collect(Memory.load(words), before, lanes, word, payees);
                if (settled != before) _setSettledWord(word, settled);
                unchecked {
                    // A word of credits and its four payees.
                    words += 0x20;
                    payees += 0x20 * LANES_PER_WORD;
                }
            }
        }
    }

    /// @dev The payees of a range in memory, four a word; zero for lanes that are not claimed. The registry's answer is an array
    /// of known length and is taken as it comes: decoding it would copy it word by word.
    function _loadPayees(Range memory range, uint256 lanes) private view returns (uint256 payees) {
        bytes memory message = abi.encodeCall(IProviderRegistry.payeesOf, (range.firstWord, range.count, lanes));
        address registry = address(REGISTRY);
        assembly ("memory-safe") {
            payees := mload(0x40)
            if iszero(staticcall(gas(), registry, add(message, 0x20), mload(message), 0x00, 0x00)) {
                returndatacopy(payees, 0x00, returndatasize())
                revert(payees, returndatasize())
            }
            // Offset and length stand before the elements.
            let size := sub(returndatasize(), 0x40)
            returndatacopy(payees, 0x40, size)
            mstore(0x40, add(payees, size))
        }
    }

    /// @dev Puts the lanes back that could not be paid: each is due as before.
    function _unsettleLanes(Settlement.Batch memory batch) private {
        uint256 count = batch.count();
        for (uint256 i = 0; i < count; ++i) {
            uint256 entry = batch.entryAt(i);
            if (!Settlement.hasFailed(entry)) continue;
            (uint256 index, , uint64 amountUMor, uint64 nettedUMor) = Settlement.read(entry);
            uint256 word = index / LANES_PER_WORD;
            uint256 settled = settledWord(word);
            _setSettledWord(word, Settlement.less(settled, index % LANES_PER_WORD, amountUMor + nettedUMor));
        }
    }

    // ---- Awards ----

    /// @inheritdoc IComputeContract
    function reserveAwards(uint64 sumUMor, bool last) external nonReentrant {
        _requireBootstrap();
        _award(DrawdownMath.toWei(sumUMor));
        if (last) _releaseBootstrap();
    }

    /// @inheritdoc IComputeContract
    function payAwards(
        uint32 season,
        uint256[] calldata ids,
        uint256[] calldata amountsUMor
    ) external nonReentrant returns (uint64 paidUMor, uint256 failed) {
        _requireBootstrap();
        Settlement.Batch memory batch;
        Payee[] memory payees = REGISTRY.payeesAt(ids);
        batch.reserve(ids.length);
        for (uint256 i = 0; i < ids.length; ++i) batch.add(ids[i], amountsUMor[i], payees[i]);
        bool complete;
        (paidUMor, complete) = _payMultiple(batch);
        if (!complete) {
            for (uint256 i = 0; i < ids.length; ++i) if (Settlement.hasFailed(batch.entryAt(i))) failed |= 1 << i;
        }
        emit AwardsPaid(season, paidUMor, batch.paid);
    }

    function _requireBootstrap() private view {
        require(msg.sender == address(BOOTSTRAP), ComputeNotBootstrap(msg.sender));
    }

    // ---- Payment ----

    /// @dev Pays everything in the batch out of what is owed. A payment that fails is noted in the batch and stays owed, with
    /// the provider's debt as it was; whoever brought the batch keeps it due. Netting is booked behind each payment, for it may
    /// not happen without it; until then the debt can only lower what a bond returns.
    function _payMultiple(Settlement.Batch memory batch) private returns (uint64 paidUMor, bool complete) {
        uint64 sumUMor = batch.sumUMor.toUint64();
        _settle(DrawdownMath.toWei(sumUMor));
        uint256 place = batch.openPaid();
        paidUMor = sumUMor;
        uint256 end = batch.end;
        unchecked {
            // Entries stand in memory one behind the other, and 64 bits times 10^12 are below 2^104.
            for (uint256 entry = batch.start; entry != end; entry += Settlement.ENTRY_BYTES) {
                (uint256 index, address payout, uint64 amountUMor, uint64 nettedUMor) = Settlement.read(entry);
                if (amountUMor != 0) {
                    if (!_pay(payout, uint256(amountUMor) * WEI_PER_UMOR)) {
                        Settlement.fail(entry);
                        // A part of the sum.
                        paidUMor -= amountUMor;
                        // Provider ids are below 2^22.
                        emit PaymentFailed(ProviderId.wrap(uint32(index)), payout, amountUMor);
                        continue;
                    }
                    place = Settlement.keep(entry, place);
                }
                if (nettedUMor != 0) _net(index, nettedUMor);
            }
        }
        batch.closePaid(place);
        complete = paidUMor == sumUMor;
        if (!complete) _unsettle(DrawdownMath.toWei(sumUMor - paidUMor));
    }

    /// @dev Nets a provider's debt: what was owed to it returns to the free pool.
    function _net(uint256 index, uint64 nettedUMor) private {
        _absorb(DrawdownMath.toWei(nettedUMor));
        // Provider ids are below 2^22.
        REGISTRY.absorbDebt(ProviderId.wrap(uint32(index)), nettedUMor);
    }

    // ---- Guardian and governance ----

    /// @inheritdoc IComputeContract
    function pauseAttestations(uint256 duration) external restricted {
        require(duration != 0 && duration <= _MAX_PAUSE, PauseTooLong(duration, _MAX_PAUSE));
        require(_pauseArmed, PauseSpent());
        uint256 pausedUntil = block.timestamp + duration;
        _pauseArmed = false;
        _pausedUntil = pausedUntil.toUint40();
        emit AttestationsPaused(pausedUntil);
    }

    /// @inheritdoc IComputeContract
    function resumeAttestations() external restricted {
        _pausedUntil = 0;
        emit AttestationsPaused(0);
    }

    /// @inheritdoc IComputeContract
    function rearmPause() external restricted {
        _pauseArmed = true;
        emit PauseRearmed();
    }

    /// @inheritdoc IComputeContract
    function rescue(IERC20 token, address to, uint256 amount) external restricted nonReentrant {
        _rescue(token, to, amount);
    }

    // ---- Views ----

    /// @inheritdoc IComputeContract
    function pauseState() external view returns (uint256 pausedUntil, bool armed) {
        return (_pausedUntil, _pauseArmed);
    }

    /// @inheritdoc IComputeContract
    function version() external pure returns (string memory) {
        return _VERSION;
    }
}
