// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "./Memory.sol";
import {DELTA_BITS_MAX, LANE_BITS_MAX, LANES_PER_WORD, TREE_DEPTH} from "../types/Units.sol";
import {PackedRange, Range, Reader} from "./PackedRange.sol";

using PackedRange for Reader;

/// @title WordTree
/// @notice The ledger's arithmetic: words of four 64-bit lanes under a keccak tree of fixed depth, updated and proved from
/// what the caller brings in calldata.
///
/// TREE
/// @dev A leaf is a word itself, a node keccak256(left, right), an empty leaf zero. Depth and position are fixed: nothing
/// @dev but the words decides the root, and no node can pose as a word.
///
/// CALLDATA
/// @dev     deltas  := { range of deltas }*
/// @dev     witness := { oldBits u8 | payload of the old words | mask u24 | sibling b32 * }*   one entry a range
/// @dev     claims  := { range of words | lanes u8 | mask u24 | sibling b32 * }*
/// @dev Bit i of a mask says that the sibling at level i is not empty and stands in the list, lowest level first.
///
/// LIMITS
/// @dev A lane stays below 2^62 uMOR (4.6e12 MOR), a delta below 2^44 uMOR (17.5 million MOR).
library WordTree {
    /// @dev The update of one range: pointers to the empty nodes, to the old payload in calldata and to working arrays in
    /// memory. `level` is that of the chunk nodes.
    struct Work {
        uint256 empty;
        uint256 oldPayload;
        uint256 oldBits;
        uint256 chunks;
        uint256 level;
        uint256 oldWords;
        uint256 newWords;
        uint256 oldNodes;
        uint256 newNodes;
    }

    /// @dev The way from a range to the crown, which begins at level `top`, 8, 12, 16 or 20: from there on every node is the first
    /// of its level and all beside it is empty. `index` is the place of the range on its level, times 32. `siblings` to `end` is
    /// where those below the crown stand in memory, the empty ones too. `empty` points to the empty nodes, or is 0 if none is
    /// needed below the crown.
    struct Path {
        uint256 top;
        uint256 index;
        uint256 siblings;
        uint256 end;
        uint256 empty;
    }

    error LedgerSiblingMask(uint256 firstWord, uint256 level, uint256 mask);
    error LedgerRootMismatch(uint256 firstWord, bytes32 computed, bytes32 expected);
    error LedgerLaneOverflow(uint256 firstWord);

    /// @dev Words folded at once, 2^8: keeps the working memory, whose price grows with its square, small at any N.
    uint256 private constant CHUNK_LEVEL = 8;
    uint256 private constant CHUNK_WORDS = 1 << CHUNK_LEVEL;
    /// @dev The two bits that no lane may reach.
    uint256 private constant LANE_OVERFLOW_BITS = 0xc000000000000000c000000000000000c000000000000000c000000000000000;
    /// @dev Empty subtrees of level 0 to 19: zero, then each the hash of two of the level below.
    bytes private constant EMPTY_NODES =
        hex"0000000000000000000000000000000000000000000000000000000000000000"
        hex"ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5"
        hex"b4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30"
        hex"21ddb9a356815c3fac1026b6dec5df3124afbadb485c9ba5a3e3398a04b7ba85"
        hex"e58769b32a1beaf1ea27375a44095a0d1fb664ce2dd358e7fcbfb78c26a19344"
        hex"0eb01ebfc9ed27500cd4dfc979272d1f0913cc9f66540d7e8005811109e1cf2d"
        hex"887c22bd8750d34016ac3c66b5ff102dacdd73f6b014e710b51e8022af9a1968"
        hex"ffd70157e48063fc33c97a050f7f640233bf646cc98d9524c6b92bcf3ab56f83"
        hex"9867cc5f7f196b93bae1e27e6320742445d290f2263827498b54fec539f756af"
        hex"cefad4e508c098b9a7e1d8feb19955fb02ba9675585078710969d3440f5054e0"
        hex"f9dc3e7fe016e050eff260334f18a5d4fe391d82092319f5964f2e2eb7c1c3a5"
        hex"f8b13a49e282f609c317a833fb8d976d11517c571d1221a265d25af778ecf892"
        hex"3490c6ceeb450aecdc82e28293031d10c7d73bf85e57bf041a97360aa2c5d99c"
        hex"c1df82d9c4b87413eae2ef048f94b4d3554cea73d92b0f7af96e0271c691e2bb"
        hex"5c67add7c6caf302256adedf7ab114da0acfe870d449a3a489f781d659e8becc"
        hex"da7bce9f4e8618b6bd2f4132ce798cdc7a60e7e1460a7299e3c6342a579626d2"
        hex"2733e50f526ec2fa19a22b31e8ed50f23cd1fdf94c9154ed3a7609a2f1ff981f"
        hex"e1d3b5c807b281e4683cc6d6315cf95b9ade8641defcb32372f1c126e398ef7a"
        hex"5a2dce0a8a7f68bb74560f8f71837c2c2ebbcbf7fffb42ae1896f13f7c7479a0"
        hex"b46a28b6f55540f89444f63de0378e3d121be09e06cc9ded1c20e65876d36aa0";

    /// @dev Root of the tree before the first credit.
    bytes32 internal constant EMPTY_ROOT = 0xc65e9645644786b620e2dd2ad648ddfcbf4a7e5b1a3a4ecfe7f64667a3f0b7e2;

    // ------------------------------------------------------------------------------------------------ update

    /// @notice Applies the ranges of an attestation one after the other, each to the root that the one before left.
    /// @param root Root before the update.
    /// @param deltas Packed ranges of deltas, in uMOR.
    /// @param witness Old words and siblings, one entry for each range.
    /// @return newRoot Root after the update.
    /// @return creditedUMor Exact sum of all deltas.
    /// @return endId No id from this one on is credited. One above the highest credited id, if that is in the last two words
    /// of its range; otherwise the first id of these two words, which a builder keeps registered by ending a range there.
    function applyUpdate(
        bytes32 root,
        bytes calldata deltas,
        bytes calldata witness
    ) internal pure returns (bytes32 newRoot, uint256 creditedUMor, uint256 endId) {
        newRoot = root;
        Reader memory deltasReader = PackedRange.readerOf(deltas);
        Reader memory witnessReader = PackedRange.readerOf(witness);
        Range memory range;
        uint256 mark = Memory.allocate(0);
        while (!deltasReader.isEmpty()) {
            uint256 sumUMor;
            uint256 rangeEndId;
            deltasReader.takeRange(range, DELTA_BITS_MAX);
            (newRoot, sumUMor, rangeEndId) = _applyRange(newRoot, range, witnessReader);
            creditedUMor += sumUMor;
            if (rangeEndId > endId) endId = rangeEndId;
            Memory.freeTo(mark);
        }
        witnessReader.requireEmpty();
    }

    /// @dev Proves the old words of `range` against `root` and adds its deltas.
    function _applyRange(
        bytes32 root,
        Range memory range,
        Reader memory witness
    ) private pure returns (bytes32 newRoot, uint256 sumUMor, uint256 endId) {
        Work memory work = _allocateWork(range);
        work.oldBits = witness.takeUint(1);
        work.oldPayload = witness.takePayload(range, work.oldBits, LANE_BITS_MAX);
        Path memory path = _takePath(witness, range);
        work.empty = path.empty;
        (sumUMor, endId) = _addRange(range, work);

        uint256 oldNode = _fold(work.oldNodes, work.chunks, work.level, range.level, path.empty);
        uint256 newNode = _fold(work.newNodes, work.chunks, work.level, range.level, path.empty);
        (oldNode, newNode) = _climb(oldNode, newNode, path);
        bytes32 oldRoot = _crown(oldNode, path.top);
        require(oldRoot == root, LedgerRootMismatch(range.firstWord, oldRoot, root));
        newRoot = _crown(newNode, path.top);
    }

    /// @dev Hashes a range before and after its deltas to the nodes of its chunks. Gives the exact sum of the deltas.
    function _addRange(Range memory range, Work memory work) private pure returns (uint256 sumUMor, uint256 endId) {
        uint256 sums;
        uint256 seen;
        uint256 words;
        unchecked {
            // At most 2^20 words: 2^20 deltas below 2^44 in each of the four sums, none of which reaches 2^64.
            uint256 chunks = work.chunks;
            for (uint256 chunk = 0; chunk < chunks; ++chunk) {
                words = range.count - (chunk << CHUNK_LEVEL);
                if (words > CHUNK_WORDS) words = CHUNK_WORDS;
                (uint256 chunkSums, uint256 chunkSeen) = _addChunk(range, work, chunk, words);
                sums += chunkSums;
                seen |= chunkSeen;
                if (chunk + 1 == chunks) endId = _endIdOf(range, work, words);
                _foldChunk(work, chunk, words);
            }
        }
        require(seen & LANE_OVERFLOW_BITS == 0, LedgerLaneOverflow(range.firstWord));
        unchecked {
            // Four sums below 2^64.
            sumUMor = uint256(uint64(sums)) + uint64(sums >> 64) + uint64(sums >> 128) + (sums >> 192);
        }
    }

    /// @dev Decodes a chunk of old words and adds its deltas.
    function _addChunk(
        Range memory range,
        Work memory work,
        uint256 chunk,
        uint256 words
    ) private pure returns (uint256 sums, uint256 seen) {
        if (range.level == 0) {
            uint256 old = PackedRange.decodeSingle(work.oldPayload, work.oldBits, range.firstWord);
            sums = PackedRange.decodeSingle(range.payload, range.bits, range.firstWord);
            unchecked {
                // Old lanes below 2^62, deltas below 2^44: no lane carries into the next.
                seen = old + sums;
            }
            Memory.store(work.oldWords, old);
            Memory.store(work.newWords, seen);
            return (sums, seen);
        }
        // A chunk is CHUNK_WORDS / 2 pairs of `bits` bytes.
        uint256 pairs = chunk << (CHUNK_LEVEL - 1);
        PackedRange.decode(work.oldWords, work.oldPayload + pairs * work.oldBits, words, work.oldBits);
        return
            PackedRange.decodeAdd(work.newWords, work.oldWords, range.payload + pairs * range.bits, words, range.bits);
    }

    /// @dev Hashes a chunk of old and of new words to one node each.
    function _foldChunk(Work memory work, uint256 chunk, uint256 words) private pure {
        unchecked {
            // One node a chunk, and room for each.
            Memory.store(work.oldNodes + chunk * 32, _fold(work.oldWords, words, 0, work.level, work.empty));
            Memory.store(work.newNodes + chunk * 32, _fold(work.newWords, words, 0, work.level, work.empty));
        }
    }

    /// @dev The id behind the last one that grew, as far as the last two words tell: ids before them count as grown.
    /// `words` is the size of the last chunk, which stands in the arrays.
    function _endIdOf(Range memory range, Work memory work, uint256 words) private pure returns (uint256 endId) {
        unchecked {
            // Ids are below 2^22, and `words` is not 0.
            endId = (range.firstWord + range.count) * LANES_PER_WORD;
            uint256 floor = words < 2 ? 0 : words - 2;
            for (; words > floor; --words) {
                uint256 last = (words - 1) * 32;
                uint256 grown = Memory.load(work.oldWords + last) ^ Memory.load(work.newWords + last);
                if (grown >> 192 != 0) return endId;
                if (grown >> 128 != 0) return endId - 1;
                if (grown >> 64 != 0) return endId - 2;
                if (grown != 0) return endId - 3;
                endId -= LANES_PER_WORD;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ claim

    /// @notice Takes the next range of a claim and proves its words against `root`.
    /// @param claims Reader of packed claim ranges.
    /// @param root An active root.
    /// @param range Where its header is written.
    /// @return lanes Which lanes of each word the claim is for: bit k stands for lane k.
    /// @return words Pointer to its words in memory.
    function takeProvenRange(
        Reader memory claims,
        bytes32 root,
        Range memory range
    ) internal pure returns (uint256 lanes, uint256 words) {
        claims.takeRange(range, LANE_BITS_MAX);
        lanes = claims.takeUint(1);
        Path memory path = _takePath(claims, range);
        uint256 count = range.count;
        words = Memory.allocate(count);
        uint256 node;
        if (range.level == 0) {
            node = PackedRange.decodeSingle(range.payload, range.bits, range.firstWord);
            Memory.store(words, node);
        } else {
            PackedRange.decode(words, range.payload, count, range.bits);
            uint256 nodes = Memory.allocate(count + 1);
            assembly ("memory-safe") {
                // Both arrays have room for `count` words; hashing destroys the one it works in.
                mcopy(nodes, words, shl(5, count))
            }
            node = _fold(nodes, count, 0, range.level, path.empty);
        }
        bytes32 computed = _crown(_climbOne(node, path), path.top);
        require(computed == root, LedgerRootMismatch(range.firstWord, computed, root));
    }

    /// @dev Takes mask and siblings of a range.
    function _takePath(Reader memory reader, Range memory range) private pure returns (Path memory path) {
        uint256 mask = reader.takeUint(3);
        uint256 level = range.level;
        unchecked {
            // A level is at most 20, and so are the bits that are set.
            bool inTree = mask >> TREE_DEPTH == 0 && mask & ((1 << level) - 1) == 0;
            require(inTree, LedgerSiblingMask(range.firstWord, level, mask));

            // The crown begins where neither a sibling nor a right turn is left.
            uint256 turns = mask | range.firstWord | ((1 << level) >> 1);
            uint256 top =
                turns < 1 << 8
                    ? 8
                    : turns < 1 << 12
                        ? 12
                        : turns < 1 << 16
                            ? 16
                            : TREE_DEPTH;
            uint256 levels = top - level;
            uint256 siblings = Memory.allocate(levels);
            path.top = top;
            path.index = (range.firstWord >> level) * 32;
            path.siblings = siblings;
            path.end = siblings + levels * 32;
            bool complete = mask == (1 << top) - (1 << level);
            if (complete) {
                uint256 from = reader.skip(levels * 32);
                assembly ("memory-safe") {
                    // There is room for as many.
                    calldatacopy(siblings, from, shl(5, levels))
                }
            }
            if (!complete || range.count >> level == 0) path.empty = _emptyNodes();
            if (!complete) {
                uint256 from = reader.skip(_bitsIn(mask) * 32);
                _fillSiblings(siblings, from, mask >> level, path.empty + level * 32, path.end);
            }
        }
    }

    /// @dev How many bits of 24 are set: counted in pairs, in fours, in bytes, and the three bytes added up in the third.
    function _bitsIn(uint256 mask) private pure returns (uint256 count) {
        unchecked {
            // Each field has room for its count.
            count = mask - ((mask >> 1) & 0x555555);
            count = (count & 0x333333) + ((count >> 2) & 0x333333);
            count = ((((count + (count >> 4)) & 0x0f0f0f) * 0x010101) >> 16) & 0xff;
        }
    }

    /// @dev Writes the siblings that `mask` names, from calldata, and the empty ones between them, to `to` until `end`.
    function _fillSiblings(uint256 to, uint256 from, uint256 mask, uint256 empty, uint256 end) private pure {
        assembly ("memory-safe") {
            for {} lt(to, end) {
                to := add(to, 0x20)
            } {
                switch and(mask, 1)
                case 0 {
                    mstore(to, mload(empty))
                }
                default {
                    mstore(to, calldataload(from))
                    from := add(from, 0x20)
                }
                mask := shr(1, mask)
                empty := add(empty, 0x20)
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ hashing

    /// @dev Node at `toLevel` above `count` nodes of `fromLevel` that stand at `nodes`; the nodes behind them are empty.
    /// Works in place and needs one free word behind the nodes.
    function _fold(
        uint256 nodes,
        uint256 count,
        uint256 fromLevel,
        uint256 toLevel,
        uint256 empty
    ) private pure returns (uint256 node) {
        for (uint256 level = fromLevel; level < toLevel; ++level) {
            unchecked {
                // The word behind the nodes is free, and levels are below 20.
                if (count & 1 == 1) {
                    Memory.store(nodes + count * 32, Memory.load(empty + level * 32));
                    ++count;
                }
            }
            count >>= 1;
            assembly ("memory-safe") {
                let from := nodes
                let to := nodes
                let end := add(nodes, shl(5, and(count, not(3))))
                for {} lt(to, end) {
                    to := add(to, 0x80)
                } {
                    mstore(to, keccak256(from, 0x40))
                    mstore(add(to, 0x20), keccak256(add(from, 0x40), 0x40))
                    mstore(add(to, 0x40), keccak256(add(from, 0x80), 0x40))
                    mstore(add(to, 0x60), keccak256(add(from, 0xc0), 0x40))
                    from := add(from, 0x100)
                }
                for {
                    end := add(nodes, shl(5, count))
                } lt(to, end) {
                    to := add(to, 0x20)
                } {
                    mstore(to, keccak256(from, 0x40))
                    from := add(from, 0x40)
                }
            }
        }
        node = Memory.load(nodes);
    }

    /// @dev The nodes at the foot of the crown above two nodes at the same place.
    function _climb(
        uint256 oldNode,
        uint256 newNode,
        Path memory path
    ) private pure returns (uint256 oldTop, uint256 newTop) {
        (uint256 index, uint256 sibling, uint256 end) = (path.index, path.siblings, path.end);
        assembly ("memory-safe") {
            for {} lt(sibling, end) {
                sibling := add(sibling, 0x20)
            } {
                // A right child stands second in the scratch space.
                let side := and(index, 0x20)
                mstore(xor(side, 0x20), mload(sibling))
                mstore(side, oldNode)
                oldNode := keccak256(0, 0x40)
                mstore(side, newNode)
                newNode := keccak256(0, 0x40)
                index := shr(1, index)
            }
            oldTop := oldNode
            newTop := newNode
        }
    }

    /// @dev The node at the foot of the crown above a single one: as `_climb`, with half of its hashes.
    function _climbOne(uint256 node, Path memory path) private pure returns (uint256 top) {
        (uint256 index, uint256 sibling, uint256 end) = (path.index, path.siblings, path.end);
        assembly ("memory-safe") {
            for {} lt(sibling, end) {
                sibling := add(sibling, 0x20)
            } {
                // A right child stands second in the scratch space.
                let side := and(index, 0x20)
                mstore(side, node)
                mstore(xor(side, 0x20), mload(sibling))
                node := keccak256(0, 0x40)
                index := shr(1, index)
            }
            top := node
        }
    }

    /// @dev Root above the first node of level 8, 12, 16 or 20, beside which all is empty.
    function _crown(uint256 node, uint256 level) private pure returns (bytes32 root) {
        assembly ("memory-safe") {
            mstore(0, node)
            if lt(level, 9) {
                mstore(0x20, 0x9867cc5f7f196b93bae1e27e6320742445d290f2263827498b54fec539f756af)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xcefad4e508c098b9a7e1d8feb19955fb02ba9675585078710969d3440f5054e0)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xf9dc3e7fe016e050eff260334f18a5d4fe391d82092319f5964f2e2eb7c1c3a5)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xf8b13a49e282f609c317a833fb8d976d11517c571d1221a265d25af778ecf892)
                mstore(0, keccak256(0, 0x40))
            }
            if lt(level, 13) {
                mstore(0x20, 0x3490c6ceeb450aecdc82e28293031d10c7d73bf85e57bf041a97360aa2c5d99c)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xc1df82d9c4b87413eae2ef048f94b4d3554cea73d92b0f7af96e0271c691e2bb)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0x5c67add7c6caf302256adedf7ab114da0acfe870d449a3a489f781d659e8becc)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xda7bce9f4e8618b6bd2f4132ce798cdc7a60e7e1460a7299e3c6342a579626d2)
                mstore(0, keccak256(0, 0x40))
            }
            if lt(level, 17) {
                mstore(0x20, 0x2733e50f526ec2fa19a22b31e8ed50f23cd1fdf94c9154ed3a7609a2f1ff981f)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xe1d3b5c807b281e4683cc6d6315cf95b9ade8641defcb32372f1c126e398ef7a)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0x5a2dce0a8a7f68bb74560f8f71837c2c2ebbcbf7fffb42ae1896f13f7c7479a0)
                mstore(0, keccak256(0, 0x40))
                mstore(0x20, 0xb46a28b6f55540f89444f63de0378e3d121be09e06cc9ded1c20e65876d36aa0)
                mstore(0, keccak256(0, 0x40))
            }
            root := mload(0)
        }
    }

    // ------------------------------------------------------------------------------------------------ memory

    /// @dev Each array has one word more than it holds nodes, for `_fold`.
    function _allocateWork(Range memory range) private pure returns (Work memory work) {
        unchecked {
            // At most 2^20 words.
            uint256 count = range.count;
            uint256 room = (count < CHUNK_WORDS ? count : CHUNK_WORDS) + 1;
            uint256 chunks = (count + CHUNK_WORDS - 1) >> CHUNK_LEVEL;
            work.chunks = chunks;
            work.level = range.level < CHUNK_LEVEL ? range.level : CHUNK_LEVEL;
            work.oldWords = Memory.allocate(room);
            work.newWords = Memory.allocate(room);
            work.oldNodes = Memory.allocate(chunks + 1);
            work.newNodes = Memory.allocate(chunks + 1);
        }
    }

    function _emptyNodes() private pure returns (uint256 pointer) {
        bytes memory nodes = EMPTY_NODES;
        assembly ("memory-safe") {
            pointer := add(nodes, 0x20)
        }
    }
}
