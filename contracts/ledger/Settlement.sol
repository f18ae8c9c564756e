// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "../libraries/Memory.sol";
import {Payee} from "../types/Payee.sol";
import {LANES_PER_WORD} from "../types/Units.sol";

/// @title Settlement
/// @notice What a claim owes to whom: collected from proven words, then paid.
library Settlement {
    /// @dev Payments of a claim, one word each from `start` to `end`: provider id in the top 32 bits, amount in uMOR in the
    /// next 64, payout address in the low 160. Beside each, at the same place from `netting` on, what of the provider's
    /// debt is netted with it, in uMOR, and a flag once it has failed. `limit` is where their room ends. `paid` is the packed list of those that went
    /// through, as the event carries it.
    struct Batch {
        uint256 start;
        uint256 end;
        uint256 limit;
        uint256 netting;
        uint256 sumUMor;
        bytes paid;
    }

    uint256 private constant PAYMENT_BYTES = 12;
    uint256 private constant FAILED = 1 << 64;

    // ------------------------------------------------------------------------------------------------ collecting

    /// @dev Makes room for `more` payments behind those already collected.
    function reserve(Batch memory batch, uint256 more) internal pure {
        unchecked {
            // Sizes are bounded by what a transaction can carry.
            uint256 used = batch.end - batch.start;
            if (batch.limit - batch.end >= more * 32) return;
            uint256 room = used / 32 + more;
            uint256 start = Memory.allocate(room);
            uint256 netting = Memory.allocate(room);
            uint256 from = batch.start;
            uint256 nettingFrom = batch.netting;
            assembly ("memory-safe") {
                // The new lists have room for all entries of the old ones.
                mcopy(start, from, used)
                mcopy(netting, nettingFrom, used)
            }
            batch.start = start;
            batch.netting = netting;
            batch.end = start + used;
            batch.limit = start + room * 32;
        }
    }

    /// @dev Adds the due lanes of one word to the batch, which has room for four, and returns the settled word after it.
    /// @param lanes Which lanes are claimed.
    /// @param payees Where the word's four payees stand in memory.
    function collect(
        Batch memory batch,
        uint256 word,
        uint256 settled,
        uint256 lanes,
        uint256 wordIndex,
        uint256 payees
    ) internal pure returns (uint256 settledAfter) {
        settledAfter = settled;
        unchecked {
            // A lane minus a smaller one; the lane in `settledAfter` becomes the credit, without a carry.
            for (uint256 lane = 0; lane < LANES_PER_WORD; ++lane) {
                if ((lanes >> lane) & 1 == 0) continue;
                uint256 credit = uint64(word >> (lane * 64));
                uint256 before = uint64(settled >> (lane * 64));
                if (credit <= before) continue;
                settledAfter += (credit - before) << (lane * 64);
                Payee payee = Payee.wrap(Memory.load(payees + lane * 32));
                add(batch, wordIndex * LANES_PER_WORD + lane, credit - before, payee);
            }
        }
    }

    /// @dev Appends what provider `id` is due, less what of its debt is netted, to the batch, which has room for it.
    function add(Batch memory batch, uint256 id, uint256 due, Payee payee) internal pure {
        unchecked {
            // Sums of 2^22 lanes below 2^62 fit, and no more than what is due is netted.
            uint256 netted = payee.debtUMor();
            if (netted > due) netted = due;
            uint256 next = batch.end;
            Memory.store(batch.netting + next - batch.start, netted);
            Memory.store(next, (id << 224) | ((due - netted) << 160) | uint160(payee.payout()));
            batch.end = next + 32;
            batch.sumUMor += due - netted;
        }
    }

    // ------------------------------------------------------------------------------------------------ paying

    /// @dev Number of payments.
    function count(Batch memory batch) internal pure returns (uint256) {
        unchecked {
            // start <= end
            return (batch.end - batch.start) / 32;
        }
    }

    /// @dev Payment `i`, which is below `count`: what is paid, and what of the debt is netted with it.
    function paymentAt(
        Batch memory batch,
        uint256 i
    ) internal pure returns (uint256 id, address payout, uint64 amountUMor, uint64 nettedUMor) {
        unchecked {
            uint256 entry = Memory.load(batch.start + i * 32);
            id = entry >> 224;
            payout = address(uint160(entry));
            amountUMor = uint64(entry >> 160);
            // Not above a debt, which has 64 bits.
            nettedUMor = uint64(Memory.load(batch.netting + i * 32));
        }
    }

    /// @dev Makes room for the list of payments that go through.
    function openPaid(Batch memory batch) internal pure {
        unchecked {
            // A word more, because each payment is written as a whole word.
            uint256 pointer = Memory.allocate((count(batch) * PAYMENT_BYTES) / 32 + 3);
            Memory.store(pointer, 0);
            bytes memory paid;
            assembly ("memory-safe") {
                paid := pointer
            }
            batch.paid = paid;
        }
    }

    /// @dev Notes a payment that went through.
    function keep(Batch memory batch, uint256 id, uint64 amountUMor) internal pure {
        bytes memory paid = batch.paid;
        assembly ("memory-safe") {
            let length := mload(paid)
            // 12 bytes at the top of the word; the rest is overwritten by the next payment or lies behind the length.
            mstore(add(add(paid, 0x20), length), shl(160, or(shl(64, id), amountUMor)))
            mstore(paid, add(length, PAYMENT_BYTES))
        }
    }

    /// @dev Notes that payment `i` did not go through.
    function fail(Batch memory batch, uint256 i) internal pure {
        unchecked {
            // i < count
            uint256 place = batch.netting + i * 32;
            Memory.store(place, Memory.load(place) | FAILED);
        }
    }

    /// @dev Whether payment `i`, which is below `count`, did not go through.
    function hasFailed(Batch memory batch, uint256 i) internal pure returns (bool) {
        unchecked {
            // i < count
            return Memory.load(batch.netting + i * 32) & FAILED != 0;
        }
    }

    /// @dev `settled` with `amountUMor` taken from one lane, which holds at least that.
    function less(uint256 settled, uint256 lane, uint64 amountUMor) internal pure returns (uint256) {
        return settled - (uint256(amountUMor) << (lane * 64));
    }

    /// @dev Where the payees of word `i` of a range stand.
    function payeesOfWord(Payee[] memory payees, uint256 i) internal pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            // Four payees a word, behind the length of the array.
            pointer := add(add(payees, 0x20), shl(7, i))
        }
    }

    /// @dev Word `i` of those at `words`.
    function wordAt(uint256 words, uint256 i) internal pure returns (uint256) {
        unchecked {
            return Memory.load(words + i * 32);
        }
    }
}
