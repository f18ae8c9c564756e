// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memory} from "../libraries/Memory.sol";
import {Payee} from "../types/Payee.sol";
import {LANES_PER_WORD} from "../types/Units.sol";

/// @title Settlement
/// @notice What a claim owes to whom: collected from proven words, then paid.
library Settlement {
    /// @dev Payments of a claim from `start` to `end`, two words each: provider id in the top 32 bits, amount in uMOR in the next
    /// 64 and payout address in the low 160 of the first; in the second, what of the provider's debt is netted with it, in
    /// uMOR, and a flag once it has failed. `limit` is where their room ends. `paid` is the packed list of those that went
    /// through, as the event carries it.
    struct Batch {
        uint256 start;
        uint256 end;
        uint256 limit;
        uint256 sumUMor;
        bytes paid;
    }

    uint256 internal constant ENTRY_BYTES = 64;
    uint256 private constant PAYMENT_BYTES = 12;
    uint256 private constant FAILED = 1 << 64;

    // ------------------------------------------------------------------------------------------------ collecting

    /// @dev Makes room for `more` payments behind those already collected.
    function reserve(Batch memory batch, uint256 more) internal pure {
        unchecked {
            // Sizes are bounded by what a transaction can carry.
            (uint256 from, uint256 end) = (batch.start, batch.end);
            if (batch.limit - end >= more * ENTRY_BYTES) return;
            uint256 used = end - from;
            uint256 room = used + more * ENTRY_BYTES;
            uint256 start = Memory.allocate(room / 32);
            assembly ("memory-safe") {
                // The new list has room for all entries of the old one.
                mcopy(start, from, used)
            }
            batch.start = start;
            batch.end = start + used;
            batch.limit = start + room;
        }
    }

    /// @dev Adds the due lanes of one word to the batch, which has room for four, and returns the settled word after it.
    /// @param lanes Which lanes are claimed, lowest bit first.
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
        uint256 entry = batch.end;
        uint256 sumUMor = 0;
        unchecked {
            // A lane minus a smaller one; the lane in `settledAfter` becomes the credit, without a carry.
            uint256 id = wordIndex * LANES_PER_WORD;
            for (uint256 shift = 0; shift < 256; shift += 64) {
                uint256 credit = uint64(word >> shift);
                uint256 before = uint64(settled >> shift);
                if (lanes & 1 == 1 && credit > before) {
                    settledAfter += (credit - before) << shift;
                    sumUMor += _write(entry, id, credit - before, Payee.wrap(Memory.load(payees)));
                    entry += ENTRY_BYTES;
                }
                lanes >>= 1;
                payees += 0x20;
                ++id;
            }
            batch.end = entry;
            batch.sumUMor += sumUMor;
        }
    }

    /// @dev Appends what provider `id` is due, less what of its debt is netted, to the batch, which has room for it.
    function add(Batch memory batch, uint256 id, uint256 due, Payee payee) internal pure {
        unchecked {
            // Sums of 2^22 lanes below 2^62 fit.
            batch.sumUMor += _write(batch.end, id, due, payee);
            batch.end += ENTRY_BYTES;
        }
    }

    /// @dev Writes the entry of a payment; gives what is to be paid.
    function _write(uint256 entry, uint256 id, uint256 due, Payee payee) private pure returns (uint256 amountUMor) {
        unchecked {
            // No more than what is due is netted.
            uint256 netted = payee.debtUMor();
            if (netted > due) netted = due;
            amountUMor = due - netted;
            Memory.store(entry, (id << 224) | (amountUMor << 160) | uint160(payee.payout()));
            Memory.store(entry + 0x20, netted);
        }
    }

    // ------------------------------------------------------------------------------------------------ paying

    /// @dev Number of payments.
    function count(Batch memory batch) internal pure returns (uint256) {
        unchecked {
            // start <= end
            return (batch.end - batch.start) / ENTRY_BYTES;
        }
    }

    /// @dev Where payment `i`, which is below `count`, stands.
    function entryAt(Batch memory batch, uint256 i) internal pure returns (uint256 entry) {
        unchecked {
            // i < count
            return batch.start + i * ENTRY_BYTES;
        }
    }

    /// @dev The payment at `entry`: what is paid, and what of the debt is netted with it.
    function read(
        uint256 entry
    ) internal pure returns (uint256 id, address payout, uint64 amountUMor, uint64 nettedUMor) {
        unchecked {
            // An entry has two words.
            uint256 payment = Memory.load(entry);
            id = payment >> 224;
            payout = address(uint160(payment));
            amountUMor = uint64(payment >> 160);
            // Not above a debt, which has 64 bits.
            nettedUMor = uint64(Memory.load(entry + 0x20));
        }
    }

    /// @dev Makes room for the list of payments that go through; gives the place of the first.
    function openPaid(Batch memory batch) internal pure returns (uint256 place) {
        unchecked {
            // A word more, because each payment is written as a whole word.
            uint256 pointer = Memory.allocate((count(batch) * PAYMENT_BYTES) / 32 + 3);
            bytes memory paid;
            assembly ("memory-safe") {
                paid := pointer
            }
            batch.paid = paid;
            place = pointer + 0x20;
        }
    }

    /// @dev Writes the payment at `entry`, which went through, to `place` of the list; gives the next place.
    function keep(uint256 entry, uint256 place) internal pure returns (uint256 next) {
        unchecked {
            // Id and amount are the top 12 bytes; the rest is overwritten by the next payment or lies behind the list.
            Memory.store(place, Memory.load(entry));
            next = place + PAYMENT_BYTES;
        }
    }

    /// @dev Ends the list of payments that went through at `place`.
    function closePaid(Batch memory batch, uint256 place) internal pure {
        bytes memory paid = batch.paid;
        assembly ("memory-safe") {
            // The list begins behind its length.
            mstore(paid, sub(place, add(paid, 0x20)))
        }
    }

    /// @dev Notes that the payment at `entry` did not go through.
    function fail(uint256 entry) internal pure {
        unchecked {
            // An entry has two words.
            Memory.store(entry + 0x20, Memory.load(entry + 0x20) | FAILED);
        }
    }

    /// @dev Whether the payment at `entry` did not go through.
    function hasFailed(uint256 entry) internal pure returns (bool) {
        unchecked {
            // An entry has two words.
            return Memory.load(entry + 0x20) & FAILED != 0;
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
