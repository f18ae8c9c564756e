// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedDebits} from "../../contracts/ledger/PackedDebits.sol";
import {Debit} from "../../contracts/types/Debit.sol";

/// @title DebitPacking
/// @notice Shows for every content that packed debits are read back as they were packed, that their sum is exact, and which bytes
/// are refused. Read by `npm run symbolic`. I19.
contract DebitPacking {
    uint256 private constant ENTRY_BYTES = 44;
    uint256 private constant MAX_ENTRIES = 32;

    function check_DebitAt(
        uint32[3] calldata ids,
        uint64[3] calldata amounts,
        bytes32[3] calldata reasons
    ) external view {
        bytes memory debits = _pack(ids, amounts, reasons);
        for (uint256 i = 0; i < 3; ++i) {
            try this.debitAt(debits, i) returns (Debit memory debit) {
                uint256 differences = (debit.providerId ^ ids[i]) | (debit.amountUMor ^ amounts[i]);
                assert(differences | uint256(debit.reasonHash ^ reasons[i]) == 0);
            } catch {
                assert(false);
            }
        }
    }

    function check_TotalOf(
        uint32[3] calldata ids,
        uint64[3] calldata amounts,
        bytes32[3] calldata reasons
    ) external view {
        bool takesNothing = amounts[0] == 0 || amounts[1] == 0 || amounts[2] == 0;
        try this.totalOf(_pack(ids, amounts, reasons)) returns (uint256 sumUMor, uint256 endId) {
            assert(!takesNothing && sumUMor == uint256(amounts[0]) + amounts[1] + amounts[2]);
            assert(endId > ids[0] && endId > ids[1] && endId > ids[2]);
            assert(endId - 1 == ids[0] || endId - 1 == ids[1] || endId - 1 == ids[2]);
        } catch {
            assert(takesNothing);
        }
    }

    function check_Count(uint32 length) external view {
        try this.count(length) returns (uint256 entries) {
            assert(entries <= MAX_ENTRIES && entries * ENTRY_BYTES == length);
        } catch {
            bool whole = false;
            for (uint256 entries = 0; entries <= MAX_ENTRIES; ++entries) {
                assembly ("memory-safe") {
                    whole := or(whole, eq(length, mul(entries, ENTRY_BYTES)))
                }
            }
            assert(!whole);
        }
    }

    // ---- What is executed ----

    function debitAt(bytes calldata debits, uint256 i) external pure returns (Debit memory) {
        return PackedDebits.debitAt(debits, i);
    }

    function totalOf(bytes calldata debits) external pure returns (uint256, uint256) {
        return PackedDebits.totalOf(debits);
    }

    /// @dev Only the length is looked at.
    function count(uint256 length) external pure returns (uint256) {
        bytes calldata debits;
        assembly ("memory-safe") {
            debits.offset := 0
            debits.length := length
        }
        return PackedDebits.count(debits);
    }

    function _pack(
        uint32[3] calldata ids,
        uint64[3] calldata amounts,
        bytes32[3] calldata reasons
    ) private pure returns (bytes memory debits) {
        for (uint256 i = 0; i < 3; ++i) debits = abi.encodePacked(debits, ids[i], amounts[i], reasons[i]);
    }
}
