// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../../contracts/interfaces/IComputeContract.sol";
import {ComputeLens} from "../../../contracts/periphery/ComputeLens.sol";
import {ProviderId} from "../../../contracts/types/ProviderId.sol";
import {LedgerSteps} from "./LedgerSteps.sol";

/// @title PaymentSteps
/// @notice Claims at any active root, over a token that refuses payees and calls back in the middle of a payment.
abstract contract PaymentSteps is LedgerSteps {
    /// @dev Ceiling of gas, whatever the history, to payees that hold no MOR yet. Measured: 109,146 for one, 215,496 for eight,
    /// 284,168 for seven of whom some are netted.
    uint256 private constant _CLAIM_GAS = 150_000;
    uint256 private constant _CLAIM_EACH_GAS = 40_000;

    /// @dev How often the token called back, and whether all held each time.
    uint256 private _calledBack;
    bool private _brokenInside;

    // ---- Callbacks ----

    /// @dev What the token calls in the middle of a transfer: tokens must cover the books then, too (I1).
    function onTransfer() external {
        ++_calledBack;
        if (compute.heldWei() < compute.accountedWei()) _brokenInside = true;
        uint256 bondsWei = 0;
        for (uint256 id = 0; id < providers; ++id) bondsWei += registry.providerOf(ProviderId.wrap(uint32(id))).bondWei;
        if (token.balanceOf(address(registry)) < bondsWei) _brokenInside = true;
    }

    /// @dev Sometimes the token calls back from now on: to look, or to use a verb once more.
    function _hook(bool mayEnter) internal returns (bool enters) {
        uint256 kind = _draw(mayEnter ? 6 : 4);
        _calledBack = 0;
        if (kind < 3) return false;
        if (kind == 3) {
            token.setHook(address(this), abi.encodeCall(this.onTransfer, ()));
            return false;
        }
        if (kind == 4 || spent.length == 0) {
            token.setHook(address(compute), abi.encodeCall(compute.intake, ()));
        } else {
            uint256 which = _draw(spent.length);
            token.setHook(spentAt[which], spent[which]);
        }
        return true;
    }

    /// @dev The token is still again; nothing was broken inside, and a verb that was tried met the lock.
    function _unhook(bool entered, uint256 transfers) internal {
        if (token.target() == address(0)) return;
        token.setHook(address(0), "");
        assertFalse(_brokenInside, "I1: held >= accounted inside a callback");
        if (entered && transfers != 0) {
            assertFalse(token.answered(), "I10: a verb inside a payment");
        } else if (!entered) {
            assertGe(_calledBack, transfers, "called back in each transfer");
        }
    }

    // ---- Claims ----

    function claim(uint256 random) external {
        _begin(Step.Claim, random);
        _end(Step.Claim, _claimSome());
    }

    function _claimSome() private returns (bool) {
        uint64 seq = _drawActive();
        Cut cut = _drawCut();
        return _claim(seq, cut, _draw(2) == 0 ? 15 : 1 + _draw(15), _hook(true));
    }

    /// @dev The newest active attestation, or one before it.
    function _drawActive() internal returns (uint64 seq) {
        seq = _newestActive();
        if (_draw(3) == 0) {
            for (uint256 back = _draw(6); back > 0 && seq != 0; --back) seq = entries[seq].previousSeq;
        }
    }

    function _newestActive() internal view returns (uint64 seq) {
        seq = headSeq;
        while (entries[seq].activeAt > _now()) seq = entries[seq].previousSeq;
    }

    function _claim(uint64 seq, Cut cut, uint256 lanes, bool enters) internal returns (bool) {
        bytes memory ranges = _ranges(cut, _wordsOf(seq), lanes);
        (uint256 dueUMor, uint256 payableUMor, uint256 payments) = _dueOf(seq, cut, lanes);
        bytes memory data = abi.encodeCall(compute.claim, (seq, ranges));
        if (dueUMor == 0) {
            _refuse(address(compute), data, IComputeContract.ClaimNothingDue.selector, "I10: nothing due");
            _unhook(enters, 0);
            return false;
        }
        ComputeLens.Claimable[] memory seen = _LENS.claimableOf(compute, seq, ranges);
        uint256 seenUMor = 0;
        for (uint256 i = 0; i < seen.length; ++i) seenUMor += uint256(seen[i].amountUMor) + seen[i].nettedUMor;
        assertEq(seenUMor, dueUMor, "I35: what the lens sees due");
        vm.prank(_anyone());
        uint256 gas_ = gasleft();
        uint256 gotWei = compute.claim(seq, ranges);
        gas_ -= gasleft();
        assertEq(gotWei, payableUMor * 1e12, "I10: paid by the claim");
        if (token.target() == address(0)) {
            assertLe(gas_, _CLAIM_GAS + seen.length * _CLAIM_EACH_GAS, "I15: gas of a claim");
        }
        paidWei += payableUMor * 1e12;
        _unhook(enters, payments);
        // Sent again it finds nothing, unless somebody could not be paid.
        if (_isSettled(seq, cut, lanes)) _spend(address(compute), data);
        return true;
    }

    /// @dev What a claim finds due, and the part of it that is paid: debts are netted, and the token accepts the payee.
    function _dueOf(
        uint64 seq,
        Cut cut,
        uint256 lanes
    ) private returns (uint256 dueUMor, uint256 payableUMor, uint256 payments) {
        for (uint256 id = 0; id < providers; ++id) {
            if (!_isIn(cut, id / 4) || (lanes >> (id % 4)) & 1 == 0) continue;
            Account storage account = accounts[id];
            uint64 lane = _laneOf(seq, id);
            if (lane <= account.settledUMor) continue;
            uint64 due = lane - account.settledUMor;
            dueUMor += due;
            (bool paid, uint64 amountUMor) = _settle(account, id, due);
            if (!paid) continue;
            account.settledUMor = lane;
            payableUMor += amountUMor;
            if (amountUMor != 0) ++payments;
        }
    }

    function _isSettled(uint64 seq, Cut cut, uint256 lanes) private view returns (bool) {
        for (uint256 id = 0; id < providers; ++id) {
            if (!_isIn(cut, id / 4) || (lanes >> (id % 4)) & 1 == 0) continue;
            if (_laneOf(seq, id) > accounts[id].settledUMor) return false;
        }
        return true;
    }

    /// @dev Nets debt against `due` and pays the rest, unless the token refuses the payee.
    function _settle(Account storage account, uint256 id, uint64 due) internal returns (bool paid, uint64 amountUMor) {
        uint64 debt = _debtOf(id);
        uint64 netted = due < debt ? due : debt;
        amountUMor = due - netted;
        if (amountUMor != 0 && refused[account.payout]) return (false, 0);
        account.absorbedUMor += netted;
        account.receivedWei += uint256(amountUMor) * 1e12;
        paidToWei[account.payout] += uint256(amountUMor) * 1e12;
        return (true, amountUMor);
    }

    /// @dev Everything at once, or lane by lane in another order and at older roots first: the same end (I31).
    function claimSplit(uint256 random) external {
        _begin(Step.ClaimSplit, random);
        _end(Step.ClaimSplit, _claimSplit());
    }

    function _claimSplit() private returns (bool) {
        uint64 seq = _newestActive();
        uint64 older = entries[seq].previousSeq;
        uint256 first = _draw(8);
        // What cannot be paid is not netted either; a part of it that is wholly netted needs no payment. That is no order.
        for (uint256 id = 0; id < providers; ++id) if (_debtOf(id) != 0 && refused[accounts[id].payout]) return false;
        uint256 state = vm.snapshotState();
        if (!_claim(seq, _drawCut() == Cut.SecondFirst ? Cut.SecondFirst : Cut.Pair, 15, false)) return false;
        bytes32 together = _ledgerDigest();
        assertTrue(vm.revertToState(state), "reverted");
        vm.getRecordedLogs();
        for (uint256 i = 0; i < 8; ++i) {
            uint256 id = (first + 3 * i) % 8;
            Cut cut = id < 4 ? Cut.First : Cut.Second;
            _claim(older, cut, 1 << (id % 4), false);
            _claim(seq, cut, 1 << (id % 4), false);
        }
        assertEq(_ledgerDigest(), together, "I31: one claim or many");
        return true;
    }

    // ---- Payees ----

    /// @dev The token begins or ceases to refuse a payee.
    function refuse(uint256 random) external {
        _begin(Step.Refuse, random);
        address payout = accounts[_draw(providers)].payout;
        refused[payout] = !refused[payout];
        token.setRefused(payout, refused[payout]);
        _end(Step.Refuse, true);
    }
}
