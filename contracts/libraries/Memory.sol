// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Memory
/// @notice Plain words of memory for code that hashes and decodes in place.
library Memory {
    /// @dev Memory for `count` words, not cleared.
    function allocate(uint256 count) internal pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
            mstore(0x40, add(pointer, shl(5, count)))
        }
    }

    /// @dev Gives back everything allocated since `pointer`; nothing of it may be used any more.
    function freeTo(uint256 pointer) internal pure {
        assembly ("memory-safe") {
            mstore(0x40, pointer)
        }
    }

    /// @dev The word at `pointer`.
    function load(uint256 pointer) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(pointer)
        }
    }

    /// @dev Writes the word at `pointer`, which the caller has allocated.
    function store(uint256 pointer, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(pointer, value)
        }
    }
}
