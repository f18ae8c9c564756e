// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedRange, Range, Reader} from "../../contracts/libraries/PackedRange.sol";

/// @title RangeHeader
/// @notice Shows for every header and every length of calldata which ranges are taken, and that what is taken is what was
/// written. Read by `npm run symbolic`. I6.
contract RangeHeader {
    uint256 private constant DEPTH = 20;
    uint256 private constant HEADER_BYTES = 8;

    function check_TakeRange(uint64 header, uint64 available, uint8 maxBits) external view {
        uint256 firstWord = header >> 40;
        uint256 level = (header >> 32) & 0xff;
        uint256 words = (header >> 8) & 0xffffff;
        uint256 bits = header & 0xff;
        bool inside = level <= DEPTH && firstWord < 2 ** DEPTH && (firstWord >> level) << level == firstWord;
        bool counted = words > 0 && words <= 1 << level && (level == 0 || words % 2 == 0);
        uint256 payloadBytes;
        unchecked {
            payloadBytes = (words * bits + 1) / 2;
        }
        bool fits = bits <= maxBits && available >= HEADER_BYTES && payloadBytes <= available - HEADER_BYTES;
        try this.take(abi.encodePacked(header), available, maxBits) returns (Range memory range, uint256 taken) {
            assert(inside && counted && fits);
            uint256 differences = (range.firstWord ^ firstWord) | (range.level ^ level) | (range.count ^ words);
            differences |= (range.bits ^ bits) | (range.payload ^ HEADER_BYTES);
            assert(differences | (taken ^ (HEADER_BYTES + payloadBytes)) == 0);
            // So all its words are words of the tree.
            assert(firstWord + (1 << level) <= 2 ** DEPTH);
        } catch {
            assert(!(inside && counted && fits));
        }
    }

    function check_TakeUint(uint8 length, uint64 available, uint256 head) external view {
        for (uint256 size = 1; size <= 32; ++size) {
            if (length != size) continue;
            try this.takeUint(abi.encodePacked(head), available, size) returns (uint256 value, uint256 taken) {
                assert(available >= size && value == head >> (256 - 8 * size) && taken == size);
            } catch {
                assert(available < size);
            }
            return;
        }
    }

    // ---- What is executed: calldata that ends after `available` bytes, and positions from its start ----

    function take(
        bytes calldata data,
        uint256 available,
        uint256 maxBits
    ) external pure returns (Range memory range, uint256 taken) {
        Reader memory reader = PackedRange.readerOf(data);
        uint256 start = reader.position;
        reader.end = start + available;
        PackedRange.takeRange(reader, range, maxBits);
        range.payload -= start;
        taken = reader.position - start;
    }

    function takeUint(
        bytes calldata data,
        uint256 available,
        uint256 length
    ) external pure returns (uint256 value, uint256 taken) {
        Reader memory reader = PackedRange.readerOf(data);
        uint256 start = reader.position;
        reader.end = start + available;
        value = PackedRange.takeUint(reader, length);
        taken = reader.position - start;
    }
}
