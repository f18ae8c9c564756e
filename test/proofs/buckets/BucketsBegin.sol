// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BucketsInvariant} from "./BucketsInvariant.sol";

/// @notice The base case.
contract BucketsBegin is BucketsInvariant {
    constructor(uint32 firstDay, uint96 scheduledWei) {
        _openBooks(firstDay, scheduledWei);
        assert(_holds());
    }
}
