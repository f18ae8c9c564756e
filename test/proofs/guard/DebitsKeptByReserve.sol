// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

/// @notice When debits are reserved, all of the day's together fit its budget: a quorum takes back no faster than it spends.
contract DebitsKeptByReserve is GuardInvariant {
    function reserveDebits(uint64 sumUMor) external fromAnyBooks {
        _reserveDebits(sumUMor);
        assert(uint256(debitedTodayUMor()) * 1e12 <= budgetWei());
    }
}
