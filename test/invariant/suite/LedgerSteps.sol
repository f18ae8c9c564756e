// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IReserveBooks} from "../../../contracts/interfaces/IReserveBooks.sol";
import {IRouterSet} from "../../../contracts/interfaces/IRouterSet.sol";
import {ComputeLens} from "../../../contracts/periphery/ComputeLens.sol";
import {Books} from "./Books.sol";

/// @title LedgerSteps
/// @notice Arrivals, attestations right and wrong, vetoes and debits.
abstract contract LedgerSteps is Books {
    /// @dev Ceilings of gas, whatever the history. Measured: 194,441 with five signatures, a new day and arrivals to book; 105,425
    /// for the first veto, which opens the slot of an older head, and some 24,000 for each further attestation dropped, more with debits.
    uint256 private constant _ATTEST_GAS = 300_000;
    uint256 private constant _VETO_GAS = 100_000;
    uint256 private constant _VETO_EACH_GAS = 30_000;

    // ---- Arrivals ----

    function arrive(uint256 random) external {
        _begin(Step.Arrive, random);
        _arrive(1 + _edge(8_000e18));
        _end(Step.Arrive, true);
    }

    /// @dev Books what is there, and does what the lens said it would (I35).
    function intake(uint256 random) external {
        _begin(Step.Intake, random);
        _intakeAsSeen();
        _end(Step.Intake, true);
    }

    function _intakeAsSeen() internal returns (ComputeLens.PoolState memory seen) {
        mayBook = true;
        seen = _LENS.poolState(compute);
        vm.prank(_anyone());
        assertEq(compute.intake(), seen.unbookedWei, "I35: booked");
        assertEq(compute.heldWei(), compute.accountedWei(), "I1: held = accounted after an intake");
        ComputeLens.PoolState memory now_ = _LENS.poolState(compute);
        seen.unbookedWei = 0;
        assertEq(abi.encode(now_), abi.encode(seen), "I35: the pool after an intake");
        assertEq(compute.budgetWei(), seen.budgetWei, "I35: budget");
        assertEq(compute.allowanceWei(), seen.allowanceWei, "I35: allowance");
    }

    // ---- Attestations ----

    function attest(uint256 random) external {
        _begin(Step.Attest, random);
        _end(Step.Attest, _attestSome());
    }

    function _attestSome() private returns (bool) {
        bytes memory debits = _draw(3) == 0 ? _drawDebits() : bytes("");
        uint64 creditUMor = uint64(_edge(_LENS.poolState(compute).allowanceWei / 1e12));
        if (_now() < pausedUntil || (creditUMor == 0 && debits.length == 0)) return false;
        Cut cut = _drawCut();
        return _accept(_draft(cut, _drawDeltas(cut, creditUMor), debits));
    }

    /// @dev Signs, posts and remembers; false if the routers are too few.
    function _accept(Draft memory draft) internal returns (bool) {
        uint256 signers = _drawSigners();
        if (signers == 0) return false;
        mayBook = true;
        draft.quorum = _seal(compute.hashAttestation(draft.message), signers);
        uint256 allowanceWei = _LENS.poolState(compute).allowanceWei;
        vm.prank(_anyone());
        uint256 gas_ = gasleft();
        _post(draft);
        assertLe(gas_ - gasleft(), _ATTEST_GAS, "I37: gas of an attestation");
        _remember(draft);
        uint256 creditedWei = uint256(draft.message.credited) * 1e12;
        assertEq(_LENS.poolState(compute).allowanceWei, allowanceWei - creditedWei, "I35: allowance after a credit");
        _spend(address(compute), _calldataOf(draft));
        return true;
    }

    function _remember(Draft memory draft) private {
        Entry storage entry = entries[++lastSeq];
        entry.previousSeq = headSeq;
        entry.firstBlock = nextBlock;
        entry.activeAt = uint64(_now() + DELAY);
        entry.creditedUMor = draft.message.credited;
        entry.day = uint32(_today());
        entry.root = draft.message.newRoot;
        entry.words = draft.words;
        entry.debits = draft.debits;
        for (uint256 i = 0; i < draft.debits.length; i += 44) {
            (, uint64 amountUMor) = _debitAt(draft.debits, i);
            entry.debitsUMor += amountUMor;
        }
        headSeq = lastSeq;
        nextBlock = draft.message.lastBlock + 1;
        reservedUMor[entry.day] += entry.creditedUMor;
        debitedUMor[entry.day] += entry.debitsUMor;
        assertEq(compute.rootOf(lastSeq), entry.root, "I6: the root holds exactly old + delta");
        assertEq(compute.activeAtOf(lastSeq), entry.activeAt, "I9: moment of activation");
    }

    /// @dev One or two debits within the day's room as it stands after an intake.
    function _drawDebits() private returns (bytes memory debits) {
        _intakeAsSeen();
        uint256 room = compute.budgetWei() / 1e12 - debitedUMor[_today()];
        if (room < 2) return "";
        uint64 amountUMor = uint64(1 + _edge(room / 2 - 1));
        debits = _debitOf(_draw(providers), amountUMor);
        if (_draw(2) == 0) debits = abi.encodePacked(debits, _debitOf(_draw(providers), amountUMor));
    }

    function _debitOf(uint256 id, uint64 amountUMor) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(id), amountUMor, keccak256("reason"));
    }

    function _debitAt(bytes memory debits, uint256 place) internal pure returns (uint32 id, uint64 amountUMor) {
        uint256 head;
        // 12 of the 44 bytes an entry has.
        assembly ("memory-safe") {
            head := mload(add(add(debits, 0x20), place))
        }
        return (uint32(head >> 224), uint64(head >> 160));
    }

    /// @dev The same credits as one attestation, or as two in some order: the same ledger and books (I31).
    function attestSplit(uint256 random) external {
        _begin(Step.AttestSplit, random);
        _end(Step.AttestSplit, _attestSplit());
    }

    function _attestSplit() private returns (bool) {
        _intakeAsSeen();
        uint256 allowanceUMor = compute.allowanceWei() / 1e12;
        if (_now() < pausedUntil || allowanceUMor < 2) return false;
        Cut[2] memory cuts = [_drawCut(), _drawCut()];
        uint256[2] memory a = _drawDeltas(cuts[0], uint64(1 + _draw(allowanceUMor / 2)));
        uint256[2] memory b = _drawDeltas(cuts[1], uint64(1 + _draw(allowanceUMor / 2)));
        _index(vm.getRecordedLogs());
        uint256 state = vm.snapshotState();
        if (!_accept(_draft(Cut.Pair, [a[0] + b[0], a[1] + b[1]], ""))) return false;
        bytes32 together = _ledgerDigest();
        assertTrue(vm.revertToState(state), "reverted");
        vm.getRecordedLogs();
        if (!_accept(_draft(cuts[0], a, ""))) return false;
        if (!_accept(_draft(cuts[1], b, ""))) return false;
        assertEq(_ledgerDigest(), together, "I31: one attestation or two");
        return true;
    }

    /// @dev Ledger and books without what counts messages.
    function _ledgerDigest() internal view returns (bytes32) {
        Figures memory f = _figuresNow();
        (f.lastSeq, f.headSeq, f.nextBlock) = (0, 0, 0);
        return keccak256(abi.encode(f, compute.settledWord(0), compute.settledWord(1), _payees()));
    }

    // ---- What must be refused ----

    function attestRefused(uint256 random) external {
        _begin(Step.AttestRefused, random);
        _end(Step.AttestRefused, _attestWrongly(_draw(12)));
    }

    /// @dev A message that is right but for one thing.
    function _attestWrongly(uint256 kind) private returns (bool) {
        mayBook = true;
        uint256 signers = _drawSigners();
        if (signers == 0) return false;
        uint256 allowanceUMor = _LENS.poolState(compute).allowanceWei / 1e12;
        Draft memory draft = _draft(Cut.Pair, _drawDeltas(Cut.Pair, kind == 0 ? uint64(allowanceUMor + 1) : 1), "");
        bytes4 error_ = IReserveBooks.ReserveAllowanceExceeded.selector;
        if (kind == 1) {
            if (providers == MAX_PROVIDERS) return false;
            draft = _draft(Cut.Second, [uint256(0), 1 << (64 * (providers - 4))], "");
            error_ = ILedger.LedgerProviderUnregistered.selector;
        } else if (kind == 2) {
            draft.message.routerSet = bytes32(seed);
            error_ = IRouterSet.RouterSetStale.selector;
        } else if (kind > 2 && kind < 9) {
            error_ = _spoil(draft, kind);
        }
        draft.quorum = _seal(compute.hashAttestation(draft.message), signers);
        if (kind == 9) {
            draft.quorum = _seal(compute.hashAttestation(draft.message), signers & (signers - 1));
            // With all of a set that is larger than the threshold, one less may still be enough.
            if (_onesIn(signers) > setThreshold) return false;
            error_ = IRouterSet.RouterQuorumMissing.selector;
        } else if (kind > 9) {
            // Signed is another message than the one that is sent.
            draft.message.deadline += 1;
            error_ = IRouterSet.RouterSignatureInvalid.selector;
            // A contract that says yes to everything signs this too: its key holder's choice.
            for (uint256 i = 0; i < MEMBERS; ++i) if (members[i].key == 0 && (signers >> i) & 1 == 1) return false;
        }
        if (_now() < pausedUntil) error_ = IComputeContract.AttestationPaused.selector;
        _refuse(address(compute), _calldataOf(draft), error_, _lawOf(kind));
        return true;
    }

    /// @dev Makes one field of the message wrong.
    function _spoil(Draft memory draft, uint256 kind) private view returns (bytes4) {
        if (kind == 3) {
            draft.message.previousRoot ^= bytes32(uint256(1));
            return IComputeContract.AttestationRootStale.selector;
        }
        if (kind == 4) {
            draft.message.deadline = uint64(_now() - 1);
            return IComputeContract.AttestationExpired.selector;
        }
        if (kind == 5) {
            draft.message.lastBlock = uint64((_now() - START) / 12);
            return IComputeContract.AttestationBlockIncomplete.selector;
        }
        if (kind == 6) {
            draft.message.credited += 1;
            return IComputeContract.AttestationSumMismatch.selector;
        }
        if (kind == 7) {
            draft.message.newRoot = entries[headSeq].root;
            return IComputeContract.AttestationRootMismatch.selector;
        }
        draft.debits = _debitOf(0, 1);
        return IComputeContract.AttestationDebitsMismatch.selector;
    }

    function _lawOf(uint256 kind) private pure returns (string memory) {
        if (kind == 0) return "I4: one unit above the allowance";
        if (kind == 1) return "I8: an id that is not registered";
        if (kind == 5) return "I9: a block that is not complete";
        if (kind == 6) return "I7: a sum that is not that of the deltas";
        if (kind == 3 || kind == 7) return "I6: another root";
        if (kind == 8) return "I19: debits that nobody signed";
        return "I12: not a quorum in force";
    }

    // ---- Vetoes ----

    function veto(uint256 random) external {
        _begin(Step.Veto, random);
        _end(Step.Veto, _vetoOneOf(_draw(3)));
    }

    function _vetoOneOf(uint256 back) private returns (bool) {
        uint64 seq = headSeq;
        for (; back > 0 && entries[seq].previousSeq != 0; --back) seq = entries[seq].previousSeq;
        if (seq == 0 || targetsClosed) return false;
        if (entries[seq].activeAt <= _now()) {
            vm.prank(guardian);
            bytes memory data = abi.encodeCall(compute.veto, (seq));
            _refuse(address(compute), data, ILedger.LedgerAttestationActive.selector, "I9: veto of an active one");
            return false;
        }
        _veto(seq);
        return true;
    }

    function _veto(uint64 seq) private {
        vm.prank(guardian);
        uint256 gas_ = gasleft();
        compute.veto(seq);
        gas_ -= gasleft();
        uint256 dropped = 0;
        for (uint64 place = headSeq; ; place = entries[place].previousSeq) {
            Entry storage entry = entries[place];
            entry.vetoed = true;
            reservedUMor[entry.day] -= entry.creditedUMor;
            debitedUMor[entry.day] -= entry.debitsUMor;
            ++dropped;
            if (place == seq) break;
        }
        assertLe(gas_, _VETO_GAS + dropped * _VETO_EACH_GAS, "I37: gas of a veto");
        headSeq = entries[seq].previousSeq;
        nextBlock = entries[seq].firstBlock;
    }

    /// @dev Attested and vetoed in the same second: every figure but the count of messages is as before (I16).
    function vetoAtOnce(uint256 random) external {
        _begin(Step.VetoAtOnce, random);
        _end(Step.VetoAtOnce, _vetoAtOnce());
    }

    function _vetoAtOnce() private returns (bool) {
        if (targetsClosed) return false;
        _intakeAsSeen();
        Figures memory before = _figuresNow();
        if (!_attestSome()) return false;
        _veto(lastSeq);
        ++before.lastSeq;
        assertEq(abi.encode(_figuresNow()), abi.encode(before), "I16: attested and vetoed");
        return true;
    }

    // ---- Debits ----

    /// @dev Books the debits of an attestation, once it is active and by anyone.
    function debit(uint256 random) external {
        _begin(Step.Debit, random);
        _end(Step.Debit, _debitOne());
    }

    function _debitOne() private returns (bool) {
        uint64 seq = headSeq;
        while (seq != 0 && (entries[seq].booked || entries[seq].debits.length == 0)) seq = entries[seq].previousSeq;
        if (seq == 0) return false;
        Entry storage entry = entries[seq];
        bytes memory data = abi.encodeCall(compute.debit, (seq, entry.debits));
        if (entry.activeAt > _now()) {
            _refuse(address(compute), data, ILedger.LedgerAttestationPending.selector, "I19: debits of a pending one");
            return false;
        }
        vm.prank(_anyone());
        compute.debit(seq, entry.debits);
        entry.booked = true;
        for (uint256 i = 0; i < entry.debits.length; i += 44) {
            (uint32 id, uint64 amountUMor) = _debitAt(entry.debits, i);
            accounts[id].bookedUMor += amountUMor;
        }
        _spend(address(compute), data);
        return true;
    }
}
