// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev 1 uMOR in wei: the unit of the ledger, and the token's own precision between chains (6 shared decimals).
uint104 constant WEI_PER_UMOR = 1e12;

/// @dev Length of an inference block: 5 a minute, 7,200 a day.
uint256 constant BLOCK_SECONDS = 12 seconds;

/// @dev Length of a block-day, counted from the start of the emission.
uint256 constant DAY_SECONDS = 1 days;

/// @dev The drawdown guard lets the unused pool lose one part in this many of its opening a block-day: 1 %.
uint104 constant DRAWDOWN_PARTS = 100;

/// @dev Providers in a word of the ledger, levels above the words, and so the most providers there can be: 4,194,304.
uint256 constant LANES_PER_WORD = 4;
uint256 constant TREE_DEPTH = 20;
uint256 constant MAX_PROVIDERS = LANES_PER_WORD << TREE_DEPTH;

/// @dev Widest lane and widest delta, in bits: 2^62 uMOR is 4.6e12 MOR, 2^44 uMOR is 17.5 million MOR at once.
uint256 constant LANE_BITS_MAX = 62;
uint256 constant DELTA_BITS_MAX = 44;

/// @dev Attestations that may wait for their activation at a time.
uint256 constant MAX_PENDING = 256;

/// @dev Routers in a set.
uint256 constant MAX_ROUTERS = 32;
