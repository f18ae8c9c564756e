// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "../../contracts/libraries/Memory.sol";
import {PackedPayees} from "../../contracts/providers/PackedPayees.sol";
import {Payee} from "../../contracts/types/Payee.sol";

/// @title PayeeSlots
/// @notice Shows for every content of the four payees of a word that payout addresses and debts are read back as written, that
/// writing one leaves the others, and that the payees of a word are those read one by one. Read by `npm run symbolic`.
contract PayeeSlots {
    using PackedPayees for PackedPayees.Book;

    PackedPayees.Book private _book;

    function _fill(address[4] memory payouts, uint64[4] memory debts) private {
        for (uint256 i = 0; i < 4; ++i) {
            _book.setPayout(i, payouts[i]);
            _book.setDebt(i, debts[i]);
        }
    }

    function _requireThose(address[4] memory payouts, uint64[4] memory debts) private view {
        for (uint256 i = 0; i < 4; ++i) {
            Payee payee = _book.payeeAt(i);
            assert(payee.payout() == payouts[i]);
            assert(payee.debtUMor() == debts[i]);
        }
    }

    function check_SetPayout(address[4] memory payouts, uint64[4] memory debts, address payout) external {
        for (uint256 i = 0; i < 4; ++i) {
            _fill(payouts, debts);
            _book.setPayout(i, payout);
            address old = payouts[i];
            payouts[i] = payout;
            _requireThose(payouts, debts);
            payouts[i] = old;
        }
    }

    function check_SetDebt(address[4] memory payouts, uint64[4] memory debts, uint64 debt) external {
        for (uint256 i = 0; i < 4; ++i) {
            _fill(payouts, debts);
            _book.setDebt(i, debt);
            uint64 old = debts[i];
            debts[i] = debt;
            _requireThose(payouts, debts);
            debts[i] = old;
        }
    }

    /// @dev Two debtors stand for all: whether the slot of debts is read is decided by the bits of the whole word.
    function check_Load(address[4] memory payouts, uint64 first, uint64 last) external {
        uint64[4] memory debts = [first, 0, 0, last];
        _fill(payouts, debts);
        uint256 to = Memory.allocate(4);
        for (uint256 lanes = 0; lanes < 16; ++lanes) {
            _book.load(0, lanes, to, to + 0x80);
            for (uint256 i = 0; i < 4; ++i) {
                Payee payee = Payee.wrap(Memory.load(to + 0x20 * i));
                bool asked = (lanes >> i) & 1 == 1;
                assert(payee.payout() == (asked ? payouts[i] : address(0)));
                assert(payee.debtUMor() == (asked ? debts[i] : 0));
            }
        }
    }
}
