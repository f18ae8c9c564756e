// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedRange} from "../../contracts/libraries/PackedRange.sol";
import {WordTree} from "../../contracts/libraries/WordTree.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {WordTreeFixture} from "./WordTreeFixture.sol";

/// @notice What the word tree refuses, and with which words.
contract WordTreeErrorsTest is WordTreeFixture {
    using PlainWordTree for PlainTree;

    /// @dev Expects an update of an empty tree by these bytes to fail.
    function _expectRefused(bytes memory deltas, bytes memory witness, bytes memory reason) private {
        vm.expectRevert(reason);
        harness.applyUpdate(PlainWordTree.emptyNode(20), deltas, witness);
    }

    /// @dev Expects a range whose header alone is at fault to be refused, in deltas and in claims.
    function _expectHeaderRefused(
        uint256 firstWord,
        uint256 level,
        uint256 count,
        uint256 bits,
        bytes memory reason
    ) private {
        bytes memory range = abi.encodePacked(
            PlainWordTree.encodeHeader(PlainRange(firstWord, level, count), bits),
            new bytes(64)
        );
        _expectRefused(range, "", reason);
        vm.expectRevert(reason);
        harness.readClaims(bytes32(0), range);
    }

    // ---- Headers ----

    function test_Range_RevertsWhen_OutsideTheTree() external {
        bytes4 selector = PackedRange.LedgerRangeOutsideTree.selector;
        _expectHeaderRefused(TREE_WORDS, 0, 1, 1, abi.encodeWithSelector(selector, TREE_WORDS, 0));
        _expectHeaderRefused((1 << 24) - 1, 0, 1, 1, abi.encodeWithSelector(selector, (1 << 24) - 1, 0));
        _expectHeaderRefused(0, 21, 2, 1, abi.encodeWithSelector(selector, 0, 21));
        _expectHeaderRefused(0, 255, 2, 1, abi.encodeWithSelector(selector, 0, 255));
    }

    function testFuzz_Range_RevertsWhen_Misaligned(uint256 firstWord, uint256 level) external {
        level = bound(level, 1, 20);
        firstWord = bound(firstWord, 1, TREE_WORDS - 1);
        vm.assume(firstWord % (1 << level) != 0);
        bytes memory reason = abi.encodeWithSelector(PackedRange.LedgerRangeMisaligned.selector, firstWord, level);
        _expectHeaderRefused(firstWord, level, 2, 1, reason);
    }

    function test_Range_RevertsWhen_CountInvalid() external {
        bytes4 selector = PackedRange.LedgerRangeCount.selector;
        _expectHeaderRefused(8, 0, 0, 1, abi.encodeWithSelector(selector, 8, 0, 0));
        _expectHeaderRefused(8, 0, 2, 1, abi.encodeWithSelector(selector, 8, 0, 2));
        _expectHeaderRefused(8, 3, 0, 1, abi.encodeWithSelector(selector, 8, 3, 0));
        _expectHeaderRefused(8, 3, 1, 1, abi.encodeWithSelector(selector, 8, 3, 1));
        _expectHeaderRefused(8, 3, 7, 1, abi.encodeWithSelector(selector, 8, 3, 7));
        _expectHeaderRefused(8, 3, 10, 1, abi.encodeWithSelector(selector, 8, 3, 10));
    }

    function test_Range_RevertsWhen_TooWide() external {
        bytes memory single = PlainWordTree.encodeHeader(PlainRange(4, 0, 1), 45);
        bytes memory reason = abi.encodeWithSelector(PackedRange.LedgerWidth.selector, 4, 45, 44);
        _expectRefused(abi.encodePacked(single, new bytes(32)), "", reason);

        vm.expectRevert(abi.encodeWithSelector(PackedRange.LedgerWidth.selector, 4, 63, 62));
        harness.readClaims(
            bytes32(0),
            abi.encodePacked(PlainWordTree.encodeHeader(PlainRange(4, 0, 1), 63), new bytes(32))
        );

        (Update memory update, ) = _single();
        reason = abi.encodeWithSelector(PackedRange.LedgerWidth.selector, 0, 63, 62);
        _expectRefused(update.deltas, abi.encodePacked(uint8(63), new bytes(64)), reason);
    }

    // ---- Lengths ----

    /// @dev An update cut anywhere is refused: in its header or in its payload.
    function test_Deltas_RevertsWhen_Truncated() external {
        (Update memory update, ) = _single();
        bytes4 selector = PackedRange.LedgerPayloadTruncated.selector;
        for (uint256 length = 1; length < 8; ++length) {
            _expectRefused(_cut(update.deltas, length), update.witness, abi.encodeWithSelector(selector, 8, length));
        }
        _expectRefused(_cut(update.deltas, 8), update.witness, abi.encodeWithSelector(selector, 1, 0));
    }

    function test_Witness_RevertsWhen_Truncated() external {
        PlainTree memory tree = PlainTree(0, new uint64[](16));
        tree.lanes[0] = 9;
        tree.lanes[15] = 9;
        PlainRange memory range = PlainRange({firstWord: 0, level: 1, count: 2});
        bytes memory deltas = PlainWordTree.encodeDeltas(range, new uint64[](8), 0);
        bytes memory witness = tree.encodeWitness(range, 4);
        bytes32 root = tree.rootOf();
        // oldBits u8 | payload of 4 bytes | mask u24 | one sibling
        assertEq(witness.length, 40, "length of the witness");
        for (uint256 length = 0; length < 40; ++length) {
            uint256 needed =
                length < 1
                    ? 1
                    : length < 5
                        ? 4
                        : length < 8
                            ? 3
                            : 32;
            uint256 begin =
                length < 1
                    ? 0
                    : length < 5
                        ? 1
                        : length < 8
                            ? 5
                            : 8;
            bytes memory cut = _cut(witness, length);
            vm.expectRevert(
                abi.encodeWithSelector(PackedRange.LedgerPayloadTruncated.selector, needed, length - begin)
            );
            harness.applyUpdate(root, deltas, cut);
        }
    }

    function testFuzz_Witness_RevertsWhen_BytesTrail(uint256 count) external {
        count = bound(count, 1, 100);
        (Update memory update, ) = _single();
        bytes memory witness = abi.encodePacked(update.witness, new bytes(count));
        _expectRefused(update.deltas, witness, abi.encodeWithSelector(PackedRange.LedgerTrailingBytes.selector, count));
    }

    /// @dev Bytes behind the last range of deltas are read as a further range.
    function testFuzz_Deltas_RevertsWhen_BytesTrail(uint256 count) external {
        count = bound(count, 1, 7);
        (Update memory update, ) = _single();
        bytes memory deltas = abi.encodePacked(update.deltas, new bytes(count));
        bytes memory reason = abi.encodeWithSelector(PackedRange.LedgerPayloadTruncated.selector, 8, count);
        _expectRefused(deltas, update.witness, reason);
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) cut[i] = data[i];
    }

    // ---- Payloads ----

    /// @dev A single word of an odd width has four bits in front, which belong to nobody.
    function test_Payload_RevertsWhen_PaddingNotZero() external {
        (Update memory update, ) = _single();
        bytes memory reason = abi.encodeWithSelector(PackedRange.LedgerPaddingNotZero.selector, 0);
        update.deltas[8] = 0x11;
        _expectRefused(update.deltas, update.witness, reason);

        update.deltas[8] = 0x01;
        _expectRefused(update.deltas, abi.encodePacked(hex"0110", uint24(0)), reason);

        vm.expectRevert(reason);
        harness.readClaims(bytes32(0), abi.encodePacked(uint24(0), uint8(0), uint24(1), uint8(1), hex"80", uint32(0)));
    }

    function testFuzz_Lane_RevertsWhen_Overflowing(uint256 lane, uint256 excess) external {
        lane = bound(lane, 0, 7);
        uint256 level = lane < 4 ? 0 : 1;
        PlainRange memory range = PlainRange({firstWord: 6, level: level, count: level + 1});
        uint64[] memory deltas = new uint64[](range.count * 4);
        deltas[lane] = uint64(bound(excess, 1, (1 << 44) - 1));
        PlainTree memory tree = PlainTree(6, new uint64[](range.count * 4));
        tree.lanes[lane] = uint64((1 << 62) - deltas[lane]);
        bytes32 root = tree.rootOf();
        bytes memory encoded = PlainWordTree.encodeDeltas(range, deltas, 44);
        bytes memory witness = tree.encodeWitness(range, 62);
        vm.expectRevert(abi.encodeWithSelector(WordTree.LedgerLaneOverflow.selector, 6));
        harness.applyUpdate(root, encoded, witness);
    }

    // ---- Proofs ----

    function test_Siblings_RevertsWhen_MaskReachesOutside() external {
        bytes4 selector = WordTree.LedgerSiblingMask.selector;
        bytes memory deltas = PlainWordTree.encodeDeltas(PlainRange(4, 2, 2), new uint64[](8), 0);
        uint24[4] memory masks = [uint24(1 << 20), 1 << 23, 1, 2];
        for (uint256 i = 0; i < masks.length; ++i) {
            bytes memory witness = abi.encodePacked(uint8(0), masks[i], new bytes(64));
            _expectRefused(deltas, witness, abi.encodeWithSelector(selector, 4, 2, masks[i]));
        }
    }

    /// @dev A wrong sibling, wrong old words, another place or another root: the words are not those of the root.
    function test_Update_RevertsWhen_TheRootDiffers() external {
        PlainTree memory tree = PlainTree(0, new uint64[](8));
        tree.lanes[4] = 77;
        PlainRange memory range = PlainRange({firstWord: 0, level: 0, count: 1});
        bytes memory deltas = PlainWordTree.encodeDeltas(range, new uint64[](4), 0);
        bytes memory witness = tree.encodeWitness(range, 0);
        bytes32 root = tree.rootOf();
        harness.applyUpdate(root, deltas, witness);

        // The sibling is word 1: another credit in it is another tree.
        tree.lanes[4] = 76;
        bytes memory wrong = tree.encodeWitness(range, 0);
        bytes4 selector = WordTree.LedgerRootMismatch.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, tree.rootOf(), root));
        harness.applyUpdate(root, deltas, wrong);

        bytes memory claim = tree.encodeClaim(range, 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, tree.rootOf(), root));
        harness.readClaims(root, claim);
    }

    /// @dev Whatever byte of deltas, old words, mask or siblings changes: it is refused, or it leads to another root. (A
    /// header may name the same words at another level or width; what it means is still what the root says.)
    function testFuzz_Update_AnyOtherByteIsSeen(bytes32 seed, uint256 offset, uint8 flip) external view {
        vm.assume(flip != 0);
        Random memory random = Random(seed);
        PlainTree memory tree = _pickTree(random, _pick(random, 1, 12), 20);
        Update memory update;
        update.oldRoot = tree.rootOf();
        _appendRandom(update, tree, random, _pickRange(random, tree, 3));
        update.newRoot = tree.rootOf();

        // Behind the header of the deltas, and behind the width of the old words.
        uint256 payload = update.deltas.length - 8;
        offset = bound(offset, 0, payload + update.witness.length - 2);
        if (offset < payload) update.deltas[8 + offset] ^= bytes1(flip);
        else update.witness[1 + offset - payload] ^= bytes1(flip);
        try harness.applyUpdate(update.oldRoot, update.deltas, update.witness) returns (
            bytes32 newRoot,
            uint256,
            uint256
        ) {
            assertTrue(offset < payload, "a changed witness was accepted");
            assertNotEq(newRoot, update.newRoot, "new root");
        } catch {}
    }

    /// @dev Whatever byte of a claim changes: it is refused, unless it only asks for other lanes.
    function testFuzz_Claim_AnyOtherByteIsSeen(bytes32 seed, uint256 offset, uint8 flip) external {
        vm.assume(flip != 0);
        Random memory random = Random(seed);
        PlainTree memory tree = _pickTree(random, _pick(random, 1, 12), 20);
        PlainRange memory range = _pickRange(random, tree, 3);
        bytes memory claim = tree.encodeClaim(range, 15);
        bytes32 root = tree.rootOf();
        uint256 bits = uint8(claim[7]);
        uint256 lanesOffset = 8 + (range.count * bits + 1) / 2;
        offset = bound(offset, 8, claim.length - 1);
        vm.assume(offset != lanesOffset);
        claim[offset] ^= bytes1(flip);
        vm.expectRevert();
        harness.readClaims(root, claim);
    }
}
