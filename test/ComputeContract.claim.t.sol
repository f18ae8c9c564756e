// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {PackedRange} from "../contracts/libraries/PackedRange.sol";
import {WordTree} from "../contracts/libraries/WordTree.sol";
import {PlainRange, PlainTree, PlainWordTree} from "./mocks/PlainWordTree.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `claim`: each credit is paid once, to the provider's own address, from any active root.
contract ComputeContractClaimTest is ComputeFixture {
    using PlainWordTree for PlainTree;

    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    function _paymentOf(uint256 id, uint64 amountUMor) private pure returns (bytes memory) {
        return abi.encodePacked(uint32(id), amountUMor);
    }

    function _expectClaimRevert(uint64 seq, bytes memory ranges, bytes memory reason) private {
        vm.expectRevert(reason);
        compute.claim(seq, ranges);
    }

    /// @dev Slots of the compute contract that a claim by provider `id` alone reads.
    function _slotsRead(uint64 seq, uint256 id) private returns (uint256) {
        bytes memory ranges = _claimOfOne(seq, id);
        vm.record();
        compute.claim(seq, ranges);
        (bytes32[] memory readSlots, ) = vm.accesses(address(compute));
        return readSlots.length;
    }

    // ---- Paid ----

    /// @dev That an attestation is active is looked up once: later claims from it do without its record.
    function test_Claim_LooksUpOnceWhetherTheRootIsActive() external {
        uint64 older = _credit(_each(5, 10));
        uint64 newer = _credit(_each(5, 10));
        _activate();
        compute.claim(older, _claimOfOne(older, 0));
        uint256 looksNothingUp = _slotsRead(older, 4);
        assertGt(_slotsRead(newer, 8), looksNothingUp, "reads of the first claim from an attestation");
        assertEq(_slotsRead(newer, 5), looksNothingUp, "reads of the second");
    }

    function test_Claim_PaysEveryProviderOfTheRange() external {
        uint64[] memory deltas = new uint64[](10);
        bytes memory payments;
        uint64 totalUMor = 0;
        for (uint64 i = 0; i < 10; ++i) {
            // Provider 4 is not credited: it is passed over.
            deltas[i] = i == 4 ? 0 : 1000 + i;
            totalUMor += deltas[i];
            if (i != 4) payments = abi.encodePacked(payments, _paymentOf(i, deltas[i]));
        }
        uint64 seq = _credit(deltas);
        _activate();
        bytes memory ranges = _claimOf(seq);
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, totalUMor, payments);
        uint256 paidWei = compute.claim(seq, ranges);

        assertEq(paidWei, uint256(totalUMor) * 1e12, "paid");
        assertEq(compute.owedWei(), 0, "owed");
        assertEq(compute.heldWei(), 1000e18 - paidWei, "held");
        for (uint256 i = 0; i < 10; ++i) {
            assertEq(token.balanceOf(_payoutOf(i)), uint256(deltas[i]) * 1e12, "balance of a provider");
            assertEq(_settledOf(i), deltas[i], "settled lane");
        }
    }

    /// @dev Anyone may claim for anyone; the money goes to the provider's own address.
    function testFuzz_Claim_ByAnyone(address sender) external {
        uint64 seq = _credit(_each(5, 10));
        _activate();
        bytes memory ranges = _claimOfOne(seq, 6);
        vm.prank(sender);
        compute.claim(seq, ranges);
        assertEq(token.balanceOf(_payoutOf(6)), 5e12, "balance of the provider");
        assertEq(compute.owedWei(), 45e12, "owed");
    }

    /// @dev Claims at older and newer roots in any order pay each credit once, and all of it in the end.
    /// hardhat-config: fuzz.runs = 100
    function testFuzz_Claim_AnyOrderPaysEachCreditOnce(bytes32 seed) external {
        uint64[] memory total = new uint64[](10);
        for (uint256 n = 0; n < 4; ++n) {
            uint64[] memory deltas = new uint64[](10);
            for (uint256 i = 0; i < 10; ++i) {
                seed = keccak256(abi.encode(seed));
                deltas[i] = uint64(uint256(seed) % 3) * 1e6 + (i == n ? 1 : 0);
                total[i] += deltas[i];
            }
            _credit(deltas);
        }
        _activate();
        for (uint256 n = 0; n < 8; ++n) {
            seed = keccak256(abi.encode(seed));
            uint64 seq = uint64(1 + (uint256(seed) % 4));
            uint256 id = uint256(seed >> 8) % 10;
            bytes memory ranges = uint256(seed >> 16) % 2 == 0 ? _claimOf(seq) : _claimOfOne(seq, id);
            try compute.claim(seq, ranges) {} catch {}
            for (uint256 i = 0; i < 10; ++i) {
                assertEq(token.balanceOf(_payoutOf(i)), uint256(_settledOf(i)) * 1e12, "paid = settled");
                assertLe(_settledOf(i), total[i], "settled <= credited");
            }
        }
        try compute.claim(4, _claimOf(4)) {} catch {}
        for (uint256 i = 0; i < 10; ++i) assertEq(_settledOf(i), total[i], "everything paid in the end");
        assertEq(compute.owedWei(), 0, "owed");
    }

    function test_Claim_AtANewerRootThenAtAnOlderOne() external {
        _credit(_each(5, 10));
        _credit(_each(7, 10));
        _activate();
        assertEq(compute.claim(2, _claimOf(2)), 120e12, "both credits");
        bytes memory older = _claimOf(1);
        _expectClaimRevert(1, older, abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, 1));
        assertEq(_settledOf(0), 12, "settled does not fall");
    }

    function test_Claim_AtAnOlderRootThenAtANewerOne() external {
        _credit(_each(5, 10));
        _credit(_each(7, 10));
        _activate();
        assertEq(compute.claim(1, _claimOf(1)), 50e12, "first credit");
        assertEq(compute.claim(2, _claimOf(2)), 70e12, "second credit");
    }

    /// @dev Every mask of lanes: those left out stay as they were.
    function test_Claim_OfSomeLanes() external {
        uint64 seq = _credit(_each(3, 10));
        _activate();
        PlainTree memory tree = _treeAt(seq, 10);
        PlainRange memory range = _rangeOf(10);
        for (uint256 lanes = 1; lanes < 16; ++lanes) {
            uint256 id = vm.snapshotState();
            compute.claim(seq, tree.encodeClaim(range, lanes));
            for (uint256 i = 0; i < 10; ++i) {
                assertEq(_settledOf(i), (lanes >> (i % 4)) & 1 == 1 ? 3 : 0, "settled");
            }
            vm.revertToState(id);
        }
        bytes memory none = tree.encodeClaim(range, 0);
        _expectClaimRevert(seq, none, abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, seq));
    }

    /// @dev Several ranges, one of them twice: the second time it finds nothing due.
    function test_Claim_OfSeveralRanges() external {
        uint64 seq = _credit(_each(3, 10));
        _activate();
        bytes memory one = _claimOfOne(seq, 1);
        bytes memory two = _claimOfOne(seq, 9);
        uint256 before = vm.snapshotState();
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, 6, abi.encodePacked(_paymentOf(1, 3), _paymentOf(9, 3)));
        compute.claim(seq, abi.encodePacked(one, two, one));
        assertEq(token.balanceOf(_payoutOf(1)), 3e12, "paid once");
        // The room that a range left is the next one's.
        vm.revertToState(before);
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, 6, abi.encodePacked(_paymentOf(1, 3), _paymentOf(9, 3)));
        compute.claim(seq, abi.encodePacked(one, one, two));
    }

    /// @dev Two ranges in one batch, each of eight words due in full: the payments of the second do not reach its payees.
    function test_Claim_OfTwoWideRanges() external {
        for (uint256 i = 10; i < 64; ++i) _register(_payoutOf(i));
        uint64 seq = _credit(_each(7, 64));
        _activate();
        PlainTree memory tree = _treeAt(seq, 64);
        bytes memory first = tree.encodeClaim(PlainRange({firstWord: 0, level: 3, count: 8}), 15);
        bytes memory second = tree.encodeClaim(PlainRange({firstWord: 8, level: 3, count: 8}), 15);
        assertEq(compute.claim(seq, bytes.concat(first, second)), 64 * 7e12, "paid");
        for (uint256 i = 0; i < 64; ++i) assertEq(token.balanceOf(_payoutOf(i)), 7e12, "each its own");
    }

    /// @dev A batch of more than a few words: every provider gets its own, and the list of payments is whole.
    function test_Claim_OfManyProviders() external {
        for (uint256 i = 10; i < 300; ++i) _register(_payoutOf(i));
        uint64[] memory deltas = new uint64[](300);
        bytes memory payments;
        for (uint64 i = 0; i < 300; ++i) {
            deltas[i] = i % 7;
            if (i % 7 != 0) payments = abi.encodePacked(payments, _paymentOf(i, i % 7));
        }
        uint64 seq = _credit(deltas);
        _activate();
        bytes memory ranges = _claimOf(seq);
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, compute.attestedUMor(), payments);
        compute.claim(seq, ranges);
        for (uint256 i = 0; i < 300; ++i) {
            assertEq(token.balanceOf(_payoutOf(i)), uint256(deltas[i]) * 1e12, "balance of a provider");
        }
    }

    // ---- When ----

    function test_Claim_RevertsWhen_Pending() external {
        uint64 seq = _credit(_each(3, 10));
        uint256 activeAt = vm.getBlockTimestamp() + DELAY;
        bytes memory ranges = _claimOf(seq);
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerAttestationPending.selector, seq, activeAt);
        _expectClaimRevert(seq, ranges, reason);
        vm.warp(activeAt - 1);
        _expectClaimRevert(seq, ranges, reason);
        vm.warp(activeAt);
        assertEq(compute.claim(seq, ranges), 30e12, "paid at the first active second");
        // That it was found active says nothing of a later one.
        uint64 later = _credit(_each(4, 10));
        activeAt = vm.getBlockTimestamp() + DELAY;
        reason = abi.encodeWithSelector(ILedger.LedgerAttestationPending.selector, later, activeAt);
        _expectClaimRevert(later, _claimOf(later), reason);
        vm.warp(activeAt);
        assertEq(compute.claim(later, _claimOf(later)), 40e12, "paid when it is active too");
    }

    function testFuzz_Claim_RevertsWhen_Unknown(uint64 seq) external {
        _credit(_each(3, 10));
        _activate();
        seq = uint64(bound(seq, 2, type(uint64).max));
        bytes memory ranges = _claimOf(1);
        _expectClaimRevert(seq, ranges, abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, seq));
    }

    function test_Claim_RevertsWhen_NothingIsDue() external {
        uint64 seq = _credit(_only(3, 5, 10));
        _activate();
        bytes memory reason = abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, seq);
        _expectClaimRevert(seq, _claimOfOne(seq, 2), reason);
        _expectClaimRevert(seq, "", reason);
        compute.claim(seq, _claimOf(seq));
        _expectClaimRevert(seq, _claimOf(seq), reason);
    }

    /// @dev The empty ledger before the first attestation is active and credits nobody.
    function test_Claim_RevertsWhen_AtTheEmptyLedger() external {
        bytes memory ranges = _claimOf(0);
        _expectClaimRevert(0, ranges, abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, 0));
    }

    // ---- Proofs ----

    /// @dev Words of one root do not prove anything at another.
    function test_Claim_RevertsWhen_WordsAreOfAnotherRoot() external {
        _credit(_each(3, 10));
        _credit(_each(4, 10));
        _activate();
        bytes memory ranges = _claimOf(2);
        bytes4 selector = WordTree.LedgerRootMismatch.selector;
        _expectClaimRevert(1, ranges, abi.encodeWithSelector(selector, 0, compute.rootOf(2), compute.rootOf(1)));
    }

    function test_Claim_RevertsWhen_LanesAreRaised() external {
        uint64 seq = _credit(_each(3, 10));
        _activate();
        PlainTree memory tree = _treeAt(seq, 10);
        tree.lanes[5] += 1;
        bytes memory ranges = tree.encodeClaim(_rangeOf(10), 15);
        bytes4 selector = WordTree.LedgerRootMismatch.selector;
        _expectClaimRevert(seq, ranges, abi.encodeWithSelector(selector, 0, tree.rootOf(), compute.rootOf(seq)));
    }

    function test_Claim_RevertsWhen_RangeIsMalformed() external {
        uint64 seq = _credit(_each(3, 10));
        _activate();
        bytes memory outside = PlainWordTree.encodeHeader(PlainRange(1 << 20, 0, 1), 1);
        bytes4 selector = PackedRange.LedgerRangeOutsideTree.selector;
        _expectClaimRevert(seq, outside, abi.encodeWithSelector(selector, 1 << 20, 0));
        bytes memory misaligned = PlainWordTree.encodeHeader(PlainRange(3, 1, 2), 1);
        selector = PackedRange.LedgerRangeMisaligned.selector;
        _expectClaimRevert(seq, misaligned, abi.encodeWithSelector(selector, 3, 1));
        bytes memory trailing = abi.encodePacked(_claimOf(seq), uint8(0));
        selector = PackedRange.LedgerPayloadTruncated.selector;
        _expectClaimRevert(seq, trailing, abi.encodeWithSelector(selector, 8, 1));
    }

    /// @dev What the registry says is passed on as it is, and nothing is settled.
    function test_Claim_RevertsWhen_TheRegistryRefuses() external {
        uint64 seq = _credit(_each(3, 10));
        _activate();
        bytes memory ranges = _claimOf(seq);
        bytes memory code = address(registry).code;
        // Reverts with four bytes of its own.
        vm.etch(address(registry), hex"63feedc0de5f526004601cfd");
        _expectClaimRevert(seq, ranges, hex"feedc0de");
        // Reverts with nothing, as when gas runs out.
        vm.etch(address(registry), hex"fe");
        _expectClaimRevert(seq, ranges, "");
        vm.etch(address(registry), code);
        assertEq(compute.settledWord(0), 0, "nothing is settled");
        assertEq(compute.claim(seq, ranges), 30e12, "paid");
    }

    // ---- Liveness ----

    /// @dev Nobody is needed: routers gone, and a schedule that fails, a claim is paid all the same.
    function test_Claim_WithoutRoutersAndSchedule() external {
        uint64 seq = _credit(_each(3, 10));
        vm.etch(address(routers), "");
        vm.etch(address(schedule), hex"fe");
        skip(400 days);
        assertEq(compute.claim(seq, _claimOf(seq)), 30e12, "paid");
        vm.expectRevert();
        compute.intake();
    }
}
