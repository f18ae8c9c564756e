// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

contract GuardKeptByReserve is GuardInvariant {
    function reserve(uint64 creditedUMor) external fromAnyBooks {
        _reserve(creditedUMor);
        assert(_holds());
    }
}
