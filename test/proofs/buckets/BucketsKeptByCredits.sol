// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BucketsInvariant} from "./BucketsInvariant.sol";

/// @notice Credits are reserved, and a veto takes them back.
contract BucketsKeptByCredits is BucketsInvariant {
    function reserve(uint64 creditedUMor) external fromAnyBooks {
        _reserve(creditedUMor);
        assert(_holds());
    }

    function release(uint64 creditedUMor) external fromAnyBooks {
        _release(creditedUMor);
        assert(_holds());
    }
}
