// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardInvariant} from "./GuardInvariant.sol";

contract GuardKeptByRelease is GuardInvariant {
    function release(uint64 creditedUMor) external fromAnyBooks {
        _release(creditedUMor);
        assert(_holds());
    }
}
