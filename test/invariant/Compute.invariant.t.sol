// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {ComputeLens} from "../../contracts/periphery/ComputeLens.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {DebitFixture} from "../utils/DebitFixture.sol";
import {Test} from "../utils/Test.sol";

/// @title ComputeHandler
/// @notice Random but possible steps on the whole suite, and what an observer counts beside it. Every step does something:
/// what must be refused is sent too, and the refusal is checked.
contract ComputeHandler is DebitFixture {
    using PlainWordTree for PlainTree;

    enum Action {
        Register,
        Donate,
        Intake,
        Attest,
        AttestTooMuch,
        Veto,
        VetoActive,
        Debit,
        Claim,
        ClaimNothing,
        Refuse,
        Pass
    }

    uint256 private constant MAX_PROVIDERS = 24;

    ComputeLens private immutable _LENS = ComputeLens(deployCode("ComputeLens.sol:ComputeLens", ""));

    /// @dev How often each action went through.
    mapping(Action action => uint256) public done;
    /// @dev Everything minted to the compute contract, paid by it, and floor(opening / 100) of every day that was opened.
    uint256 public arrivedWei;
    uint256 public paidWei;
    uint256 public sharesWei;
    /// @dev Vetoed attestations, and debits by attestation as they were sent.
    mapping(uint256 seq => bool) public isVetoed;
    mapping(uint256 seq => bytes) private _debitsAt;
    /// @dev Debits booked against a provider, and what of them was netted, in uMOR.
    mapping(uint256 id => uint256) internal _bookedUMor;
    mapping(uint256 id => uint256) internal _absorbedUMor;
    bool private _vetoing;

    constructor() {
        _deploy({providers: 3, poolWei: 0});
        _arriveCounted(10_000e18);
    }

    // ---- Watched ----

    /// @dev What may never fall: seq, day and the settled lanes; the next block only with a veto.
    modifier watched() {
        uint256 seq = compute.lastSeq();
        uint256 day = compute.day();
        uint256 block_ = compute.nextBlock();
        uint256[] memory settled = _settledLanes();
        _;
        assertGe(compute.lastSeq(), seq, "last seq");
        assertGe(compute.day(), day, "day");
        if (!_vetoing) assertGe(compute.nextBlock(), block_, "next block");
        _vetoing = false;
        for (uint256 i = 0; i < settled.length; ++i) assertGe(_settledOf(i), settled[i], "settled lane");
        if (compute.day() != day) sharesWei += compute.openingWei() / 100;
    }

    function _settledLanes() private view returns (uint256[] memory settled) {
        settled = new uint256[](registry.providerCount());
        for (uint256 i = 0; i < settled.length; ++i) settled[i] = _settledOf(i);
    }

    function _arriveCounted(uint256 amountWei) private {
        token.mint(address(compute), amountWei);
        arrivedWei += amountWei;
    }

    // ---- Steps ----

    function register() external watched {
        uint256 count = registry.providerCount();
        if (count == MAX_PROVIDERS) return _toggle(count / 2);
        _register(_payoutOf(count));
        ++done[Action.Register];
    }

    function donate(uint256 amountWei) external watched {
        _arriveCounted(bound(amountWei, 1, 10_000e18));
        ++done[Action.Donate];
    }

    function intake() external watched {
        compute.intake();
        assertEq(compute.heldWei(), compute.accountedWei(), "held = accounted after an intake");
        ++done[Action.Intake];
    }

    /// @dev Credits one range of words with all, a part or one unit more than what the guard leaves.
    function attest(uint256 credit, uint256 place) external watched {
        uint256 allowanceWei = _LENS.poolState(compute).allowanceWei;
        uint64 allowanceUMor = uint64(allowanceWei / 1e12);
        uint64 creditUMor = credit % 8 == 0 ? allowanceUMor + 1 : uint64(bound(credit, 1, uint256(allowanceUMor) + 1));
        (PlainRange memory range, uint64[] memory deltas) = _spread(creditUMor, place);
        bytes memory debits = creditUMor > allowanceUMor ? bytes("") : _drawDebits(place);
        Post memory post = _buildRange(range, deltas);
        post.debits = debits;
        if (debits.length != 0) post.message.debitsHash = keccak256(debits);
        _sign(post);
        if (creditUMor > allowanceUMor) {
            bytes4 selector = IReserveBooks.ReserveAllowanceExceeded.selector;
            _expectAttestRevert(post, abi.encodeWithSelector(selector, uint256(creditUMor) * 1e12, allowanceWei));
            ++done[Action.AttestTooMuch];
            return;
        }
        PlainTree memory tree = _headTree((range.firstWord + range.count) * 4);
        tree.credit(range, deltas);
        _attest(post);
        lanesAt[post.message.seq] = tree.lanes;
        _debitsAt[post.message.seq] = debits;
        ++done[Action.Attest];
    }

    /// @dev Half of the time two debits within the room of the day as the books know it after an intake.
    function _drawDebits(uint256 random) private returns (bytes memory) {
        if ((random >> 200) % 2 == 0) return "";
        compute.intake();
        uint64 room = uint64(compute.budgetWei() / 1e12) - compute.debitedTodayUMor();
        if (room < 2) return "";
        uint256 count = registry.providerCount();
        uint64 amountUMor = uint64(bound(random >> 32, 1, room / 2));
        return abi.encodePacked(_debitOf(random % count, amountUMor), _debitOf((random >> 64) % count, amountUMor));
    }

    /// @dev Vetoes one of the last standing attestations, or fails to because it is active.
    function veto(uint256 which) external watched {
        uint64 seq = compute.headSeq();
        for (uint256 i = which % 3; i > 0 && seq > 1; --i) seq = uint64(compute.recordOf(seq).previousSeq);
        if (seq == 0) return;
        uint256 activeAt = compute.activeAtOf(seq);
        vm.prank(guardian);
        if (activeAt <= vm.getBlockTimestamp()) {
            vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationActive.selector, seq, activeAt));
            compute.veto(seq);
            ++done[Action.VetoActive];
            return;
        }
        compute.veto(seq);
        _vetoing = true;
        for (uint256 i = seq; i <= compute.lastSeq(); ++i) isVetoed[i] = true;
        ++done[Action.Veto];
    }

    /// @dev Books the newest debits that are active and not booked yet.
    function debit() external watched {
        uint64 seq = _LENS.activeSeqOf(compute);
        while (seq > 0 && (compute.debitsOf(seq).hash == 0 || isVetoed[seq])) --seq;
        if (seq == 0) return;
        bytes memory debits = _debitsAt[seq];
        compute.debit(seq, debits);
        for (uint256 i = 0; i < debits.length / 44; ++i) {
            (uint32 id, uint64 amountUMor) = _debitEntryAt(debits, i);
            _bookedUMor[id] += amountUMor;
        }
        ++done[Action.Debit];
    }

    function _debitEntryAt(bytes memory debits, uint256 i) private pure returns (uint32 id, uint64 amountUMor) {
        for (uint256 k = 0; k < 4; ++k) id = (id << 8) | uint8(debits[i * 44 + k]);
        for (uint256 k = 4; k < 12; ++k) amountUMor = (amountUMor << 8) | uint8(debits[i * 44 + k]);
    }

    /// @dev A word, or the whole tree; the credit goes to one or two registered providers in it.
    function _spread(
        uint64 creditUMor,
        uint256 place
    ) private view returns (PlainRange memory range, uint64[] memory deltas) {
        uint256 count = registry.providerCount();
        uint256 id = place % count;
        bool whole = (place >> 128) % 2 == 0;
        range = whole ? _rangeOf(count) : PlainRange({firstWord: id / 4, level: 0, count: 1});
        deltas = new uint64[](range.count * 4);
        uint64 part = uint64((place >> 64) % (uint256(creditUMor) + 1));
        uint256 first = id - range.firstWord * 4;
        deltas[first] = part;
        // Lane 0 of the range is registered whenever any of its lanes is.
        deltas[0] += creditUMor - part;
    }

    /// @dev Claims at a random active root, old or new, for some lanes of one word or of all.
    function claim(uint256 which, uint256 place, uint256 lanes) external watched {
        uint64 active = _LENS.activeSeqOf(compute);
        uint64 seq = uint64(bound(which, 0, active));
        if (isVetoed[seq]) seq = active;
        PlainTree memory tree = _treeAt(seq, 1);
        uint256 words = tree.lanes.length / 4;
        PlainRange memory range =
            place % 2 == 0
                ? _rangeOf(tree.lanes.length)
                : PlainRange({firstWord: (place >> 1) % words, level: 0, count: 1});
        lanes = bound(lanes, 0, 15);
        (uint256 dueUMor, uint256 payableUMor) = _dueOf(tree, range, lanes);
        bytes memory ranges = tree.encodeClaim(range, lanes);
        if (dueUMor == 0) {
            vm.expectRevert(abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, seq));
            compute.claim(seq, ranges);
            ++done[Action.ClaimNothing];
            return;
        }
        assertEq(compute.claim(seq, ranges), payableUMor * 1e12, "paid by the claim");
        paidWei += payableUMor * 1e12;
        ++done[Action.Claim];
    }

    /// @dev What a claim finds due, and the part of it that is paid: debt is netted, and the token accepts the payee. What
    /// is netted is noted.
    function _dueOf(
        PlainTree memory tree,
        PlainRange memory range,
        uint256 lanes
    ) private returns (uint256 dueUMor, uint256 payableUMor) {
        for (uint256 id = range.firstWord * 4; id < (range.firstWord + range.count) * 4; ++id) {
            uint256 settled = _settledOf(id);
            if ((lanes >> (id % 4)) & 1 == 0 || tree.laneAt(id) <= settled) continue;
            uint256 due = tree.laneAt(id) - settled;
            uint256 debt = _bookedUMor[id] - _absorbedUMor[id];
            uint256 absorbed = due < debt ? due : debt;
            dueUMor += due;
            if (due != absorbed && token.isRefused(_payoutOf(id))) continue;
            payableUMor += due - absorbed;
            _absorbedUMor[id] += absorbed;
        }
    }

    /// @dev The token begins or ceases to refuse a payee.
    function refuse(uint256 id) external watched {
        _toggle(id % registry.providerCount());
    }

    function _toggle(uint256 id) private {
        address payout = _payoutOf(id);
        token.setRefused(payout, !token.isRefused(payout));
        ++done[Action.Refuse];
    }

    /// @dev Time passes: often to the edge of a block, of a day or of an activation, or a second beside it.
    function pass(uint256 kind, uint256 seconds_) external watched {
        uint256 now_ = vm.getBlockTimestamp();
        uint256 elapsed = now_ - START;
        uint256 target = now_ + bound(seconds_, 1, 2 days);
        kind %= 5;
        if (kind == 0) target = START + (elapsed / 1 days + 1) * 1 days;
        if (kind == 1) target = START + (elapsed / 12 + 1) * 12;
        if (kind == 2 && compute.lastSeq() != 0) target = compute.recordOf(compute.lastSeq()).activeAt;
        if (kind == 3) target = now_ + bound(seconds_, 1, DELAY);
        if (kind < 3) target = target + (seconds_ % 3) - 1;
        vm.warp(target > now_ ? target : now_ + 1);
        ++done[Action.Pass];
    }

    // ---- What the observer knows ----

    function providerCount() external view returns (uint256) {
        return registry.providerCount();
    }

    /// @dev Lifetime credit, settled credit and balance of a provider.
    function accountOf(uint256 id) external view returns (uint256 laneUMor, uint256 settledUMor, uint256 receivedWei) {
        uint64[] storage lanes = lanesAt[compute.headSeq()];
        laneUMor = id < lanes.length ? lanes[id] : 0;
        return (laneUMor, _settledOf(id), token.balanceOf(_payoutOf(id)));
    }

    /// @dev Debits booked against a provider, what of them was netted, and its debt as the registry keeps it.
    function debtsOf(uint256 id) external view returns (uint256 bookedUMor, uint256 absorbedUMor, uint256 debtUMor) {
        debtUMor = registry.providerOf(ProviderId.wrap(uint32(id))).debtUMor;
        return (_bookedUMor[id], _absorbedUMor[id], debtUMor);
    }

    /// @dev Root of attestation `seq` as the twin has it.
    function plainRootOf(uint256 seq) external view returns (bytes32) {
        return _treeAt(seq, 1).rootOf();
    }

    function suite() external view returns (address) {
        return address(compute);
    }
}

