// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WordTree} from "../../contracts/libraries/WordTree.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {WordTreeFixture} from "./WordTreeFixture.sol";

/// @notice The word tree against its plain twin, for every shape of update and claim.
contract WordTreeTest is WordTreeFixture {
    using PlainWordTree for PlainTree;

    function test_Root_OfTheEmptyTree() external pure {
        assertEq(WordTree.EMPTY_ROOT, PlainWordTree.emptyNode(20), "empty root");
    }

    // ---- Updates ----

    /// hardhat-config: fuzz.runs = 400
    function testFuzz_ApplyUpdate_EqualsTheTwin(bytes32 seed) external view {
        Random memory random = Random(seed);
        PlainTree memory tree = _pickTree(random, _pick(random, 1, 60), _pick(random, 0, 61));
        _assertRandomUpdate(random, tree, _pick(random, 0, 5), 7);
    }

    /// hardhat-config: fuzz.runs = 25
    function testFuzz_ApplyUpdate_OfManyWordsEqualsTheTwin(bytes32 seed) external view {
        Random memory random = Random(seed);
        PlainTree memory tree = _pickTree(random, _pick(random, 200, 300), _pick(random, 0, 61));
        _assertRandomUpdate(random, tree, _pick(random, 1, 3), 10);
    }

    /// @dev More words than are folded at once.
    /// hardhat-config: fuzz.runs = 15
    function testFuzz_ApplyUpdate_AboveOneChunkEqualsTheTwin(bytes32 seed) external view {
        Random memory random = Random(seed);
        uint256 words = 2 * _pick(random, 129, 300);
        PlainTree memory tree = PlainTree(_pick(random, 0, 1023) << 10, _pickLanes(random, words, 61));
        uint256 level = _pick(random, words > 512 ? 10 : 9, 20);
        tree.firstWord = (tree.firstWord >> level) << level;
        Update memory update;
        update.oldRoot = tree.rootOf();
        _appendRandom(update, tree, random, PlainRange({firstWord: tree.firstWord, level: level, count: words}));
        update.newRoot = tree.rootOf();
        _assertApplies(update);
    }

    function _assertRandomUpdate(
        Random memory random,
        PlainTree memory tree,
        uint256 ranges,
        uint256 maxLevel
    ) private view {
        Update memory update;
        update.oldRoot = tree.rootOf();
        for (uint256 i = 0; i < ranges; ++i) {
            _appendRandom(update, tree, random, _pickRange(random, tree, maxLevel));
        }
        update.newRoot = tree.rootOf();
        _assertApplies(update);
    }

    /// @dev Counts around the chunk of 256 words, at a level that is theirs and at one far above.
    function test_ApplyUpdate_AroundTheChunk() external view {
        uint256[6] memory counts = [uint256(254), 256, 258, 510, 512, 514];
        for (uint256 i = 0; i < counts.length; ++i) {
            Random memory random = Random(bytes32(i));
            PlainTree memory tree = PlainTree(0, _pickLanes(random, counts[i], 40));
            Update memory update;
            update.oldRoot = tree.rootOf();
            uint256 level = PlainWordTree.levelFor(counts[i]);
            _appendRandom(update, tree, random, PlainRange({firstWord: 0, level: level, count: counts[i]}));
            _appendRandom(update, tree, random, PlainRange({firstWord: 0, level: 20, count: counts[i]}));
            update.newRoot = tree.rootOf();
            _assertApplies(update);
        }
    }

    /// @dev Every pair of widths, on a pair of words and on a single one.
    function test_ApplyUpdate_AtEveryWidth() external view {
        for (uint256 oldBits = 0; oldBits <= 61; ++oldBits) {
            uint256 deltaBits = oldBits % 45;
            for (uint256 level = 0; level < 2; ++level) {
                uint64[] memory deltas = _full(level + 1, deltaBits);
                PlainTree memory tree = PlainTree(2, _full(level + 1, oldBits));
                Update memory update;
                update.oldRoot = tree.rootOf();
                PlainRange memory range = PlainRange({firstWord: 2, level: level, count: level + 1});
                _append(update, tree, range, deltas, deltaBits, oldBits);
                update.newRoot = tree.rootOf();
                _assertApplies(update);
            }
        }
    }

    /// @dev Every lane of `words` words is 2^bits - 1.
    function _full(uint256 words, uint256 bits) private pure returns (uint64[] memory lanes) {
        lanes = new uint64[](words * 4);
        for (uint256 i = 0; i < lanes.length; ++i) lanes[i] = uint64((1 << bits) - 1);
    }

    function test_ApplyUpdate_UpToTheWidestLane() external view {
        PlainTree memory tree = PlainTree(0, _full(2, 62));
        uint64[] memory deltas = new uint64[](8);
        tree.lanes[5] -= 7;
        deltas[5] = 7;
        Update memory update;
        update.oldRoot = tree.rootOf();
        _append(update, tree, PlainRange({firstWord: 0, level: 1, count: 2}), deltas, 44, 62);
        update.newRoot = tree.rootOf();
        _assertApplies(update);
    }

    /// @dev Each range is proved against the root that the one before left, so one word may be credited twice.
    function test_ApplyUpdate_TheSameWordTwice() external view {
        PlainTree memory tree = PlainTree(9, new uint64[](4));
        uint64[] memory deltas = new uint64[](4);
        deltas[3] = 5;
        Update memory update;
        update.oldRoot = tree.rootOf();
        PlainRange memory range = PlainRange({firstWord: 9, level: 0, count: 1});
        _append(update, tree, range, deltas, 3, 0);
        _append(update, tree, range, deltas, 3, 3);
        update.newRoot = tree.rootOf();
        assertEq(tree.lanes[3], 10, "lane of the twin");
        _assertApplies(update);
    }

    function testFuzz_ApplyUpdate_WithoutRangesKeepsTheRoot(bytes32 root) external view {
        (bytes32 newRoot, uint256 sumUMor, uint256 endId) = harness.applyUpdate(root, "", "");
        assertEq(newRoot, root, "root");
        assertEq(sumUMor, 0, "sum");
        assertEq(endId, 0, "end id");
    }

    function test_ApplyUpdate_EndIdIsExactInTheLastTwoWords() external view {
        for (uint256 id = 0; id < 16; ++id) {
            PlainTree memory tree = PlainTree(0, new uint64[](16));
            uint64[] memory deltas = new uint64[](16);
            deltas[id] = 1;
            Update memory update;
            update.oldRoot = tree.rootOf();
            _append(update, tree, PlainRange({firstWord: 0, level: 2, count: 4}), deltas, 1, 0);
            (, , uint256 endId) = harness.applyUpdate(update.oldRoot, update.deltas, update.witness);
            assertEq(endId, id < 8 ? 8 : id + 1, "end id");
        }
    }

    // ---- Claims ----

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_TakeProvenRange_GivesTheTwinsWords(bytes32 seed) external view {
        Random memory random = Random(seed);
        PlainTree memory tree = _pickTree(random, _pick(random, 1, 60), _pick(random, 0, 62));
        PlainRange[] memory ranges = new PlainRange[](_pick(random, 1, 4));
        bytes memory claims;
        for (uint256 i = 0; i < ranges.length; ++i) {
            ranges[i] = _pickRange(random, tree, 7);
            claims = abi.encodePacked(claims, tree.encodeClaim(ranges[i], i));
        }
        (uint256[] memory firstWords, uint256[] memory lanes, uint256[][] memory words) = harness.readClaims(
            tree.rootOf(),
            claims
        );
        for (uint256 i = 0; i < ranges.length; ++i) {
            assertEq(firstWords[i], ranges[i].firstWord, "first word");
            assertEq(lanes[i], i, "lanes");
            assertEq(words[i].length, ranges[i].count, "count");
            for (uint256 j = 0; j < words[i].length; ++j) {
                assertEq(words[i][j], tree.wordAt(ranges[i].firstWord + j), "word");
            }
        }
    }

    /// @dev A word in a tree that is known by the siblings in `mask` alone, read twice: the second proof begins where the first ends.
    function _assertProven(uint256 word, uint256 mask, bytes32 seed) private view {
        PlainRange memory range = PlainRange({firstWord: word, level: 0, count: 1});
        PlainTree memory tree = PlainTree(word, new uint64[](4));
        (tree.lanes[0], tree.lanes[2], tree.lanes[3]) = (5, 7, 1);
        bytes memory claim = abi.encodePacked(
            PlainWordTree.encodeHeader(range, 3),
            PlainWordTree.encodePayload(range, tree.lanes, 3),
            uint8(13),
            uint24(mask)
        );
        bytes32 node = bytes32(tree.wordAt(word));
        for (uint256 level = 0; level < 20; ++level) {
            bytes32 sibling = PlainWordTree.emptyNode(level);
            if ((mask >> level) & 1 == 1) {
                sibling = keccak256(abi.encode(seed, level));
                claim = bytes.concat(claim, sibling);
            }
            bool isRight = (word >> level) & 1 == 1;
            node = isRight ? keccak256(abi.encode(sibling, node)) : keccak256(abi.encode(node, sibling));
        }
        (uint256[] memory firstWords, , uint256[][] memory words) = harness.readClaims(
            node,
            bytes.concat(claim, claim)
        );
        for (uint256 i = 0; i < 2; ++i) {
            assertEq(firstWords[i], word, "first word");
            assertEq(words[i][0], tree.wordAt(word), "word");
        }
    }

    /// @dev One sibling, at each level of the tree, on either side.
    function test_TakeProvenRange_WithOneSibling() external view {
        for (uint256 level = 0; level < 20; ++level) {
            _assertProven(0, 1 << level, "right");
            _assertProven(1 << level, 1 << level, "left");
            _assertProven(1 << level, 0, "none");
        }
    }

    /// hardhat-config: fuzz.runs = 200
    function testFuzz_TakeProvenRange_WithAnySiblings(uint256 word, uint256 mask, bytes32 seed) external view {
        _assertProven(bound(word, 0, (1 << 20) - 1), bound(mask, 0, (1 << 20) - 1), seed);
    }

    /// hardhat-config: fuzz.runs = 10
    function testFuzz_TakeProvenRange_OfManyWords(bytes32 seed) external view {
        Random memory random = Random(seed);
        uint256 count = 2 * _pick(random, 100, 300);
        PlainTree memory tree = PlainTree(0, _pickLanes(random, count, 62));
        bytes memory claims = tree.encodeClaim(PlainRange({firstWord: 0, level: 10, count: count}), 15);
        (, , uint256[][] memory words) = harness.readClaims(tree.rootOf(), claims);
        for (uint256 j = 0; j < count; ++j) assertEq(words[0][j], tree.wordAt(j), "word");
    }
}
