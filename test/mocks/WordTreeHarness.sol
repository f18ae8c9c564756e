// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedRange, Range, Reader} from "../../contracts/libraries/PackedRange.sol";
import {WordTree} from "../../contracts/libraries/WordTree.sol";

/// @notice The word tree by itself, with the gas of the call measured inside.
contract WordTreeHarness {
    function applyUpdate(
        bytes32 root,
        bytes calldata deltas,
        bytes calldata witness
    ) external pure returns (bytes32 newRoot, uint256 creditedUMor, uint256 endId) {
        return WordTree.applyUpdate(root, deltas, witness);
    }

    /// @dev What `attest` does with the update: computes it and publishes the deltas.
    function applyAndLog(bytes32 root, bytes calldata deltas, bytes calldata witness) external {
        (bytes32 newRoot, uint256 creditedUMor, ) = WordTree.applyUpdate(root, deltas, witness);
        emit Applied(newRoot, creditedUMor, deltas);
    }

    event Applied(bytes32 newRoot, uint256 creditedUMor, bytes deltas);

    /// @dev Words and lane masks of all ranges of a claim, one range after the other.
    function readClaims(
        bytes32 root,
        bytes calldata claims
    ) external pure returns (uint256[] memory firstWords, uint256[] memory lanes, uint256[][] memory words) {
        Reader memory reader = PackedRange.readerOf(claims);
        firstWords = new uint256[](64);
        lanes = new uint256[](64);
        words = new uint256[][](64);
        for (uint256 n = 0; !PackedRange.isEmpty(reader); ++n) {
            Range memory range;
            (uint256 laneMask, uint256 pointer) = WordTree.takeProvenRange(reader, root, range);
            firstWords[n] = range.firstWord;
            lanes[n] = laneMask;
            words[n] = new uint256[](range.count);
            for (uint256 i = 0; i < range.count; ++i) {
                uint256 word;
                assembly ("memory-safe") {
                    word := mload(add(pointer, shl(5, i)))
                }
                words[n][i] = word;
            }
        }
    }
}
