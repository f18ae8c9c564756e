// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

contract GuardKeptByBook is GuardInvariant {
    function book(uint128 amountWei, uint128 lackWei) external fromAnyBooks {
        uint256 before = unusedWei;
        _book(amountWei, lackWei);
        arrivedWei += unusedWei - before;
        assert(_holds());
    }
}
