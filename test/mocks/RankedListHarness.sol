// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RankedList} from "../../contracts/bootstrap/RankedList.sol";

/// @title RankedListHarness
/// @notice Opens the list to calls: `entries` go in one after the other.
contract RankedListHarness {
    using RankedList for bytes;
    using RankedList for RankedList.List;

    function insertAll(
        bytes calldata list,
        uint256[] calldata entries
    ) external pure returns (uint256[] memory ranked, bool[] memory entered, bytes32 hash, uint256 last) {
        RankedList.List memory opened = list.open();
        entered = new bool[](entries.length);
        for (uint256 i = 0; i < entries.length; ++i) entered[i] = opened.insert(entries[i]);
        hash = opened.hash();
        last = opened.lastOfFull();
        ranked = new uint256[](opened.count);
        uint256 start = opened.start;
        for (uint256 i = 0; i < ranked.length; ++i) {
            uint256 entry;
            assembly {
                entry := shr(184, mload(add(start, mul(i, 9))))
            }
            ranked[i] = entry;
        }
    }

    function read(bytes calldata list) external pure returns (uint256[] memory ranked) {
        ranked = new uint256[](list.countOf());
        for (uint256 i = 0; i < ranked.length; ++i) ranked[i] = list.entryAt(i);
    }
}
