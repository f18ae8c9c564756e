// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev 1 uMOR in wei: the unit of the ledger, and the token's own precision between chains (6 shared decimals).
uint256 constant WEI_PER_UMOR = 1e12;

/// @dev Length of an inference block and of a block-day, in seconds.
uint256 constant BLOCK_SECONDS = 12 seconds;
uint256 constant DAY_SECONDS = 1 days;

/// @dev Providers in a word of the ledger, levels above the words, and so the most providers there can be.
uint256 constant LANES_PER_WORD = 4;
uint256 constant TREE_DEPTH = 20;
uint256 constant MAX_PROVIDERS = LANES_PER_WORD << TREE_DEPTH;

/// @dev Widest lane and widest delta, in bits. 2^62 uMOR is 4.6e12 MOR, 2^44 uMOR is 17.5 million MOR in one attestation.
uint256 constant LANE_BITS_MAX = 62;
uint256 constant DELTA_BITS_MAX = 44;
