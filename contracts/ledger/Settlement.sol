// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "../libraries/Memory.sol";
import {Payee} from "../types/Payee.sol";
import {LANES_PER_WORD} from "../types/Units.sol";

/// @title Settlement
/// @notice What a claim owes to whom: collected from proven words, then paid.
library Settlement {
    /// @dev Payments of a claim. Two words for each of `count` payments stand at `list`: amount in uMOR above the payout
    /// address, then the id. `paid` is the packed list of those that went through, as the event carries it.
    struct Batch {
        uint256 count;
        uint64 sumUMor;
        uint256 list;
        uint256 room;
        bytes paid;
    }

    uint256 private constant ENTRY_BYTES = 64;
    uint256 private constant PAYMENT_BYTES = 12;

    /// @dev Makes room for `more` payments behind those already collected.
    function reserve(Batch memory batch, uint256 more) internal pure {
        uint256 needed = batch.count + more;
        if (needed <= batch.room) return;
        uint256 list = Memory.allocate(needed * 2);
        uint256 from = batch.list;
        uint256 bytesUsed = batch.count * ENTRY_BYTES;
        assembly ("memory-safe") {
            // The new list has room for all entries of the old one.
            mcopy(list, from, bytesUsed)
        }
        batch.list = list;
        batch.room = needed;
    }

    /// @dev Adds the due lanes of one word to the batch and returns the settled word after it.
    /// @param lanes Which lanes are claimed.
    /// @param payees Payees of the range, `index` words behind its first.
    function collect(
        Batch memory batch,
        uint256 word,
        uint256 settled,
        uint256 lanes,
        uint256 wordIndex,
        Payee[] memory payees,
        uint256 index
    ) internal pure returns (uint256 settledAfter) {
        settledAfter = settled;
        for (uint256 lane = 0; lane < LANES_PER_WORD; ++lane) {
            if ((lanes >> lane) & 1 == 0) continue;
            uint64 credit = uint64(word >> (lane * 64));
            uint64 before = uint64(settled >> (lane * 64));
            if (credit <= before) continue;
            uint64 due = credit - before;
            // The lane becomes `credit`: no carry into the next.
            settledAfter += uint256(due) << (lane * 64);
            uint256 entry = batch.list + batch.count * ENTRY_BYTES;
            Payee payee = payees[index * LANES_PER_WORD + lane];
            Memory.store(entry, (uint256(due) << 160) | uint160(payee.payout()));
            Memory.store(entry + 32, wordIndex * LANES_PER_WORD + lane);
            batch.count += 1;
            batch.sumUMor += due;
        }
    }

    /// @dev Payment `i`.
    function paymentAt(Batch memory batch, uint256 i) internal pure returns (uint256 id, address payout, uint64 amountUMor) {
        uint256 entry = Memory.load(batch.list + i * ENTRY_BYTES);
        return (Memory.load(batch.list + i * ENTRY_BYTES + 32), address(uint160(entry)), uint64(entry >> 160));
    }

    /// @dev Notes a payment that went through.
    function keep(Batch memory batch, uint256 id, uint64 amountUMor) internal pure {
        bytes memory paid = batch.paid;
        if (paid.length == 0) {
            // Room for all, and a word more, because each payment is written as a whole word.
            paid = new bytes(batch.count * PAYMENT_BYTES + 32);
            assembly ("memory-safe") {
                mstore(paid, 0)
            }
            batch.paid = paid;
        }
        assembly ("memory-safe") {
            let length := mload(paid)
            // 12 bytes at the top of the word; the rest is overwritten by the next payment or lies behind the length.
            mstore(add(add(paid, 0x20), length), shl(160, or(shl(64, id), amountUMor)))
            mstore(paid, add(length, PAYMENT_BYTES))
        }
    }

    /// @dev The packed payments that went through.
    function payments(Batch memory batch) internal pure returns (bytes memory) {
        return batch.paid;
    }

    /// @dev `settled` with `amountUMor` taken from one lane, which holds at least that.
    function less(uint256 settled, uint256 lane, uint64 amountUMor) internal pure returns (uint256) {
        return settled - (uint256(amountUMor) << (lane * 64));
    }

    /// @dev Word `i` of those at `words`.
    function wordAt(uint256 words, uint256 i) internal pure returns (uint256) {
        return Memory.load(words + i * 32);
    }
}