/// @notice Solvency, conservation, the guard, no double pay and monotone lanes, after any sequence of steps.
contract ComputeInvariantTest is Test {
    ComputeHandler private _handler;
    IComputeContract private _compute;

    function setUp() external {
        _handler = new ComputeHandler();
        _compute = IComputeContract(_handler.suite());
        bytes4[] memory steps = new bytes4[](9);
        steps[0] = ComputeHandler.register.selector;
        steps[1] = ComputeHandler.donate.selector;
        steps[2] = ComputeHandler.intake.selector;
        steps[3] = ComputeHandler.attest.selector;
        steps[4] = ComputeHandler.claim.selector;
        steps[5] = ComputeHandler.refuse.selector;
        steps[6] = ComputeHandler.pass.selector;
        steps[7] = ComputeHandler.veto.selector;
        steps[8] = ComputeHandler.debit.selector;
        targetContract(address(_handler));
        targetSelector(FuzzSelector({addr: address(_handler), selectors: steps}));
    }

    function invariant_HeldCoversTheBuckets() external view {
        uint256 accounted = uint256(_compute.unusedWei()) + _compute.owedWei() + _compute.bootstrapWei();
        assertGe(_compute.heldWei(), accounted, "held >= unused + owed + bootstrap");
        assertEq(_compute.heldWei(), _handler.arrivedWei() - _handler.paidWei(), "held = arrived - paid");
    }

    function invariant_OwedIsTheSumOfWhatStandsUnpaid() external view {
        uint256 standingUMor = 0;
        uint256 creditedUMor = 0;
        for (uint256 i = 0; i < _handler.providerCount(); ++i) {
            (uint256 laneUMor, uint256 settledUMor, ) = _handler.accountOf(i);
            standingUMor += laneUMor - settledUMor;
            creditedUMor += laneUMor;
        }
        assertEq(_compute.owedWei(), standingUMor * 1e12, "owed = sum of lane - settled");
        assertEq(_compute.attestedUMor(), creditedUMor, "attested = sum of lanes");
    }

    /// @dev credited = paid + absorbed + unsettled, provider by provider, and what is absorbed is debt no longer.
    function invariant_NobodyIsPaidOrDebitedTwice() external view {
        for (uint256 i = 0; i < _handler.providerCount(); ++i) {
            (uint256 laneUMor, uint256 settledUMor, uint256 receivedWei) = _handler.accountOf(i);
            (uint256 bookedUMor, uint256 absorbedUMor, uint256 debtUMor) = _handler.debtsOf(i);
            uint256 unsettledUMor = laneUMor - settledUMor;
            assertEq(
                receivedWei + (absorbedUMor + unsettledUMor) * 1e12,
                laneUMor * 1e12,
                "paid + absorbed + unsettled"
            );
            assertEq(debtUMor + absorbedUMor, bookedUMor, "debt = debited - absorbed");
            assertLe(settledUMor, laneUMor, "settled <= credited");
        }
    }

    function invariant_RootsStay() external view {
        uint256 seq = _compute.lastSeq();
        assertEq(_compute.headRoot(), _handler.plainRootOf(_compute.headSeq()), "head root");
        uint256 older = uint256(keccak256(abi.encode(_compute.heldWei()))) % (seq + 1);
        bytes32 expected = _handler.isVetoed(older) ? bytes32(0) : _handler.plainRootOf(older);
        assertEq(_compute.rootOf(older), expected, "older root");
    }

    function invariant_TheGuardHoldsEveryDay() external view {
        assertLe(_compute.drawnTodayWei(), _compute.budgetWei(), "drawn <= budget");
        assertLe(uint256(_compute.debitedTodayUMor()) * 1e12, _compute.budgetWei(), "debited <= budget");
        uint256 reserved = uint256(_compute.attestedUMor()) * 1e12;
        assertLe(reserved, _handler.arrivedWei() + _handler.sharesWei(), "reserved <= arrivals + 1 % of each opening");
    }

    /// @dev The steps are real: a long random walk goes through each of them, accepted and refused.
    function test_Handler_EveryStepDoesSomething() external {
        for (uint256 i = 0; i < 720; ++i) {
            uint256 a = uint256(keccak256(abi.encode(i, "a")));
            uint256 b = uint256(keccak256(abi.encode(i, "b")));
            uint256 step = uint256(keccak256(abi.encode(i, "step"))) % 9;
            if (step == 0) _handler.register();
            else if (step == 1) _handler.donate(a);
            else if (step == 2) _handler.intake();
            else if (step == 3) _handler.attest(a, b);
            else if (step == 4) _handler.claim(a, b, a >> 128);
            else if (step == 5) _handler.refuse(a);
            else if (step == 6) _handler.veto(a);
            else if (step == 7) _handler.debit();
            else _handler.pass(a, b);
        }
        for (uint256 i = 0; i <= uint256(type(ComputeHandler.Action).max); ++i) {
            assertGe(_handler.done(ComputeHandler.Action(i)), 5, "successes of an action");
        }
    }
}
