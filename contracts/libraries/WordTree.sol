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
        uint256 empty = _emptyNodes();
        Reader memory deltasReader = PackedRange.readerOf(deltas);
        Reader memory witnessReader = PackedRange.readerOf(witness);
        uint256 mark = Memory.allocate(0);
        while (!deltasReader.isEmpty()) {
            uint256 sumUMor;
            uint256 rangeEndId;
            (newRoot, sumUMor, rangeEndId) = _applyRange(newRoot, deltasReader, witnessReader, empty);
            creditedUMor += sumUMor;
            if (rangeEndId > endId) endId = rangeEndId;
            Memory.freeTo(mark);
        }
        witnessReader.requireEmpty();
    }

    /// @dev Reads the next range, proves its old words against `root` and adds its deltas.
    function _applyRange(
        bytes32 root,
        Reader memory deltas,
        Reader memory witness,
        uint256 empty
    ) private pure returns (bytes32 newRoot, uint256 sumUMor, uint256 endId) {
        Range memory range = deltas.takeRange(DELTA_BITS_MAX);
        Work memory work = _allocateWork(range, empty);
        work.oldBits = witness.takeUint(1);
        work.oldPayload = witness.takePayload(range, work.oldBits, LANE_BITS_MAX);
        (sumUMor, endId) = _addRange(range, work);

        (uint256 mask, uint256 siblings) = _takeSiblings(witness, range);
        bytes32 oldRoot;
        (oldRoot, newRoot) = _climb(
            _fold(work.oldNodes, work.chunks, work.level, range.level, empty),
            _fold(work.newNodes, work.chunks, work.level, range.level, empty),
            range,
            mask,
            siblings,
            empty
        );
        require(oldRoot == root, LedgerRootMismatch(range.firstWord, oldRoot, root));
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
    /// @return range Header of the range.
    /// @return lanes Which lanes of each word the claim is for: bit k stands for lane k.
    /// @return words Pointer to its words in memory.
    function takeProvenRange(
        Reader memory claims,
        bytes32 root
    ) internal pure returns (Range memory range, uint256 lanes, uint256 words) {
        range = claims.takeRange(LANE_BITS_MAX);
        lanes = claims.takeUint(1);
        (uint256 mask, uint256 siblings) = _takeSiblings(claims, range);

        uint256 count = range.count;
        words = Memory.allocate(count);
        uint256 nodes = Memory.allocate(count + 1);
        if (range.level == 0) {
            Memory.store(nodes, PackedRange.decodeSingle(range.payload, range.bits, range.firstWord));
        } else {
            PackedRange.decode(nodes, range.payload, count, range.bits);
        }
        assembly ("memory-safe") {
            // Both arrays have room for `count` words.
            mcopy(words, nodes, shl(5, count))
        }
        uint256 empty = _emptyNodes();
        uint256 node = _fold(nodes, count, 0, range.level, empty);
        bytes32 computed = _climbOne(node, range, mask, siblings, empty);
        require(computed == root, LedgerRootMismatch(range.firstWord, computed, root));
    }

    /// @dev Mask and position of the siblings above a range.
    function _takeSiblings(
        Reader memory reader,
        Range memory range
    ) private pure returns (uint256 mask, uint256 siblings) {
        mask = reader.takeUint(3);
        unchecked {
            // A level is at most 20, and so are the bits that are set.
            bool inTree = mask >> TREE_DEPTH == 0 && mask & ((1 << range.level) - 1) == 0;
            require(inTree, LedgerSiblingMask(range.firstWord, range.level, mask));
            // Set bits counted in pairs, in fours, in bytes, and the three bytes added up in the third.
            uint256 given = mask - ((mask >> 1) & 0x555555);
            given = (given & 0x333333) + ((given >> 2) & 0x333333);
            given = (given + (given >> 4)) & 0x0f0f0f;
            siblings = reader.skip((((given * 0x010101) >> 16) & 0xff) * 32);
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

    /// @dev Roots above two nodes at the place of `range`, with the siblings that `mask` names.
    function _climb(
        uint256 oldNode,
        uint256 newNode,
        Range memory range,
        uint256 mask,
        uint256 siblings,
        uint256 empty
    ) private pure returns (bytes32 oldRoot, bytes32 newRoot) {
        uint256 level = range.level;
        uint256 index = range.firstWord;
        assembly ("memory-safe") {
            let end := add(empty, shl(5, TREE_DEPTH))
            empty := add(empty, shl(5, level))
            index := shr(level, index)
            mask := shr(level, mask)
            // As long as a sibling or a right turn is left.
            for {} or(mask, index) {
                empty := add(empty, 0x20)
            } {
                let sibling
                switch and(mask, 1)
                case 0 {
                    sibling := mload(empty)
                }
                default {
                    sibling := calldataload(siblings)
                    siblings := add(siblings, 0x20)
                }
                // A right child stands second in the scratch space.
                let side := shl(5, and(index, 1))
                mstore(xor(side, 0x20), sibling)
                mstore(side, oldNode)
                oldNode := keccak256(0, 0x40)
                mstore(side, newNode)
                newNode := keccak256(0, 0x40)
                index := shr(1, index)
                mask := shr(1, mask)
            }
            // Above, every node is a left child beside an empty subtree.
            for {} lt(empty, end) {
                empty := add(empty, 0x20)
            } {
                mstore(0x20, mload(empty))
                mstore(0, oldNode)
                oldNode := keccak256(0, 0x40)
                mstore(0, newNode)
                newNode := keccak256(0, 0x40)
            }
            oldRoot := oldNode
            newRoot := newNode
        }
    }

    /// @dev Root above a single node: as `_climb`, with half of its hashes.
    function _climbOne(
        uint256 node,
        Range memory range,
        uint256 mask,
        uint256 siblings,
        uint256 empty
    ) private pure returns (bytes32 root) {
        uint256 level = range.level;
        uint256 index = range.firstWord;
        assembly ("memory-safe") {
            let end := add(empty, shl(5, TREE_DEPTH))
            empty := add(empty, shl(5, level))
            index := shr(level, index)
            mask := shr(level, mask)
            // As long as a sibling or a right turn is left.
            for {} or(mask, index) {
                empty := add(empty, 0x20)
            } {
                let sibling
                switch and(mask, 1)
                case 0 {
                    sibling := mload(empty)
                }
                default {
                    sibling := calldataload(siblings)
                    siblings := add(siblings, 0x20)
                }
                // A right child stands second in the scratch space.
                let side := shl(5, and(index, 1))
                mstore(side, node)
                mstore(xor(side, 0x20), sibling)
                node := keccak256(0, 0x40)
                index := shr(1, index)
                mask := shr(1, mask)
            }
            // Above, every node is a left child beside an empty subtree.
            for {} lt(empty, end) {
                empty := add(empty, 0x20)
            } {
                mstore(0, node)
                mstore(0x20, mload(empty))
                node := keccak256(0, 0x40)
            }
            root := node
        }
    }

    // ------------------------------------------------------------------------------------------------ memory

    /// @dev Each array has one word more than it holds nodes, for `_fold`.
    function _allocateWork(Range memory range, uint256 empty) private pure returns (Work memory work) {
        unchecked {
            // At most 2^20 words.
            uint256 count = range.count;
            uint256 room = (count < CHUNK_WORDS ? count : CHUNK_WORDS) + 1;
            uint256 chunks = (count + CHUNK_WORDS - 1) >> CHUNK_LEVEL;
            work.empty = empty;
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
