// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev Where a provider is paid and what it owes, in one word: payout address in the low 160 bits, debt in uMOR in the
/// next 64. How they are stored: {PackedPayees}.
type Payee is uint256;

using {payout, debtUMor} for Payee global;

/// @dev Address that is paid; zero for an id that does not exist.
function payout(Payee self) pure returns (address) {
    return address(uint160(Payee.unwrap(self)));
}

/// @dev Debt to be netted against what is paid next, in uMOR.
function debtUMor(Payee self) pure returns (uint64) {
    return uint64(Payee.unwrap(self) >> 160);
}
