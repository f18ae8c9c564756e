// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "../libraries/Memory.sol";
import {MAX_RANKS} from "../types/BootstrapWindow.sol";

/// @title RankedList
/// @notice The best providers of a season, as they travel: { weight u48 | provider id u24 } each, sorted by falling weight,
/// equal weights by rising id.
///
/// MECHANISM
/// @dev Sorted, because then a place is found in seven steps, the worst is the last, and one `mcopy` makes room; unsorted, each
/// @dev entry into a full list would read all of it to find the worst.
/// @dev An entry with its id inverted falls with its rank: one comparison decides.
library RankedList {
    /// @dev `count` entries from `start` on in memory, with room for one more than the list keeps.
    struct List {
        uint256 start;
        uint256 count;
    }

    uint256 internal constant ENTRY_BYTES = 9;
    uint256 internal constant MAX_WEIGHT = type(uint48).max;
    uint256 private constant ID_MASK = type(uint24).max;

    /// @dev An entry; `weight` has 48 bits, `id` 24.
    function entryOf(uint256 weight, uint256 id) internal pure returns (uint256) {
        return (weight << 24) | id;
    }

    function weightOf(uint256 entry) internal pure returns (uint256) {
        return entry >> 24;
    }

    function idOf(uint256 entry) internal pure returns (uint256) {
        return entry & ID_MASK;
    }

    // ---- In calldata ----

    /// @dev Hash of a list; 0 for the empty one.
    function hashOf(bytes calldata list) internal pure returns (bytes32) {
        return list.length == 0 ? bytes32(0) : keccak256(list);
    }

    function countOf(bytes calldata list) internal pure returns (uint256) {
        return list.length / ENTRY_BYTES;
    }

    /// @dev Entry of rank `i`, which is below the count.
    function entryAt(bytes calldata list, uint256 i) internal pure returns (uint256 entry) {
        assembly ("memory-safe") {
            // The top nine bytes of the load.
            entry := shr(184, calldataload(add(list.offset, mul(i, 9))))
        }
    }

    // ---- In memory ----

    /// @dev A copy that can grow.
    function open(bytes calldata list) internal pure returns (List memory ranked) {
        // One entry more than is kept, and what is read behind the last.
        uint256 start = Memory.allocate(((MAX_RANKS + 1) * ENTRY_BYTES) / 32 + 2);
        assembly ("memory-safe") {
            calldatacopy(start, list.offset, list.length)
        }
        ranked.start = start;
        ranked.count = countOf(list);
    }

    /// @dev Puts `entry` into its place and drops the last of a list that is too long.
    /// @return entered False if it is in the list already or behind the last of a full one.
    function insert(List memory ranked, uint256 entry) internal pure returns (bool entered) {
        uint256 start = ranked.start;
        uint256 count = ranked.count;
        uint256 key = entry ^ ID_MASK;
        unchecked {
            // Bounded by count <= MAX_RANKS.
            uint256 low = 0;
            uint256 high = count;
            // Most of those that come late do not make it: the last is asked first.
            if (count == MAX_RANKS) {
                if (_keyAt(start, MAX_RANKS - 1) >= key) return false;
                high = MAX_RANKS - 1;
            }
            while (low < high) {
                uint256 middle = (low + high) >> 1;
                uint256 other = _keyAt(start, middle);
                if (other == key) return false;
                if (other > key) low = middle + 1;
                else high = middle;
            }
            uint256 place = start + low * ENTRY_BYTES;
            uint256 behind = (count - low) * ENTRY_BYTES;
            assembly ("memory-safe") {
                // The list has room for one entry more and a word behind it.
                mcopy(add(place, 9), place, behind)
                mstore(place, or(shl(184, entry), and(mload(place), sub(shl(184, 1), 1))))
            }
            if (count != MAX_RANKS) ranked.count = count + 1;
        }
        return true;
    }

    /// @dev Weight of the last of a full list; 0 while there is room.
    function lastOfFull(List memory ranked) internal pure returns (uint256 weight) {
        return ranked.count == MAX_RANKS ? weightOf(_keyAt(ranked.start, MAX_RANKS - 1)) : 0;
    }

    /// @dev Hash of the list.
    function hash(List memory ranked) internal pure returns (bytes32 listHash) {
        uint256 start = ranked.start;
        uint256 length = ranked.count * ENTRY_BYTES;
        assembly ("memory-safe") {
            listHash := keccak256(start, length)
        }
    }

    function _keyAt(uint256 start, uint256 i) private pure returns (uint256 key) {
        unchecked {
            // i < count
            return (Memory.load(start + i * ENTRY_BYTES) >> 184) ^ ID_MASK;
        }
    }
}
