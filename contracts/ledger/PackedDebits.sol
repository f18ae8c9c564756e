// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Debit, MAX_DEBITS} from "../types/Debit.sol";

/// @title PackedDebits
/// @notice Debits as they travel with an attestation: { provider id u32 | amount u64 | reason hash b32 } each, big-endian,
/// at most 32. Their hash stands in the signed message: keccak256 of these bytes, 0 for none.
library PackedDebits {
    /// @notice The bytes are not whole entries, or more than 32 of them.
    error DebitsLengthInvalid(uint256 length);
    /// @notice An entry takes nothing.
    error DebitZero(uint256 index);

    uint256 private constant ENTRY_BYTES = 44;

    /// @dev Hash of packed debits as the message carries it.
    function hashOf(bytes calldata debits) internal pure returns (bytes32) {
        return debits.length == 0 ? bytes32(0) : keccak256(debits);
    }

    function count(bytes calldata debits) internal pure returns (uint256 entries) {
        entries = debits.length / ENTRY_BYTES;
        require(debits.length % ENTRY_BYTES == 0 && entries <= MAX_DEBITS, DebitsLengthInvalid(debits.length));
    }

    /// @dev Entry `i`, which is below `count`.
    function debitAt(bytes calldata debits, uint256 i) internal pure returns (Debit memory debit) {
        bytes calldata entry = debits[i * ENTRY_BYTES:(i + 1) * ENTRY_BYTES];
        debit.providerId = uint32(bytes4(entry[:4]));
        debit.amountUMor = uint64(bytes8(entry[4:12]));
        debit.reasonHash = bytes32(entry[12:44]);
    }

    /// @dev Sum of all entries in uMOR, and the id behind the highest one.
    function totalOf(bytes calldata debits) internal pure returns (uint256 sumUMor, uint256 endId) {
        uint256 entries = count(debits);
        for (uint256 i = 0; i < entries; ++i) {
            Debit memory debit = debitAt(debits, i);
            require(debit.amountUMor != 0, DebitZero(i));
            sumUMor += debit.amountUMor;
            if (debit.providerId >= endId) endId = debit.providerId + 1;
        }
    }
}
