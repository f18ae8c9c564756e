// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StdAssertions} from "forge-std/StdAssertions.sol";
import {StdInvariant} from "forge-std/StdInvariant.sol";
import {Vm} from "forge-std/Vm.sol";

/// @title Test
/// @notice Base of every Solidity test: the assertion and invariant halves of forge-std, without the files whose inline
/// assembly newer compilers warn about.
abstract contract Test is StdAssertions, StdInvariant {
    bool public constant IS_TEST = true;
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev `x` itself when it lies in [low, high], otherwise wrapped into it; the two ends stay likely.
    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        require(low <= high, "bound: empty interval");
        if (x >= low && x <= high) return x;
        uint256 size = high - low;
        return size == type(uint256).max ? x : low + (x % (size + 1));
    }

    /// @dev A labelled address and its private key, derived from `name`.
    function makeAddrAndKey(string memory name) internal returns (address who, uint256 key) {
        key = uint256(keccak256(bytes(name)));
        who = vm.addr(key);
        vm.label(who, name);
    }

    function makeAddr(string memory name) internal returns (address who) {
        (who, ) = makeAddrAndKey(name);
    }

    function skip(uint256 seconds_) internal {
        vm.warp(vm.getBlockTimestamp() + seconds_);
    }
}
