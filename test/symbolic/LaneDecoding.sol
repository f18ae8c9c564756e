// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "../../contracts/libraries/Memory.sol";
import {PackedRange} from "../../contracts/libraries/PackedRange.sol";
import {LANE_BITS_MAX} from "../../contracts/types/Units.sol";

/// @title LaneDecoding
/// @notice Shows for widths from 2 to 62 and every content that the assembly of `PackedRange` reads lanes as SPEC S4 says.
/// Read by `npm run symbolic`. I6.
/// @dev Some widths are counted out, contents are symbols: two pairs of words and what stands before them. On the other side
/// stand plain shifts, lane by lane.
contract LaneDecoding {
    function check_Decode(uint8 width, uint256 front, uint256[4] calldata stream) external view {
        for (uint256 bits = 2; bits <= LANE_BITS_MAX; bits += 12) {
            if (width != bits) continue;
            try this.decode(abi.encodePacked(front, stream), bits) returns (uint256[4] memory words) {
                uint256 differences = 0;
                for (uint256 i = 0; i < 4; ++i) differences |= words[i] ^ _spread(_bitsAt(stream, 4 * bits, i), bits);
                assert(differences == 0);
            } catch {
                assert(false);
            }
            return;
        }
    }

    function check_DecodeSingle(uint8 width, uint256 front, uint256 head, uint24 firstWord) external view {
        for (uint256 bits = 2; bits <= LANE_BITS_MAX; bits += 15) {
            if (width != bits) continue;
            uint256 packed = head >> (256 - 8 * ((bits + 1) / 2));
            try this.decodeSingle(abi.encodePacked(front, head), bits, firstWord) returns (uint256 word) {
                assert((packed >> (4 * bits)) | (word ^ _spread(packed, bits)) == 0);
            } catch (bytes memory reason) {
                bytes memory expected = abi.encodeWithSelector(PackedRange.LedgerPaddingNotZero.selector, firstWord);
                assert(packed >> (4 * bits) != 0 && _equal(reason, expected));
            }
            return;
        }
    }

    // ---- What is executed: the payload begins behind the first word ----

    function decode(bytes calldata data, uint256 bits) external pure returns (uint256[4] memory words) {
        uint256 out = Memory.allocate(4);
        PackedRange.decode(out, PackedRange.readerOf(data).position + 32, 4, bits);
        for (uint256 i = 0; i < 4; ++i) words[i] = Memory.load(out + 32 * i);
    }

    function decodeSingle(bytes calldata data, uint256 bits, uint256 firstWord) external pure returns (uint256) {
        return PackedRange.decodeSingle(PackedRange.readerOf(data).position + 32, bits, firstWord);
    }

    // ---- What it is compared with ----

    /// @dev The stretch `i` of `length` bits, below 256, from the front of `stream`.
    function _bitsAt(uint256[4] calldata stream, uint256 length, uint256 i) private pure returns (uint256) {
        uint256 word = (i * length) / 256;
        uint256 offset = (i * length) % 256;
        uint256 bits = stream[word] << offset;
        if (offset + length > 256) bits |= stream[word + 1] >> (256 - offset);
        return bits >> (256 - length);
    }

    /// @dev Four lanes of `bits` each, moved to 64 bits each.
    function _spread(uint256 packed, uint256 bits) private pure returns (uint256 word) {
        for (uint256 lane = 0; lane < 4; ++lane) word |= ((packed >> (lane * bits)) & ((1 << bits) - 1)) << (64 * lane);
    }

    /// @dev Whether two errors of one argument are the same, without a hash.
    function _equal(bytes memory a, bytes memory b) private pure returns (bool) {
        if (a.length != 36 || b.length != 36) return false;
        uint256 differences;
        assembly ("memory-safe") {
            differences := or(xor(mload(add(a, 32)), mload(add(b, 32))), xor(mload(add(a, 36)), mload(add(b, 36))))
        }
        return differences == 0;
    }
}
