// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {IProviderRegistry} from "../contracts/interfaces/IProviderRegistry.sol";
import {IReserveBooks} from "../contracts/interfaces/IReserveBooks.sol";
import {PackedDebits} from "../contracts/ledger/PackedDebits.sol";
import {ProviderId} from "../contracts/types/ProviderId.sol";
import {DebitFixture} from "./utils/DebitFixture.sol";

/// @notice Debits: attested with credits, booked once when active, netted against what is paid next.
contract ComputeContractDebitsTest is DebitFixture {
    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    function _debtOf(uint256 id) private view returns (uint64) {
        return registry.providerOf(ProviderId.wrap(uint32(id))).debtUMor;
    }

    function _book(uint64 seq, bytes memory debits) private {
        vm.prank(makeAddr("anyone"));
        compute.debit(seq, debits);
    }

    // ---- Booked ----

    /// @dev An attestation may take back without crediting anybody.
    function test_Attest_WithDebitsAlone() external {
        bytes memory debits = _debitOf(3, 40);
        Post memory post = _buildWith(_each(0, 10), debits);
        vm.expectEmit(address(compute));
        emit IComputeContract.DebitsAttested(1, 40, debits);
        _attest(post);
        lanesAt[1] = _each(0, 12);
        assertEq(compute.debitedTodayUMor(), 40, "debited today");
        assertEq(_debtOf(3), 0, "not booked yet");
        _activate();
        vm.expectEmit(address(compute));
        emit IComputeContract.Debited(1, ProviderId.wrap(3), 40, keccak256("reason"));
        vm.expectEmit(address(registry));
        emit IProviderRegistry.DebtBooked(ProviderId.wrap(3), 40, 40);
        _book(1, debits);
        assertEq(_debtOf(3), 40, "debt");
        assertEq(compute.debitsOf(1).hash, 0, "booked");
    }

    function test_Debit_RevertsWhen_PendingOrTwiceOrOthers() external {
        bytes memory debits = abi.encodePacked(_debitOf(3, 40), _debitOf(3, 2));
        uint64 seq = _creditWith(_each(1, 10), debits);
        uint256 activeAt = compute.activeAtOf(seq);
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationPending.selector, seq, activeAt));
        compute.debit(seq, debits);
        _activate();
        bytes4 selector = ILedger.LedgerDebitsUnknown.selector;
        bytes memory others = _debitOf(3, 41);
        vm.expectRevert(abi.encodeWithSelector(selector, seq, keccak256(others), keccak256(debits)));
        compute.debit(seq, others);
        vm.expectRevert(abi.encodeWithSelector(selector, seq, 0, keccak256(debits)));
        compute.debit(seq, "");
        _book(seq, debits);
        assertEq(_debtOf(3), 42, "both entries");
        vm.expectRevert(abi.encodeWithSelector(selector, seq, keccak256(debits), 0));
        compute.debit(seq, debits);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0, 0));
        compute.debit(0, "");
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, 2));
        compute.debit(2, debits);
    }

    function test_Debit_DroppedWithAVeto() external {
        uint64 room = uint64(compute.budgetWei() / 1e12);
        bytes memory debits = _debitOf(3, room);
        uint64 seq = _creditWith(_each(1, 10), debits);
        assertEq(compute.debitedTodayUMor(), room, "the whole room");
        _veto(seq);
        assertEq(compute.debitedTodayUMor(), 0, "room comes back");
        _activate();
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, seq));
        compute.debit(seq, debits);
        _creditWith(_each(1, 10), debits);
        assertEq(compute.debitedTodayUMor(), room, "and can be used again");
    }

    // ---- The day's room ----

    function test_Attest_RevertsWhen_DebitsExceedTheDaysBudget() external {
        uint64 room = uint64(compute.budgetWei() / 1e12);
        _creditWith(_each(1, 10), _debitOf(1, room - 10));
        Post memory post = _buildWith(_each(1, 10), _debitOf(2, 11));
        bytes4 selector = IReserveBooks.ReserveDebitRoomExceeded.selector;
        bytes memory reason = abi.encodeWithSelector(selector, (uint256(room) + 1) * 1e12, compute.budgetWei());
        _expectAttestRevert(post, reason);
        _creditWith(_each(1, 10), _debitOf(2, 10));
        skip(1 days);
        _creditWith(_each(1, 10), _debitOf(2, 10));
        assertEq(compute.debitedTodayUMor(), 10, "a new day");
    }

    // ---- Entries ----

    function _entries(uint256 count) private pure returns (bytes memory debits) {
        for (uint256 i = 0; i < count; ++i) debits = abi.encodePacked(debits, _debitOf(i % 10, uint64(i + 1)));
    }

    function test_Attest_Of32DebitsAndNotOf33() external {
        Post memory post = _buildWith(_each(1, 10), _entries(33));
        _expectAttestRevert(post, abi.encodeWithSelector(PackedDebits.DebitsLengthInvalid.selector, 33 * 44));
        uint64 seq = _creditWith(_each(1, 10), _entries(32));
        _activate();
        uint256 gasBefore = gasleft();
        _book(seq, _entries(32));
        _print("booking of 32 debits, gas", gasBefore - gasleft());
        assertEq(_debtOf(0), 1 + 11 + 21 + 31, "debts of one provider add up");
    }

    /// @dev An attestation without debits leaves nothing of theirs behind: no event, no flag, no record.
    function test_Attest_WithoutDebitsRecordsNone() external {
        vm.recordLogs();
        uint64 seq = _credit(_each(1, 10));
        assertEq(vm.getRecordedLogs().length, 1, "the attestation's own event alone");
        assertFalse(compute.recordOf(seq).hasDebits, "flag");
        assertEq(compute.debitsOf(seq).day, 0, "record");
    }

    function test_Attest_RevertsWhen_DebitsAreASingleByte() external {
        Post memory post = _buildWith(_each(1, 10), hex"00");
        _expectAttestRevert(post, abi.encodeWithSelector(PackedDebits.DebitsLengthInvalid.selector, 1));
    }

    function test_Attest_RevertsWhen_DebitsAreMalformed() external {
        bytes memory debits = abi.encodePacked(_debitOf(1, 5), uint8(0));
        Post memory post = _buildWith(_each(1, 10), debits);
        _expectAttestRevert(post, abi.encodeWithSelector(PackedDebits.DebitsLengthInvalid.selector, 45));
        post = _buildWith(_each(1, 10), abi.encodePacked(_debitOf(1, 5), _debitOf(1, 0)));
        _expectAttestRevert(post, abi.encodeWithSelector(PackedDebits.DebitZero.selector, 1));
        post = _buildWith(_each(1, 10), _debitOf(10, 5));
        _expectAttestRevert(post, abi.encodeWithSelector(ILedger.LedgerProviderUnregistered.selector, 11, 10));
        post = _buildWith(_each(1, 10), abi.encodePacked(_debitOf(9, 5), _debitOf(10, 5)));
        _expectAttestRevert(post, abi.encodeWithSelector(ILedger.LedgerProviderUnregistered.selector, 11, 10));
        post = _buildWith(_each(1, 10), _debitOf(type(uint32).max, 5));
        bytes4 selector = ILedger.LedgerProviderUnregistered.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, uint256(1) << 32, 10));
    }

    function test_Attest_RevertsWhen_OtherDebitsComeAlong() external {
        Post memory post = _buildWith(_each(1, 10), _debitOf(1, 5));
        post.debits = _debitOf(1, 6);
        bytes4 selector = IComputeContract.AttestationDebitsMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, post.message.debitsHash, keccak256(post.debits)));
        post.debits = "";
        _expectAttestRevert(post, abi.encodeWithSelector(selector, post.message.debitsHash, 0));
    }

    // ---- Netted ----

    function testFuzz_Claim_NetsTheDebt(uint64 credit, uint64 debited) external {
        credit = uint64(bound(credit, 1, 300e6));
        debited = uint64(bound(debited, 1, 300e6));
        bytes memory debits = _debitOf(6, debited);
        uint64 seq = _creditWith(_only(6, credit, 10), debits);
        _activate();
        _book(seq, debits);
        Figures memory f = _figures();
        uint64 absorbed = credit < debited ? credit : debited;
        uint256 paid = compute.claim(seq, _claimOfOne(seq, 6));
        assertEq(paid, uint256(credit - absorbed) * 1e12, "paid");
        assertEq(token.balanceOf(_payoutOf(6)), paid, "received");
        assertEq(_debtOf(6), debited - absorbed, "debt left");
        assertEq(compute.unusedWei(), f.unusedWei + uint256(absorbed) * 1e12, "unused");
        assertEq(compute.owedWei(), 0, "owed");
        assertEq(_settledOf(6), credit, "settled");
        assertEq(compute.heldWei(), compute.accountedWei(), "held = accounted");
    }

    /// @dev A payee that cannot be paid keeps its credit and its debt; the others are paid.
    function test_Claim_UnpaidPayeeKeepsCreditAndDebt() external {
        bytes memory debits = abi.encodePacked(_debitOf(6, 4), _debitOf(7, 4), _debitOf(8, 100));
        uint64 seq = _creditWith(_each(10, 10), debits);
        _activate();
        _book(seq, debits);
        token.setRefused(_payoutOf(6), true);
        token.setRefused(_payoutOf(8), true);
        vm.expectEmit(address(compute));
        emit IComputeContract.PaymentFailed(ProviderId.wrap(6), _payoutOf(6), 6);
        assertEq(compute.claim(seq, _claimOf(seq)), 76e12, "seven in full, 7 less its debt");
        assertEq(_settledOf(6), 0, "credit of 6");
        assertEq(_debtOf(6), 4, "debt of 6");
        assertEq(_debtOf(7), 0, "debt of 7");
        // Nothing is paid to 8, so that its address is refused does not matter.
        assertEq(_settledOf(8), 10, "credit of 8");
        assertEq(_debtOf(8), 90, "debt of 8");
        assertEq(compute.owedWei(), 10e12, "owed to 6");
        token.setRefused(_payoutOf(6), false);
        assertEq(compute.claim(seq, _claimOf(seq)), 6e12, "6 less its debt");
        assertEq(_debtOf(6), 0, "netted once");
        assertEq(compute.owedWei(), 0, "owed");
    }

    /// @dev The last payment of a batch that fills its memory keeps what would have been netted, to the unit.
    function test_Claim_UnpaidPayeeOfAWholeWord() external {
        bytes memory debits = _debitOf(3, 1_234_567);
        uint64 seq = _creditWith(_each(2e6, 4), debits);
        _activate();
        _book(seq, debits);
        token.setRefused(_payoutOf(3), true);
        assertEq(compute.claim(seq, _claimOf(seq)), 6e18, "the other three");
        assertEq(_settledOf(3), 0, "credit of the last");
        assertEq(_debtOf(3), 1_234_567, "its debt");
        token.setRefused(_payoutOf(3), false);
        assertEq(compute.claim(seq, _claimOfOne(seq, 3)), (2e6 - 1_234_567) * 1e12, "the rest");
    }

    /// @dev Active credit can be claimed before a later debit is booked; the debt waits for the next credit.
    function test_Claim_BeforeADebitIsBooked() external {
        _credit(_only(2, 10, 10));
        bytes memory debits = _debitOf(2, 7);
        uint64 seq = _creditWith(_only(2, 5, 10), debits);
        _activate();
        assertEq(compute.claim(1, _claimOfOne(1, 2)), 10e12, "the credit in full");
        _book(seq, debits);
        assertEq(compute.claim(seq, _claimOfOne(seq, 2)), 0, "the next one is netted");
        assertEq(_debtOf(2), 2, "debt left");
    }

    /// @dev Whatever the order of claims and bookings: the same is paid and the same debt is left, if booked first.
    /// hardhat-config: fuzz.runs = 50
    function testFuzz_Claim_TotalsDoNotDependOnTheOrder(bytes32 seed) external {
        bytes memory debits = abi.encodePacked(_debitOf(1, 12e6), _debitOf(2, 5e6), _debitOf(3, 1));
        uint64 first = _creditWith(_each(4e6, 10), debits);
        _credit(_each(3e6, 10));
        _credit(_each(2e6, 10));
        _activate();
        _book(first, debits);
        for (uint256 i = 0; i < 6; ++i) {
            seed = keccak256(abi.encode(seed));
            uint64 seq = uint64(1 + (uint256(seed) % 3));
            uint256 id = uint256(seed >> 8) % 10;
            bool all = uint256(seed >> 16) % 2 == 0;
            try compute.claim(seq, all ? _claimOf(seq) : _claimOfOne(seq, id)) {} catch {}
        }
        try compute.claim(3, _claimOf(3)) {} catch {}
        assertEq(token.balanceOf(_payoutOf(0)), 9e18, "without debt");
        assertEq(token.balanceOf(_payoutOf(1)), 0, "debt above its credit");
        assertEq(_debtOf(1), 3e6, "debt left");
        assertEq(token.balanceOf(_payoutOf(2)), 4e18, "debt below its credit");
        assertEq(token.balanceOf(_payoutOf(3)), 9e18 - 1e12, "debt of 1");
        assertEq(compute.owedWei(), 0, "owed");
        assertEq(compute.heldWei(), compute.accountedWei(), "held = accounted");
    }

    /// @dev A claim costs the same after one debit and after thirty.
    function test_Claim_CostDoesNotGrowWithDebits() external {
        bytes memory one = _debitOf(2, 60);
        bytes memory many;
        for (uint256 i = 0; i < 30; ++i) many = abi.encodePacked(many, _debitOf(6, 2));
        bytes memory debits = abi.encodePacked(one, many);
        uint64 seq = _creditWith(_each(100, 8), debits);
        _activate();
        _book(seq, debits);
        bytes memory ofOne = _claimOfOne(seq, 2);
        bytes memory ofMany = _claimOfOne(seq, 6);
        uint256 state = vm.snapshotState();
        uint256 gasBefore = gasleft();
        compute.claim(seq, ofOne);
        uint256 gasOfOne = gasBefore - gasleft();
        vm.revertToState(state);
        gasBefore = gasleft();
        compute.claim(seq, ofMany);
        assertApproxEqAbs(gasBefore - gasleft(), gasOfOne, 500, "gas of a claim");
        assertEq(token.balanceOf(_payoutOf(6)), 40e12, "paid");
    }
}
