// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A stretch of the ledger: lanes in order of their ids, from the first lane of word `firstWord`; all else is empty.
struct PlainTree {
    uint256 firstWord;
    uint64[] lanes;
}

/// @dev An aligned subtree of 2^level words whose first `count` travel.
struct PlainRange {
    uint256 firstWord;
    uint256 level;
    uint256 count;
}

/// @title PlainWordTree
/// @notice The word tree by its definition alone: recursion and loops, no assembly, nothing shared with the contracts.
/// It also writes what the contracts read: ranges, witnesses and claims.
library PlainWordTree {
    uint256 internal constant DEPTH = 20;
    uint256 internal constant LANES = 4;

    // ------------------------------------------------------------------------------------------------ the tree

    function emptyNode(uint256 level) internal pure returns (bytes32 node) {
        for (uint256 i = 0; i < level; ++i) node = keccak256(abi.encode(node, node));
    }

    function laneAt(PlainTree memory tree, uint256 id) internal pure returns (uint64) {
        uint256 firstId = tree.firstWord * LANES;
        return id < firstId || id >= firstId + tree.lanes.length ? 0 : tree.lanes[id - firstId];
    }

    function wordAt(PlainTree memory tree, uint256 word) internal pure returns (uint256 packed) {
        for (uint256 k = 0; k < LANES; ++k) packed |= uint256(laneAt(tree, word * LANES + k)) << (64 * k);
    }

    /// @dev Hash of the subtree of 2^level words at `index`.
    function nodeAt(PlainTree memory tree, uint256 level, uint256 index) internal pure returns (bytes32) {
        uint256 begin = index << level;
        uint256 end = begin + (1 << level);
        uint256 treeEnd = tree.firstWord + (tree.lanes.length + LANES - 1) / LANES;
        if (end <= tree.firstWord || begin >= treeEnd) return emptyNode(level);
        if (level == 0) return bytes32(wordAt(tree, begin));
        return keccak256(abi.encode(nodeAt(tree, level - 1, 2 * index), nodeAt(tree, level - 1, 2 * index + 1)));
    }

    function rootOf(PlainTree memory tree) internal pure returns (bytes32) {
        return nodeAt(tree, DEPTH, 0);
    }

    /// @dev Adds the deltas of `range`, four a word, to the lanes of `tree`, which holds them all.
    /// @return sumUMor Exact sum of the deltas.
    /// @return endId One above the highest credited id, but at least the first id of the last two words of the range.
    function credit(
        PlainTree memory tree,
        PlainRange memory range,
        uint64[] memory deltas
    ) internal pure returns (uint256 sumUMor, uint256 endId) {
        uint256 firstId = range.firstWord * LANES;
        endId = firstId + (range.count < 2 ? 0 : range.count - 2) * LANES;
        for (uint256 i = 0; i < deltas.length; ++i) {
            if (deltas[i] == 0) continue;
            tree.lanes[firstId + i - tree.firstWord * LANES] += deltas[i];
            sumUMor += deltas[i];
            if (firstId + i + 1 > endId) endId = firstId + i + 1;
        }
    }

    function copy(PlainTree memory tree) internal pure returns (PlainTree memory) {
        return abi.decode(abi.encode(tree), (PlainTree));
    }

    // ------------------------------------------------------------------------------------------------ encoding

    /// @dev The lanes of `range` as they stand in the tree.
    function lanesIn(PlainTree memory tree, PlainRange memory range) internal pure returns (uint64[] memory lanes) {
        lanes = new uint64[](range.count * LANES);
        for (uint256 i = 0; i < lanes.length; ++i) lanes[i] = laneAt(tree, range.firstWord * LANES + i);
    }

    /// @dev Bits of the widest of `values`.
    function widthOf(uint64[] memory values) internal pure returns (uint256 bits) {
        for (uint256 i = 0; i < values.length; ++i) {
            while (values[i] >> bits != 0) ++bits;
        }
    }

    /// @dev Smallest level whose subtree has room for `words` words.
    function levelFor(uint256 words) internal pure returns (uint256 level) {
        while (1 << level < words) ++level;
    }

    /// @dev A stream of hex digits: each word is `bits` digits, lane 0 at its low end. A single word fills whole bytes.
    function encodePayload(
        PlainRange memory range,
        uint64[] memory values,
        uint256 bits
    ) internal pure returns (bytes memory payload) {
        payload = new bytes((range.count * bits + 1) / 2);
        uint256 digit = payload.length * 2 - range.count * bits;
        for (uint256 i = 0; i < range.count; ++i) {
            uint256 packed = 0;
            for (uint256 k = LANES; k > 0; --k) packed = (packed << bits) | values[i * LANES + k - 1];
            for (uint256 d = bits; d > 0; --d) {
                uint256 value = (packed >> (4 * (d - 1))) & 15;
                payload[digit / 2] |= bytes1(uint8(digit % 2 == 0 ? value << 4 : value));
                ++digit;
            }
        }
    }

    function encodeHeader(PlainRange memory range, uint256 bits) internal pure returns (bytes memory) {
        return abi.encodePacked(uint24(range.firstWord), uint8(range.level), uint24(range.count), uint8(bits));
    }

    /// @dev Mask of the siblings above `range` that are not empty, and the siblings, lowest level first.
    function encodeSiblings(PlainTree memory tree, PlainRange memory range) internal pure returns (bytes memory) {
        uint256 mask = 0;
        bytes memory siblings;
        for (uint256 level = range.level; level < DEPTH; ++level) {
            bytes32 sibling = nodeAt(tree, level, (range.firstWord >> level) ^ 1);
            if (sibling == emptyNode(level)) continue;
            mask |= 1 << level;
            siblings = abi.encodePacked(siblings, sibling);
        }
        return abi.encodePacked(uint24(mask), siblings);
    }

    function encodeDeltas(
        PlainRange memory range,
        uint64[] memory deltas,
        uint256 bits
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(encodeHeader(range, bits), encodePayload(range, deltas, bits));
    }

    /// @dev The witness of an update of `range` in `tree`, which holds the old lanes.
    function encodeWitness(
        PlainTree memory tree,
        PlainRange memory range,
        uint256 oldBits
    ) internal pure returns (bytes memory) {
        bytes memory old = encodePayload(range, lanesIn(tree, range), oldBits);
        return abi.encodePacked(uint8(oldBits), old, encodeSiblings(tree, range));
    }

    /// @dev A claim of the lanes in `laneMask` of every word of `range`.
    function encodeClaim(
        PlainTree memory tree,
        PlainRange memory range,
        uint256 laneMask
    ) internal pure returns (bytes memory) {
        uint64[] memory lanes = lanesIn(tree, range);
        uint256 bits = widthOf(lanes);
        return
            abi.encodePacked(
                encodeHeader(range, bits),
                encodePayload(range, lanes, bits),
                uint8(laneMask),
                encodeSiblings(tree, range)
            );
    }
}
