// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

contract GuardKeptByBook is GuardInvariant {
    function book(uint104 amountWei, uint104 lackWei) external fromAnyBooks {
        uint256 before = _unusedWei;
        _book(amountWei, lackWei);
        arrivedWei += _unusedWei - before;
        assert(_holds());
    }
}
