// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev A debit as it travels in an attestation: what a provider owes back, and the hash of the reason.
struct Debit {
    uint256 providerId;
    uint64 amountUMor;
    bytes32 reasonHash;
}

/// @dev Most debits of one attestation.
uint256 constant MAX_DEBITS = 32;
