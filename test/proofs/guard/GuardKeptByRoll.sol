// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

contract GuardKeptByRoll is GuardInvariant {
    function roll(uint32 newDay, uint96 scheduledWei) external fromAnyBooks {
        if (newDay > _day) sharesWei += openingWei / 100;
        _rollDay(newDay, scheduledWei);
        assert(_holds());
    }
}
