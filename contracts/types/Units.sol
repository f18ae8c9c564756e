// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev 1 uMOR in wei: the unit of the ledger, and the token's own precision between chains (6 shared decimals).
uint128 constant WEI_PER_UMOR = 1e12;

/// @dev Length of an inference block: 5 a minute, 7,200 a day.
uint256 constant BLOCK_SECONDS = 12 seconds;

/// @dev Length of a block-day, counted from the start of the emission.
uint256 constant DAY_SECONDS = 1 days;

/// @dev The drawdown guard lets the unused pool lose one part in this many of its opening a block-day: 1 %.
uint128 constant DRAWDOWN_PARTS = 100;
