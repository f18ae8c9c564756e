// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IComputeContract} from "../interfaces/IComputeContract.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {PackedRange, Range, Reader} from "../libraries/PackedRange.sol";
import {Settlement} from "../ledger/Settlement.sol";
import {WordTree} from "../libraries/WordTree.sol";
import {DrawdownMath} from "../libraries/DrawdownMath.sol";
import {InferenceClock} from "../libraries/InferenceClock.sol";
import {Payee} from "../types/Payee.sol";
import {LANES_PER_WORD} from "../types/Units.sol";

/// @title ComputeLens
/// @notice Reads what a router, provider or operator wants to know in one call. Holds nothing; nothing depends on it.
contract ComputeLens {
    using PackedRange for Reader;
    using SafeCast for uint256;
    using WordTree for Reader;

    /// @notice The pool as it would stand after an `intake` now. Amounts in wei.
    struct PoolState {
        uint256 day;
        uint256 heldWei;
        uint256 unusedWei;
        uint256 owedWei;
        uint256 bootstrapWei;
        uint256 freshWei;
        uint256 openingWei;
        uint256 scheduledWei;
        uint256 drawnWei;
        uint256 budgetWei;
        uint256 allowanceWei;
        uint256 unbookedWei;
    }

    /// @notice What the next attestation has to continue, and what can be claimed from.
    /// @param activeSeq The last active attestation; 0 before the first.
    /// @param openBlock The inference block that is open now: blocks below it are complete.
    struct HeadState {
        uint256 timestamp;
        uint64 lastSeq;
        uint64 headSeq;
        uint64 activeSeq;
        uint64 nextBlock;
        uint64 openBlock;
        bytes32 headRoot;
        bytes32 routerSet;
        uint256 threshold;
        uint256 providerCount;
        uint64 attestedUMor;
    }

    /// @notice What a claim would pay to a provider, and what of its debt would be netted with it.
    struct Claimable {
        uint256 providerId;
        address payout;
        uint64 amountUMor;
        uint64 nettedUMor;
    }

    /// @notice Pool, budget and allowance of `compute`, as after an `intake` now.
    function poolState(IComputeContract compute) external view returns (PoolState memory state) {
        state.heldWei = compute.heldWei();
        state.unbookedWei = compute.unbookedWei();
        state.owedWei = compute.owedWei();
        state.bootstrapWei = compute.bootstrapWei();
        uint104 unused = compute.unusedWei();
        uint104 fresh = compute.freshWei();
        uint104 opening = compute.openingWei();
        uint104 scheduled = compute.scheduledTodayWei();
        uint104 drawn = compute.drawnTodayWei();
        uint32 day = compute.day();
        uint32 today = InferenceClock.dayAt(block.timestamp, compute.EMISSION_START());
        if (today > day) {
            fresh -= DrawdownMath.min(fresh, scheduled);
            opening = unused;
            drawn = 0;
            day = today;
            scheduled = compute.SCHEDULE().scheduledWei(today).toUint104();
        }
        uint104 arrived = state.unbookedWei.toUint104();
        uint104 share = DrawdownMath.min(arrived, _bootstrapLackWei(compute));
        state.bootstrapWei += share;
        unused += arrived - share;
        fresh += arrived - share;
        state.day = day;
        state.unusedWei = unused;
        state.freshWei = fresh;
        state.openingWei = opening;
        state.scheduledWei = scheduled;
        state.drawnWei = drawn;
        state.budgetWei = DrawdownMath.budgetDown(opening, fresh, scheduled);
        state.allowanceWei = DrawdownMath.allowance(unused, uint104(state.budgetWei), drawn);
    }

    /// @dev What the bootstrap pool would take of arrivals now.
    function _bootstrapLackWei(IComputeContract compute) private view returns (uint104) {
        if (compute.bootstrapReleased()) return 0;
        uint256 targetWei = Math.min(compute.bootstrapTargetWei(block.timestamp), type(uint104).max);
        return Math.saturatingSub(targetWei, compute.bootstrapAccruedWei()).toUint104();
    }

    /// @notice Head and active attestation of `compute`.
    function headState(IComputeContract compute) external view returns (HeadState memory state) {
        state.timestamp = block.timestamp;
        state.lastSeq = compute.lastSeq();
        state.headSeq = compute.headSeq();
        state.activeSeq = activeSeqOf(compute);
        state.nextBlock = compute.nextBlock();
        state.openBlock = InferenceClock.blockAt(block.timestamp, compute.EMISSION_START());
        state.headRoot = compute.headRoot();
        state.routerSet = compute.ROUTERS().digest();
        state.threshold = compute.ROUTERS().threshold();
        state.providerCount = compute.REGISTRY().providerCount();
        state.attestedUMor = compute.attestedUMor();
    }

    /// @notice The last active attestation of `compute`; 0 before the first. Looks at 256 records at the most.
    function activeSeqOf(IComputeContract compute) public view returns (uint64 seq) {
        seq = compute.headSeq();
        while (compute.activeAtOf(seq) > block.timestamp) seq = uint64(compute.recordOf(seq).previousSeq);
    }

    /// @notice What `claim(seq, ranges)` would find due, provider by provider.
    /// @dev Reverts as the claim would for a wrong proof; does not ask whether the attestation is active.
    function claimableOf(
        IComputeContract compute,
        uint64 seq,
        bytes calldata ranges
    ) external view returns (Claimable[] memory due) {
        bytes32 root = compute.rootOf(seq);
        require(root != 0, ILedger.LedgerAttestationUnknown(seq));
        Settlement.Batch memory batch;
        Reader memory reader = PackedRange.readerOf(ranges);
        Range memory range;
        while (!reader.isEmpty()) {
            (uint256 lanes, uint256 words) = reader.takeProvenRange(root, range);
            Payee[] memory payees = compute.REGISTRY().payeesOf(range.firstWord, range.count, lanes);
            Settlement.reserve(batch, range.count * LANES_PER_WORD);
            for (uint256 i = 0; i < range.count; ++i) {
                uint256 settled = compute.settledWord(range.firstWord + i);
                uint256 payeesOfWord = Settlement.payeesOfWord(payees, i);
                Settlement.collect(
                    batch,
                    Settlement.wordAt(words, i),
                    settled,
                    lanes,
                    range.firstWord + i,
                    payeesOfWord
                );
            }
        }
        due = new Claimable[](Settlement.count(batch));
        for (uint256 i = 0; i < due.length; ++i) {
            (due[i].providerId, due[i].payout, due[i].amountUMor, due[i].nettedUMor) = Settlement.read(
                Settlement.entryAt(batch, i)
            );
        }
    }
}
