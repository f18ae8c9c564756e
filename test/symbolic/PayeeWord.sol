// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payee, toPayee} from "../../contracts/types/Payee.sol";

/// @title PayeeWord
/// @notice Shows for every word that payout address and debt of a payee are read back as written, and that writing one leaves
/// the other. Read by `npm run symbolic`.
contract PayeeWord {
    function check_ToPayee(address payout) external pure {
        Payee payee = toPayee(payout);
        assert(payee.payout() == payout && payee.debtUMor() == 0);
    }

    function check_WithPayout(uint256 word, address payout) external pure {
        Payee before = Payee.wrap(word);
        Payee payee = before.withPayout(payout);
        assert(payee.payout() == payout && payee.debtUMor() == before.debtUMor());
    }

    function check_WithDebt(uint256 word, uint64 debt) external pure {
        Payee before = Payee.wrap(word);
        Payee payee = before.withDebt(debt);
        assert(payee.payout() == before.payout() && payee.debtUMor() == debt);
    }
}
