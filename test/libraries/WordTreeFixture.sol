// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {WordTreeHarness} from "../mocks/WordTreeHarness.sol";
import {Test} from "../utils/Test.sol";

/// @title WordTreeFixture
/// @notice The word tree beside its plain twin, and random trees, ranges and deltas for both.
abstract contract WordTreeFixture is Test {
    using PlainWordTree for PlainTree;

    /// @dev A stream of numbers from one seed.
    struct Random {
        bytes32 state;
    }

    /// @dev An update as it travels, and what the twin says of it.
    struct Update {
        bytes32 oldRoot;
        bytes32 newRoot;
        uint256 sumUMor;
        uint256 endId;
        bytes deltas;
        bytes witness;
    }

    uint256 internal constant TREE_WORDS = 1 << 20;

    WordTreeHarness internal harness = WordTreeHarness(deployCode("WordTreeHarness.sol:WordTreeHarness", ""));

    // ---- Random input ----

    /// @dev A number in [low, high].
    function _pick(Random memory random, uint256 low, uint256 high) internal pure returns (uint256) {
        random.state = keccak256(abi.encode(random.state));
        return low + (uint256(random.state) % (high - low + 1));
    }

    /// @dev A number of at most `bits` bits; every width is as likely as the next.
    function _pickLane(Random memory random, uint256 bits) internal pure returns (uint64) {
        uint256 width = _pick(random, 0, bits);
        return uint64(_pick(random, 0, (1 << width) - 1));
    }

    /// @dev Lanes of `words` words, each below 2^bits; about one in four is zero.
    function _pickLanes(
        Random memory random,
        uint256 words,
        uint256 bits
    ) internal pure returns (uint64[] memory lanes) {
        lanes = new uint64[](words * 4);
        for (uint256 i = 0; i < lanes.length; ++i) {
            if (_pick(random, 0, 3) != 0) lanes[i] = _pickLane(random, bits);
        }
    }

    /// @dev A tree of `words` words, rounded up to pairs, below 2^bits: at the left edge, at the right edge or in between.
    function _pickTree(Random memory random, uint256 words, uint256 bits) internal pure returns (PlainTree memory) {
        words += words % 2;
        uint256 last = TREE_WORDS - words;
        uint256 place = _pick(random, 0, 3);
        uint256 firstWord =
            place < 2
                ? 0
                : place == 2
                    ? last
                    : 2 * _pick(random, 0, last / 2);
        return PlainTree(firstWord, _pickLanes(random, words, bits));
    }

    /// @dev An aligned range inside `tree`, up to `maxLevel`.
    function _pickRange(
        Random memory random,
        PlainTree memory tree,
        uint256 maxLevel
    ) internal pure returns (PlainRange memory range) {
        uint256 word = tree.firstWord + _pick(random, 0, tree.lanes.length / 4 - 1);
        range.level = _pick(random, 0, maxLevel);
        range.firstWord = (word >> range.level) << range.level;
        // An aligned range may begin before the tree: climb down until it does not.
        while (range.firstWord < tree.firstWord) {
            --range.level;
            range.firstWord = (word >> range.level) << range.level;
        }
        if (range.level == 0) {
            range.count = 1;
            return range;
        }
        uint256 room = tree.firstWord + tree.lanes.length / 4 - range.firstWord;
        uint256 size = 1 << range.level;
        uint256 most = room < size ? room : size;
        // Words behind the count are empty, so it reaches at least to the last one that is not.
        uint256 least = most;
        while (least > 2 && tree.wordAt(range.firstWord + least - 1) == 0) --least;
        range.count = 2 * _pick(random, (least + 1) / 2, most / 2);
    }

    // ---- Updates ----

    /// @dev Adds one range to `update` and applies it to `tree`.
    function _append(
        Update memory update,
        PlainTree memory tree,
        PlainRange memory range,
        uint64[] memory deltas,
        uint256 deltaBits,
        uint256 oldBits
    ) internal pure {
        update.deltas = abi.encodePacked(update.deltas, PlainWordTree.encodeDeltas(range, deltas, deltaBits));
        update.witness = abi.encodePacked(update.witness, tree.encodeWitness(range, oldBits));
        (uint256 sumUMor, uint256 endId) = tree.credit(range, deltas);
        update.sumUMor += sumUMor;
        if (endId > update.endId) update.endId = endId;
    }

    /// @dev Adds random deltas to a random range, at any width that holds them.
    function _appendRandom(
        Update memory update,
        PlainTree memory tree,
        Random memory random,
        PlainRange memory range
    ) internal pure {
        uint64[] memory deltas = _pickLanes(random, range.count, _pick(random, 0, 44));
        uint256 deltaBits = _pick(random, PlainWordTree.widthOf(deltas), 44);
        uint256 oldBits = _pick(random, PlainWordTree.widthOf(tree.lanesIn(range)), 62);
        _append(update, tree, range, deltas, deltaBits, oldBits);
    }

    /// @dev One delta of 1 uMOR for lane 0 of word 0 of an empty tree, as a range of level 0.
    function _single() internal pure returns (Update memory update, PlainRange memory range) {
        PlainTree memory tree = PlainTree(0, new uint64[](4));
        range = PlainRange({firstWord: 0, level: 0, count: 1});
        uint64[] memory deltas = new uint64[](4);
        deltas[0] = 1;
        update.oldRoot = tree.rootOf();
        _append(update, tree, range, deltas, 1, 0);
        update.newRoot = tree.rootOf();
    }

    function _assertApplies(Update memory update) internal view {
        (bytes32 newRoot, uint256 sumUMor, uint256 endId) = harness.applyUpdate(
            update.oldRoot,
            update.deltas,
            update.witness
        );
        assertEq(newRoot, update.newRoot, "new root");
        assertEq(sumUMor, update.sumUMor, "sum of deltas");
        assertEq(endId, update.endId, "end id");
    }
}
