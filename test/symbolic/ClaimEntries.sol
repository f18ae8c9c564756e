// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Settlement} from "../../contracts/ledger/Settlement.sol";
import {Payee} from "../../contracts/types/Payee.sol";

/// @title ClaimEntries
/// @notice Shows for every content that each entry of a claim is read back as it was written,
/// and that what failed is put back in its own lane alone. Read by `npm run symbolic`. I10, I11 and I17.
contract ClaimEntries {
    using Settlement for Settlement.Batch;

    uint256 private constant LANE = type(uint64).max;

    function check_Add(uint32 id, uint64 due, uint256 payee) external pure {
        Settlement.Batch memory batch;
        batch.reserve(1);
        batch.add(id, due, Payee.wrap(payee));
        (uint256 differences, uint256 amountUMor) = _entryDiffers(batch, 0, id, due, Payee.wrap(payee));
        assert(differences | (batch.count() ^ 1) | (batch.sumUMor ^ amountUMor) == 0);
    }

    function check_Fail(uint32 id, uint64 due, uint256 payee) external pure {
        Settlement.Batch memory batch;
        batch.reserve(2);
        batch.add(id, due, Payee.wrap(payee));
        batch.add(id, due, Payee.wrap(payee));
        uint256 entry = batch.entryAt(0);
        assert(!Settlement.hasFailed(entry));
        Settlement.fail(entry);
        assert(Settlement.hasFailed(entry) && !Settlement.hasFailed(batch.entryAt(1)));
        (uint256 differences, ) = _entryDiffers(batch, 0, id, due, Payee.wrap(payee));
        assert(differences == 0);
    }

    function check_Less(uint256 settled, uint8 lane, uint64 amountUMor) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            if (lane != i || _lane(settled, i) < amountUMor) continue;
            uint256 less = Settlement.less(settled, i, amountUMor);
            uint256 differences = _lane(less, i) ^ (_lane(settled, i) - amountUMor);
            for (uint256 other = 0; other < 4; ++other)
                if (other != i) differences |= _lane(less, other) ^ _lane(settled, other);
            assert(differences == 0);
        }
    }

    /// @dev The list of the event: id and amount of the payments that were kept, one behind the other.
    function check_PaidList(uint32[2] calldata ids, uint64[2] calldata due, uint256[2] calldata payees) external pure {
        Settlement.Batch memory batch;
        batch.reserve(2);
        for (uint256 i = 0; i < 2; ++i) batch.add(ids[i], due[i], Payee.wrap(payees[i]));
        uint256 place = batch.openPaid();
        for (uint256 i = 0; i < 2; ++i) place = Settlement.keep(batch.entryAt(i), place);
        batch.closePaid(place);
        (, , uint64 first, ) = Settlement.read(batch.entryAt(0));
        (, , uint64 second, ) = Settlement.read(batch.entryAt(1));
        assert(batch.paid.length == 24);
        uint256 paid = uint256(bytes32(batch.paid)) >> 64;
        assert(paid == (((((uint256(ids[0]) << 64) | first) << 32) | ids[1]) << 64) | second);
    }

    /// @dev Zero if entry `i` pays `id` what is due less its debt, at its payout address.
    function _entryDiffers(
        Settlement.Batch memory batch,
        uint256 i,
        uint256 id,
        uint256 due,
        Payee payee
    ) private pure returns (uint256 differences, uint256 amountUMor) {
        uint256 netted = (Payee.unwrap(payee) >> 160) & LANE;
        if (netted > due) netted = due;
        amountUMor = due - netted;
        (uint256 readId, address payout, uint64 amount, uint64 debt) = Settlement.read(batch.entryAt(i));
        differences = (readId ^ id) | (amount ^ amountUMor) | (debt ^ netted);
        differences |= (uint160(payout) ^ Payee.unwrap(payee)) << 96;
    }

    function _lane(uint256 word, uint256 lane) private pure returns (uint256) {
        return (word >> (64 * lane)) & LANE;
    }
}
