// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RankedList} from "../../contracts/bootstrap/RankedList.sol";
import {MAX_RANKS} from "../../contracts/types/BootstrapWindow.sol";
import {RankedListHarness} from "../mocks/RankedListHarness.sol";
import {Test} from "../utils/Test.sol";

/// @notice The list against its definition: sort everything, keep the first hundred.
contract RankedListTest is Test {
    RankedListHarness private _harness = RankedListHarness(deployCode("RankedListHarness.sol:RankedListHarness", ""));

    /// @dev Heavier first, and of the same weight the lower id.
    function _isBefore(uint256 a, uint256 b) private pure returns (bool) {
        uint256 weightA = a >> 24;
        uint256 weightB = b >> 24;
        return weightA != weightB ? weightA > weightB : (a & 0xffffff) < (b & 0xffffff);
    }

    /// @dev Distinct entries in their order, by plain insertion.
    function _sorted(uint256[] memory entries) private pure returns (uint256[] memory ranked) {
        ranked = new uint256[](entries.length);
        uint256 count = 0;
        for (uint256 i = 0; i < entries.length; ++i) {
            uint256 place = 0;
            while (place < count && _isBefore(ranked[place], entries[i])) ++place;
            if (place < count && ranked[place] == entries[i]) continue;
            for (uint256 k = count; k > place; --k) ranked[k] = ranked[k - 1];
            ranked[place] = entries[i];
            ++count;
        }
        if (count > MAX_RANKS) count = MAX_RANKS;
        assembly {
            mstore(ranked, count)
        }
    }

    function _pack(uint256[] memory entries) private pure returns (bytes memory list) {
        for (uint256 i = 0; i < entries.length; ++i) list = abi.encodePacked(list, uint72(entries[i]));
    }

    /// @dev `count` entries: few weights, so that many tie, or many; some of them twice.
    function _draw(uint256 seed, uint256 count, uint256 weights) private pure returns (uint256[] memory entries) {
        entries = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 id = seed % 7 == 0 && i > 0 ? entries[(seed >> 8) % i] & 0xffffff : i * 3 + ((seed >> 64) % 3);
            // A provider has one weight in a season.
            entries[i] = RankedList.entryOf(1 + (uint256(keccak256(abi.encode(id, weights))) % weights), id);
        }
    }

    function testFuzz_Insert_KeepsTheBestHundredInAnyOrder(uint256 seed, uint256 count, uint256 weights) external view {
        weights = weights % 2 == 0 ? bound(weights >> 1, 1, 5) : bound(weights >> 1, 1, type(uint48).max);
        uint256[] memory entries = _draw(seed, bound(count, 1, 140), weights);
        (uint256[] memory ranked, , bytes32 hash, uint256 last) = _harness.insertAll("", entries);
        uint256[] memory expected = _sorted(entries);
        assertEq(abi.encode(ranked), abi.encode(expected), "ranked list");
        assertEq(hash, keccak256(_pack(expected)), "hash of the list");
        uint256 lowest = expected.length == MAX_RANKS ? expected[MAX_RANKS - 1] >> 24 : 0;
        assertEq(last, lowest, "weight of the last");
    }

    /// @dev What a list read from calldata does is what the one in memory would have done.
    function testFuzz_Insert_GoesOnFromAListInCalldata(uint256 seed, uint256 count, uint256 cut) external view {
        uint256[] memory entries = _draw(seed, bound(count, 2, 130), 50);
        cut = bound(cut, 1, entries.length - 1);
        uint256[] memory first = new uint256[](cut);
        uint256[] memory rest = new uint256[](entries.length - cut);
        for (uint256 i = 0; i < entries.length; ++i) {
            if (i < cut) first[i] = entries[i];
            else rest[i - cut] = entries[i];
        }
        bytes memory list = _pack(_sorted(first));
        assertEq(abi.encode(_harness.read(list)), abi.encode(_sorted(first)), "read back");
        (uint256[] memory ranked, , , ) = _harness.insertAll(list, rest);
        assertEq(abi.encode(ranked), abi.encode(_sorted(entries)), "ranked list");
    }

    function test_Insert_SaysWhetherItEntered() external view {
        uint256[] memory entries = new uint256[](105);
        for (uint256 i = 0; i < 100; ++i) entries[i] = RankedList.entryOf(10, 200 + i);
        entries[100] = RankedList.entryOf(10, 299);
        entries[101] = RankedList.entryOf(9, 1);
        entries[102] = RankedList.entryOf(10, 300);
        entries[103] = RankedList.entryOf(10, 199);
        entries[104] = RankedList.entryOf(10, 299);
        (uint256[] memory ranked, bool[] memory entered, , uint256 last) = _harness.insertAll("", entries);
        for (uint256 i = 0; i < 100; ++i) assertTrue(entered[i], "room");
        assertFalse(entered[100], "in the list already, as its last");
        assertFalse(entered[101], "lighter than the last");
        assertFalse(entered[102], "as heavy as the last, with a higher id");
        assertTrue(entered[103], "as heavy as the last, with a lower id");
        assertFalse(entered[104], "displaced, and not better since");
        assertEq(RankedList.idOf(ranked[0]), 199, "first");
        assertEq(RankedList.idOf(ranked[99]), 298, "last");
        assertEq(last, 10, "weight of the last");
    }
}
