// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev 1 uMOR in wei: the unit of the ledger, and the token's own precision between chains (6 shared decimals).
uint256 constant WEI_PER_UMOR = 1e12;
