// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev Identity of a provider: dense, from 0, never reused; also its lane in the ledger.
type ProviderId is uint32;
