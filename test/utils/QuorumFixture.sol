// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {RouterSet} from "../../contracts/routers/RouterSet.sol";
import {Test} from "./Test.sol";

/// @title QuorumFixture
/// @notice Router keys in the order of their addresses, sets and quorums made of them.
abstract contract QuorumFixture is Test {
    uint256[] internal keys;
    uint256 internal setThreshold;

    // ---- The set ----

    /// @dev `count` keys with a threshold just above half.
    function _createKeys(uint256 count) internal {
        delete keys;
        setThreshold = count / 2 + 1;
        for (uint256 i = 0; i < count; ++i) {
            keys.push(uint256(keccak256(abi.encode("router", i))));
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
    }

    function _newRouterSet(
        IRouterSet.Router[] memory set,
        uint256 threshold,
        address authority
    ) internal returns (RouterSet) {
        return RouterSet(deployCode("RouterSet.sol:RouterSet", abi.encode(set, threshold, authority)));
    }

    function _ecdsaSet() internal view returns (IRouterSet.Router[] memory set) {
        set = new IRouterSet.Router[](keys.length);
        for (uint256 i = 0; i < set.length; ++i) set[i] = IRouterSet.Router(vm.addr(keys[i]), false);
    }

    function _encodeSet(IRouterSet.Router[] memory set, uint256 threshold) internal pure returns (bytes memory packed) {
        packed = abi.encodePacked(uint8(threshold), uint8(set.length));
        for (uint256 i = 0; i < set.length; ++i) {
            packed = abi.encodePacked(packed, set[i].isContract ? uint8(1) : uint8(0), set[i].account);
        }
    }

    // ---- Signatures ----

    function _signatureOf(uint256 key, bytes32 messageHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, messageHash);
        return abi.encodePacked(r, s, v);
    }

    /// @dev A signature as it travels: with its length in front.
    function _entry(bytes memory signature) internal pure returns (bytes memory) {
        return abi.encodePacked(uint16(signature.length), signature);
    }

    /// @dev The set of all keys, and the signatures of those that `signers` names.
    function _quorumOf(bytes32 messageHash, uint256 signers) internal view returns (bytes memory quorum) {
        quorum = abi.encodePacked(_encodeSet(_ecdsaSet(), setThreshold), uint32(signers));
        for (uint256 i = 0; i < keys.length; ++i) {
            if ((signers >> i) & 1 == 1) quorum = abi.encodePacked(quorum, _entry(_signatureOf(keys[i], messageHash)));
        }
    }
}
