// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "./Memory.sol";
import {TREE_DEPTH} from "../types/Units.sol";

/// @dev A stretch of calldata that is read from its front: absolute positions.
struct Reader {
    uint256 position;
    uint256 end;
}

/// @dev An aligned subtree of 2^level words, of which the first `count` are given and the rest are empty.
/// `payload` is where the packed words stand in calldata, `bits` the width of each of their lanes.
struct Range {
    uint256 firstWord;
    uint256 level;
    uint256 count;
    uint256 bits;
    uint256 payload;
}

/// @title PackedRange
/// @notice How words travel through calldata, and how they become words again.
///
/// PACKING
/// @dev All lanes of a range have one width of `bits`, so the four lanes of a word fill 4 * bits bits and a pair of words
/// @dev exactly `bits` bytes, whatever the width. Within a pair the first word is the high half, lane 0 the low end of each.
/// @dev     header  := firstWord u24 | level u8 | count u24 | bits u8
/// @dev     payload := one pair after the other; for a range of level 0, its single word in (bits + 1) / 2 bytes
/// @dev Every range of a higher level has an even count. Integers are big-endian.
library PackedRange {
    error LedgerPayloadTruncated(uint256 needed, uint256 available);
    error LedgerTrailingBytes(uint256 count);
    error LedgerRangeMisaligned(uint256 firstWord, uint256 level);
    error LedgerRangeOutsideTree(uint256 firstWord, uint256 level);
    error LedgerRangeCount(uint256 firstWord, uint256 level, uint256 count);
    error LedgerWidth(uint256 firstWord, uint256 bits, uint256 maximum);
    error LedgerPaddingNotZero(uint256 firstWord);

    /// @dev One in the low lane of each half of a word.
    uint256 private constant HALVES = (1 << 128) | 1;

    // ------------------------------------------------------------------------------------------------ reading

    function readerOf(bytes calldata data) internal pure returns (Reader memory reader) {
        assembly ("memory-safe") {
            mstore(reader, data.offset)
            mstore(add(reader, 0x20), add(data.offset, data.length))
        }
    }

    function isEmpty(Reader memory reader) internal pure returns (bool) {
        return reader.position == reader.end;
    }

    function requireEmpty(Reader memory reader) internal pure {
        unchecked {
            // position <= end
            require(reader.position == reader.end, LedgerTrailingBytes(reader.end - reader.position));
        }
    }

    /// @dev Position of the next `length` bytes, which are then behind the reader.
    function skip(Reader memory reader, uint256 length) internal pure returns (uint256 position) {
        position = reader.position;
        unchecked {
            // position <= end, and length <= end - position
            uint256 available = reader.end - position;
            require(length <= available, LedgerPayloadTruncated(length, available));
            reader.position = position + length;
        }
    }

    /// @dev The next `length` bytes, 1 to 32, as an integer.
    function takeUint(Reader memory reader, uint256 length) internal pure returns (uint256 value) {
        uint256 position = skip(reader, length);
        assembly ("memory-safe") {
            // length is in [1, 32]: the shift is below 256.
            value := shr(sub(256, shl(3, length)), calldataload(position))
        }
    }

    /// @dev Reads the next range into `range`: header and position of its payload.
    function takeRange(Reader memory reader, Range memory range, uint256 maxBits) internal pure {
        uint256 header = takeUint(reader, 8);
        uint256 firstWord = header >> 40;
        uint256 level = (header >> 32) & 0xff;
        uint256 count = (header >> 8) & 0xffffff;
        require(level <= TREE_DEPTH && firstWord < 1 << TREE_DEPTH, LedgerRangeOutsideTree(firstWord, level));
        uint256 size = 1 << level;
        unchecked {
            // 1 <= size
            require(firstWord & (size - 1) == 0, LedgerRangeMisaligned(firstWord, level));
        }
        bool paired = level == 0 || count & 1 == 0;
        require(count != 0 && count <= size && paired, LedgerRangeCount(firstWord, level, count));
        range.firstWord = firstWord;
        range.level = level;
        range.count = count;
        range.bits = header & 0xff;
        range.payload = takePayload(reader, range, range.bits, maxBits);
    }

    /// @dev Position of the payload of the words of `range` at `bits` a lane.
    function takePayload(
        Reader memory reader,
        Range memory range,
        uint256 bits,
        uint256 maxBits
    ) internal pure returns (uint256 payload) {
        require(bits <= maxBits, LedgerWidth(range.firstWord, bits, maxBits));
        unchecked {
            // At most 2^20 words of at most 62 bits a lane.
            payload = skip(reader, (range.count * bits + 1) >> 1);
        }
    }

    // ------------------------------------------------------------------------------------------------ decoding

    /// @dev Decodes `words` words at `bits` a lane, from calldata `payload` to memory `out`.
    function decode(uint256 out, uint256 payload, uint256 words, uint256 bits) internal pure {
        uint256 decoder = _decoder(bits);
        assembly ("memory-safe") {
            let shift := mload(decoder)
            let mask := mload(add(decoder, 0x20))
            let toHalves := mload(add(decoder, 0x40))
            let laneMask := mload(add(decoder, 0x60))
            let toQuarters := mload(add(decoder, 0x80))
            let twice := shl(1, bits)
            for {
                let end := add(out, shl(5, words))
            } lt(out, end) {
                out := add(out, 0x40)
            } {
                let x := shr(shift, calldataload(payload))
                x := add(x, mul(shr(twice, x), toHalves))
                mstore(out, add(x, mul(and(shr(bits, x), laneMask), toQuarters)))
                payload := add(payload, bits)
                // The second word ends where the pair ends. The load begins inside calldata: the range header and at
                // least a selector and the argument offsets stand before the payload.
                x := and(calldataload(sub(payload, 0x20)), mask)
                x := add(x, mul(shr(twice, x), toHalves))
                mstore(add(out, 0x20), add(x, mul(and(shr(bits, x), laneMask), toQuarters)))
            }
        }
    }

    /// @dev Decodes `words` delta words and writes old + delta to `out`. `sums` are the four lane sums of the deltas,
    /// `seen` the union of all new words.
    function decodeAdd(
        uint256 out,
        uint256 old,
        uint256 payload,
        uint256 words,
        uint256 bits
    ) internal pure returns (uint256 sums, uint256 seen) {
        uint256 decoder = _decoder(bits);
        assembly ("memory-safe") {
            let end := add(out, shl(5, words))
            // From a new word to its old one; wraps, and is added modulo 2^256.
            let back := sub(old, out)
            let mask := mload(add(decoder, 0x20))
            let toHalves := mload(add(decoder, 0x40))
            let laneMask := mload(add(decoder, 0x60))
            let toQuarters := mload(add(decoder, 0x80))
            for {} lt(out, end) {
                out := add(out, 0x20)
            } {
                // Old lanes are below 2^62 and deltas below 2^44, so no lane carries into the next; the sums of 2^20
                // deltas stay below 2^64.
                let x := shr(mload(decoder), calldataload(payload))
                x := add(x, mul(shr(shl(1, bits), x), toHalves))
                x := add(x, mul(and(shr(bits, x), laneMask), toQuarters))
                sums := add(sums, x)
                x := add(x, mload(add(out, back)))
                seen := or(seen, x)
                mstore(out, x)
                out := add(out, 0x20)
                payload := add(payload, bits)
                x := and(calldataload(sub(payload, 0x20)), mask)
                x := add(x, mul(shr(shl(1, bits), x), toHalves))
                x := add(x, mul(and(shr(bits, x), laneMask), toQuarters))
                sums := add(sums, x)
                x := add(x, mload(add(out, back)))
                seen := or(seen, x)
                mstore(out, x)
            }
        }
    }

    /// @dev The word of a range of level 0; the bits in front of its four lanes must be zero.
    function decodeSingle(uint256 payload, uint256 bits, uint256 firstWord) internal pure returns (uint256 word) {
        uint256 decoder = _decoder(bits);
        assembly ("memory-safe") {
            // (bits + 1) / 2 <= 31 bytes; none shifts by 256, which gives zero.
            word := shr(sub(256, shl(3, shr(1, add(bits, 1)))), calldataload(payload))
        }
        require(word <= Memory.load(decoder + 0x20), LedgerPaddingNotZero(firstWord));
        unchecked {
            // See `_decoder`: the lanes move apart without touching each other.
            word += (word >> (2 * bits)) * Memory.load(decoder + 0x40);
            word += ((word >> bits) & Memory.load(decoder + 0x60)) * Memory.load(decoder + 0x80);
        }
    }

    /// @dev What the decoders need for a width of `bits`, in memory so that their loops read plain values back: left as
    /// expressions, the optimiser would compute them again for every word.
    ///   0x00 256 - 4 bits       brings the four lanes at the top of a load down
    ///   0x20 2^(4 bits) - 1     masks the four lanes at the bottom of a load
    ///   0x40 2^128 - 2^(2 bits) moves the upper two lanes to the upper half
    ///   0x60 2^bits - 1, twice  masks the upper lane of each half, once moved down
    ///   0x80 2^64 - 2^bits      moves the upper lane of each half to its own quarter
    function _decoder(uint256 bits) private pure returns (uint256 decoder) {
        decoder = Memory.allocate(5);
        unchecked {
            // bits <= 62: no shift exceeds 256 and no difference is negative.
            Memory.store(decoder, 256 - 4 * bits);
            Memory.store(decoder + 0x20, (1 << (4 * bits)) - 1);
            Memory.store(decoder + 0x40, (1 << 128) - (1 << (2 * bits)));
            Memory.store(decoder + 0x60, ((1 << bits) - 1) * HALVES);
            Memory.store(decoder + 0x80, (1 << 64) - (1 << bits));
        }
    }
}
