// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../contracts/interfaces/IBootstrapPool.sol";
import {PackedRange} from "../../contracts/libraries/PackedRange.sol";
import {WordTree} from "../../contracts/libraries/WordTree.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {BootstrapFixture} from "../utils/BootstrapFixture.sol";
import {Vm} from "../utils/Vm.sol";

/// @notice `enter`: whoever sends what, the list becomes the true top 100.
contract BootstrapEntryTest is BootstrapFixture {
    using PlainWordTree for PlainTree;

    function setUp() external {
        _deployPool(12);
    }

    /// @dev `count` deltas, all above 0, no two alike unless `weights` is small.
    function _draw(uint256 seed, uint256 count, uint256 weights) private pure returns (uint64[] memory deltas) {
        deltas = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) deltas[i] = uint64(1 + (uint256(keccak256(abi.encode(seed, i))) % weights));
    }

    // ---- What enters ----

    function test_Enter_AProviderEntersItself() external {
        uint64[] memory deltas = _each(500, 12);
        deltas[5] = 700;
        _play(0, deltas);
        vm.expectEmit(address(pool));
        emit IBootstrapPool.ProvidersEntered(0, abi.encodePacked(uint48(700), uint24(5)));
        bytes32 listHash = _enterOne(0, 5);
        assertEq(listHash, keccak256(abi.encodePacked(uint48(700), uint24(5))), "one entry");
        assertEq(_enterOne(0, 3), _hashOf(_listOf(0)), "two entries");
        assertEq(pool.seasonOf(0).listHash, _hashOf(_listOf(0)), "hash in force");
    }

    function test_Enter_OneRangeEntersEverybody() external {
        _play(0, _draw(1, 12, 1e6));
        assertEq(_enterAll(0), _hashOf(_listOf(0)), "sorted list");
        assertEq(_listOf(0).length, 12 * 9, "all twelve");
    }

    /// @dev The weight is what was credited in the season, not before it.
    function test_Enter_WeighsTheSeasonAlone() external {
        _play(0, _draw(1, 12, 1e6));
        _play(1, _draw(2, 12, 1e6));
        _enterAll(1);
        vm.warp(_endOf(1));
        assertEq(_weightOf(1, 7), _draw(2, 12, 1e6)[7], "weight of one");
        assertEq(pool.seasonOf(1).listHash, _hashOf(_listOf(1)), "list of season 1");
        assertEq(pool.seasonOf(0).listHash, 0, "nobody entered season 0 in time");
    }

    /// @dev Providers that registered within the season stand where the tree before it was empty: the words given
    /// are full, and those left out count as nothing.
    function test_Enter_ProvidersBehindTheTreeBefore() external {
        _credit(_each(9, 8));
        vm.warp(_startOf(0));
        _play(0, _each(50, 12));
        PlainRange memory range = _rangeOf(12);
        (bytes memory before, bytes memory afterwards) = _proofs(0, range, 15);
        bytes memory shorter = _treeAt(1, 16).encodeClaim(PlainRange({firstWord: 0, level: 2, count: 2}), 15);
        assertLt(shorter.length, before.length, "empty words are left out");
        pool.enter(0, "", shorter, afterwards);
        for (uint256 id = 0; id < 12; ++id) _note(0, id);
        assertEq(pool.seasonOf(0).listHash, _hashOf(_listOf(0)), "all twelve");
    }

    /// @dev The same behind another range, whose memory is used again: words left out count as nothing there too.
    function test_Enter_ProvidersBehindTheTreeBeforeInALaterRange() external {
        for (uint256 i = 12; i < 64; ++i) _register(_payoutOf(i));
        _credit(_each(9, 24));
        vm.warp(_startOf(0));
        _play(0, _each(50, 64));
        (bytes memory before, bytes memory afterwards) = _proofs(0, _rangeOf(64), 5);
        bytes memory shorter = _treeAt(1, 64).encodeClaim(PlainRange({firstWord: 0, level: 4, count: 6}), 15);
        assertLt(shorter.length, before.length, "empty words are left out");
        (, bytes memory allAfterwards) = _proofs(0, _rangeOf(64), 15);
        pool.enter(0, "", bytes.concat(before, shorter), bytes.concat(afterwards, allAfterwards));
        for (uint256 id = 0; id < 64; ++id) _note(0, id);
        assertEq(pool.seasonOf(0).listHash, _hashOf(_listOf(0)), "all of them");
    }

    /// @dev Lanes that are not asked for stay out.
    function test_Enter_OnlyTheLanesNamed() external {
        _play(0, _draw(3, 12, 1e6));
        (bytes memory before, bytes memory afterwards) = _proofs(0, _rangeOf(12), 5);
        pool.enter(0, "", before, afterwards);
        for (uint256 id = 0; id < 12; ++id) if (id % 4 == 0 || id % 4 == 2) _note(0, id);
        assertEq(pool.seasonOf(0).listHash, _hashOf(_listOf(0)), "lanes 0 and 2");
    }

    /// @dev In whatever order and in however many pieces they come, some of them twice.
    function testFuzz_Enter_AnyOrderGivesTheSameList(uint256 seed) external {
        _play(0, _draw(seed, 12, seed % 2 == 0 ? 3 : 1e6));
        for (uint256 i = 0; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 id = seed % 12;
            bytes memory before = _listOf(0);
            _note(0, id);
            if (keccak256(_listOf(0)) == keccak256(before)) _expectEnterOneRevert(0, id, _nothingEntered(0, 0));
            else {
                (bytes memory old, bytes memory grown) = _proofs(0, _wordOf(id), 1 << (id % 4));
                pool.enter(0, before, old, grown);
            }
            assertEq(pool.seasonOf(0).listHash, _hashOf(_listOf(0)), "sorted list");
        }
    }

    /// @dev The events alone give the list: the best hundred of their entries.
    function test_Enter_EventsRebuildTheList() external {
        for (uint256 i = 12; i < 130; ++i) _register(_payoutOf(i));
        _play(0, _draw(4, 130, 40));
        vm.recordLogs();
        for (uint256 word = 0; word < 33; word += 11) {
            for (uint256 k = 0; k < 11; ++k) {
                (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf((word + k) * 4), 15);
                bytes memory list = _listOf(0);
                uint256 noted = list.length;
                for (uint256 id = (word + k) * 4; id < (word + k) * 4 + 4 && id < 130; ++id) _note(0, id);
                if (noted != 900 || keccak256(_listOf(0)) != keccak256(list)) pool.enter(0, list, before, afterwards);
            }
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint32[] memory ids = new uint32[](200);
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            assertEq(logs[i].topics[0], IBootstrapPool.ProvidersEntered.selector, "an event of the pool");
            bytes memory entries = abi.decode(logs[i].data, (bytes));
            for (uint256 k = 0; k < entries.length / 9; ++k) {
                (uint256 weight, uint256 id) = _entryAt(entries, k);
                assertEq(weight, _weightOf(0, id), "weight in the event");
                ids[count++] = uint32(id);
            }
        }
        assembly {
            mstore(ids, count)
        }
        assertEq(_hashOf(_listOfIds(0, ids)), pool.seasonOf(0).listHash, "list of the events");
        assertEq(_listOfIds(0, ids).length, 900, "a full list");
    }

    /// @dev A weight that 48 bits do not hold, 281 million MOR and so more than there can be, counts as the largest.
    function test_Enter_SaturatesAWeight() external {
        token.mint(address(compute), 1e29);
        vm.warp(WINDOW_START - 1);
        compute.intake();
        vm.warp(_startOf(0) + 1 hours);
        for (uint256 i = 0; i < 17; ++i) _credit(_only(2, 2 ** 44 - 1, 12));
        _weigh(0, 0, 17);
        vm.warp(_endOf(0));
        (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf(2), 4);
        pool.enter(0, "", before, afterwards);
        bytes memory expected = abi.encodePacked(type(uint48).max, uint24(2));
        assertEq(pool.seasonOf(0).listHash, keccak256(expected), "the largest weight");
    }

    // ---- What changes nothing ----

    /// @dev {BootstrapNothingEntered}: entered already, without weight, or nobody named.
    function test_Enter_RevertsWhen_NothingImproves() external {
        uint64[] memory deltas = _each(500, 12);
        deltas[6] = 0;
        _play(0, deltas);
        _enterOne(0, 5);
        _expectEnterOneRevert(0, 5, _nothingEntered(0, 0));
        _expectEnterOneRevert(0, 6, _nothingEntered(0, 0));
        bytes memory list = _listOf(0);
        vm.expectRevert(_nothingEntered(0, 0));
        pool.enter(0, list, "", "");
    }

    function test_Enter_RevertsWhen_NotOpen() external {
        _play(0, _each(500, 12));
        bytes4 selector = IBootstrapPool.BootstrapEntryNotOpen.selector;
        uint256 endAt = _endOf(0);
        vm.warp(endAt - 1);
        _expectEnterOneRevert(0, 1, abi.encodeWithSelector(selector, 0, endAt - 1, endAt, endAt + ENTRY));
        vm.warp(endAt);
        _enterOne(0, 1);
        vm.warp(endAt + ENTRY - 1);
        _enterOne(0, 2);
        vm.warp(endAt + ENTRY);
        _expectEnterOneRevert(0, 3, abi.encodeWithSelector(selector, 0, endAt + ENTRY, endAt, endAt + ENTRY));
    }

    function test_Enter_RevertsWhen_SeasonUnknown() external {
        bytes4 selector = IBootstrapPool.BootstrapSeasonUnknown.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, SEASONS, SEASONS));
        pool.enter(uint32(SEASONS), "", "", "");
        vm.expectRevert(abi.encodeWithSelector(selector, SEASONS, SEASONS));
        pool.seasonOf(SEASONS);
    }

    function test_Enter_RevertsWhen_ListStale() external {
        _play(0, _each(500, 12));
        (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf(4), 1);
        bytes32 inForce = _enterOne(0, 5);
        bytes4 selector = IBootstrapPool.BootstrapListStale.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0, inForce));
        pool.enter(0, "", before, afterwards);
        bytes memory forged = abi.encodePacked(uint48(501), uint24(5));
        vm.expectRevert(abi.encodeWithSelector(selector, 0, keccak256(forged), inForce));
        pool.enter(0, forged, before, afterwards);
        pool.enter(0, _listOf(0), before, afterwards);
    }

    /// @dev Proofs of season 0 are none in season 1, even for a provider whose lane did not change.
    function test_Enter_RevertsWhen_ProofIsOfAnotherSeason() external {
        _play(0, _each(500, 12));
        (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf(4), 1);
        _play(1, _only(9, 3, 12));
        bytes32 computed = compute.rootOf(1);
        bytes32 expected = compute.rootOf(2);
        vm.expectRevert(abi.encodeWithSelector(WordTree.LedgerRootMismatch.selector, 1, computed, expected));
        pool.enter(1, "", before, afterwards);
        (, bytes memory proper) = _proofs(1, _wordOf(4), 1);
        vm.expectRevert(abi.encodeWithSelector(WordTree.LedgerRootMismatch.selector, 1, compute.rootOf(0), computed));
        pool.enter(1, "", before, proper);
    }

    function test_Enter_RevertsWhen_RangesDiffer() external {
        _play(0, _each(500, 12));
        bytes4 selector = IBootstrapPool.BootstrapRangesDiffer.selector;
        (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf(4), 1);
        (bytes memory other, ) = _proofs(0, _wordOf(8), 1);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 1));
        pool.enter(0, "", other, afterwards);
        (bytes memory lanes, ) = _proofs(0, _wordOf(4), 3);
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 1));
        pool.enter(0, "", lanes, afterwards);
        (bytes memory longer, ) = _proofs(0, PlainRange({firstWord: 0, level: 2, count: 4}), 15);
        (, bytes memory shorter) = _proofs(0, PlainRange({firstWord: 0, level: 1, count: 2}), 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0));
        pool.enter(0, "", longer, shorter);
        // More words before the season than after it, in a range of the same place and level.
        (bytes memory wider, ) = _proofs(0, PlainRange({firstWord: 0, level: 3, count: 8}), 15);
        (, bytes memory narrower) = _proofs(0, PlainRange({firstWord: 0, level: 3, count: 6}), 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0));
        pool.enter(0, "", wider, narrower);
        vm.expectRevert(abi.encodeWithSelector(PackedRange.LedgerTrailingBytes.selector, other.length));
        pool.enter(0, "", bytes.concat(before, other), afterwards);
        vm.expectRevert(abi.encodeWithSelector(PackedRange.LedgerPayloadTruncated.selector, 8, 0));
        pool.enter(0, "", "", afterwards);
    }

    // ---- The hundredth ----

    /// @dev A full list of equal weights: the lower id comes in, the higher one stays out, the heavier one displaces the last.
    function test_Enter_TiesAtTheHundredthRank() external {
        for (uint256 i = 12; i < 104; ++i) _register(_payoutOf(i));
        uint64[] memory deltas = _each(500, 104);
        deltas[103] = 499;
        deltas[102] = 501;
        _play(0, deltas);
        for (uint256 word = 0; word < 100; word += 4) {
            (bytes memory before, bytes memory afterwards) = _proofs(0, _wordOf(word + 4), 15);
            // Ids 1 to 100 at first.
            if (word == 96) (before, afterwards) = _proofs(0, _wordOf(100), 1);
            bytes memory list = _listOf(0);
            for (uint256 id = word + 4; id < word + 8 && id < 101; ++id) _note(0, id);
            pool.enter(0, list, before, afterwards);
        }
        for (uint256 id = 1; id < 4; ++id) _enterOne(0, id);
        assertEq(_listOf(0).length, 900, "full");
        _expectEnterOneRevert(0, 101, _nothingEntered(0, 500));
        _expectEnterOneRevert(0, 103, _nothingEntered(0, 500));
        assertEq(_enterOne(0, 0), _hashOf(_listOf(0)), "the lower id displaces the highest");
        (, uint256 lastId) = _entryAt(_listOf(0), 99);
        assertEq(lastId, 99, "the last of them");
        _expectEnterOneRevert(0, 100, _nothingEntered(0, 500));
        assertEq(_enterOne(0, 102), _hashOf(_listOf(0)), "the heavier comes first");
        (, uint256 firstId) = _entryAt(_listOf(0), 0);
        assertEq(firstId, 102, "rank 0");
    }
}
