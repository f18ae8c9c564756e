// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IRouterSet} from "../interfaces/IRouterSet.sol";
import {MAX_ROUTERS} from "../types/Units.sol";

/// @title RouterSet
/// @notice Keeps the routers in force and checks their quorum.
///
/// MECHANISM
/// @dev The digest of the set is one slot. Whoever posts brings the set along and the digest proves it: no slot is read for
/// each signer.
///
/// ROLES
/// @dev Quorum: credits providers within the drawdown guard, orders slashes. It cannot move a token, lower a credit, or
/// @dev change anything here.
/// @dev Governance: another set or threshold, timelocked. Guardian: removes a router at once, as long as the rest can sign.
/// @dev Both change the digest in one step: at every moment exactly one set can sign, and old signatures die with theirs. The
/// @dev digest holds an epoch that only rises, so they stay dead even if the same routers come back.
contract RouterSet is IRouterSet, AccessManaged {
    using ECDSA for bytes32;

    /// @dev Gas and return data that a contract router's check may use.
    uint256 private constant ERC1271_GAS = 200_000;
    uint256 private constant SET_HEADER_BYTES = 6;
    uint256 private constant ROUTER_BYTES = 21;
    uint256 private constant SIGNERS_BYTES = 4;
    uint256 private constant LENGTH_BYTES = 2;

    /// @inheritdoc IRouterSet
    bytes32 public digest;
    /// @inheritdoc IRouterSet
    uint256 public threshold;
    /// @inheritdoc IRouterSet
    uint32 public epoch;
    Router[] private _routers;

    constructor(Router[] memory initialRouters, uint256 initialThreshold, address authority) AccessManaged(authority) {
        _setRouters(initialRouters, initialThreshold);
    }

    // ---- The set ----

    /// @inheritdoc IRouterSet
    function setRouters(Router[] calldata newRouters, uint256 newThreshold) external restricted {
        _setRouters(newRouters, newThreshold);
    }

    /// @inheritdoc IRouterSet
    function removeRouter(address account) external restricted {
        uint256 count = _routers.length;
        require(count > threshold, RouterRemovalBlocked(account, count - 1, threshold));
        Router[] memory rest = new Router[](count - 1);
        uint256 kept = 0;
        for (uint256 i = 0; i < count; ++i) {
            Router memory router = _routers[i];
            if (router.account == account) continue;
            require(kept < count - 1, RouterUnknown(account));
            rest[kept++] = router;
        }
        // Part of a valid set, not below its threshold, so valid itself. Code is not asked for again: a contract router that
        // lost its code must not keep another from being removed.
        _putIntoForce(rest, threshold);
    }

    function _setRouters(Router[] memory newRouters, uint256 newThreshold) private {
        _validateSet(newRouters, newThreshold);
        _putIntoForce(newRouters, newThreshold);
    }

    function _putIntoForce(Router[] memory newRouters, uint256 newThreshold) private {
        delete _routers;
        for (uint256 i = 0; i < newRouters.length; ++i) _routers.push(newRouters[i]);
        threshold = newThreshold;
        // A set each second would take 136 years to overflow it.
        uint32 newEpoch = ++epoch;
        digest = keccak256(_packSet(newRouters, newThreshold, newEpoch));
        emit RouterSetChanged(digest, newEpoch, newThreshold, newRouters);
    }

    function _validateSet(Router[] memory set, uint256 setThreshold) private view {
        uint256 count = set.length;
        require(count != 0 && count <= MAX_ROUTERS, RouterCountInvalid(count, MAX_ROUTERS));
        require(setThreshold * 2 > count && setThreshold <= count, RouterThresholdInvalid(setThreshold, count));
        address last = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address account = set[i].account;
            require(account > last, RouterOrderInvalid(i, account));
            require(!set[i].isContract || account.code.length != 0, RouterWithoutCode(account));
            last = account;
        }
    }

    /// @dev The set as it travels in a quorum.
    function _packSet(
        Router[] memory set,
        uint256 setThreshold,
        uint32 setEpoch
    ) private pure returns (bytes memory packed) {
        // Both fit a byte: at most 32 routers, and the threshold is not above them.
        packed = abi.encodePacked(setEpoch, uint8(setThreshold), uint8(set.length));
        for (uint256 i = 0; i < set.length; ++i) {
            packed = abi.encodePacked(packed, set[i].isContract, set[i].account);
        }
    }

    // ---- The quorum ----

    /// @inheritdoc IRouterSet
    function requireQuorum(bytes32 messageHash, bytes32 signedSet, bytes calldata quorum) external view {
        bytes32 inForce = digest;
        require(signedSet == inForce, RouterSetStale(signedSet, inForce));
        _requireLength(quorum, SET_HEADER_BYTES);
        uint256 header = _uintAt(quorum, 0, SET_HEADER_BYTES);
        uint256 count = uint8(header);
        uint256 needed = uint8(header >> 8);
        uint256 signers;
        uint256 cursor;
        unchecked {
            // A count of one byte: positions below 2^16.
            uint256 setBytes = SET_HEADER_BYTES + count * ROUTER_BYTES;
            cursor = setBytes + SIGNERS_BYTES;
            _requireLength(quorum, cursor);
            bytes32 given = keccak256(quorum[:setBytes]);
            require(given == inForce, RouterSetUnknown(given, inForce));
            signers = _uintAt(quorum, setBytes, SIGNERS_BYTES);
        }
        require(signers >> count == 0, RouterSignersUnknown(signers, count));

        uint256 signed = 0;
        unchecked {
            // At most 32 signers.
            for (uint256 router = SET_HEADER_BYTES; signers != 0; router += ROUTER_BYTES) {
                if (signers & 1 == 1) {
                    cursor = _requireSignature(messageHash, quorum, router, cursor);
                    ++signed;
                }
                signers >>= 1;
            }
        }
        require(cursor == quorum.length, RouterQuorumLength(cursor, quorum.length));
        require(signed >= needed, RouterQuorumMissing(signed, needed));
    }

    function _requireLength(bytes calldata quorum, uint256 length) private pure {
        require(quorum.length >= length, RouterQuorumLength(length, quorum.length));
    }

    /// @dev `length` bytes at `position` as an integer, 1 to 32; what lies behind the quorum is whatever stands there.
    function _uintAt(bytes calldata quorum, uint256 position, uint256 length) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, length)), calldataload(add(quorum.offset, position)))
        }
    }

    /// @dev Checks the signature at `cursor` for the router at `router`; returns the position behind it.
    function _requireSignature(
        bytes32 messageHash,
        bytes calldata quorum,
        uint256 router,
        uint256 cursor
    ) private view returns (uint256 next) {
        unchecked {
            // At most 32 signatures of at most 65,535 bytes each.
            uint256 start = cursor + LENGTH_BYTES;
            // If the quorum ends before the length, it ends before this position too.
            next = start + _uintAt(quorum, cursor, LENGTH_BYTES);
            _requireLength(quorum, next);
            uint256 kindAndAccount = _uintAt(quorum, router, ROUTER_BYTES);
            address account = address(uint160(kindAndAccount));
            if (kindAndAccount >> 160 == 0) {
                _requireEcdsa(messageHash, account, quorum, start, next - start);
            } else {
                bool valid = _isValidErc1271(messageHash, account, quorum[start:next]);
                require(valid, RouterSignatureInvalid(account));
            }
        }
    }

    /// @dev Checks the ECDSA signature r, s, v that stands at `start` and is `length` bytes long.
    function _requireEcdsa(
        bytes32 messageHash,
        address account,
        bytes calldata quorum,
        uint256 start,
        uint256 length
    ) private pure {
        require(length == 65, RouterSignatureLength(account, length));
        unchecked {
            // Positions inside calldata.
            (address recovered, ECDSA.RecoverError problem, ) = messageHash.tryRecover(
                uint8(_uintAt(quorum, start + 64, 1)),
                bytes32(_uintAt(quorum, start, 32)),
                bytes32(_uintAt(quorum, start + 32, 32))
            );
            require(problem != ECDSA.RecoverError.InvalidSignatureS, RouterSignatureMalleable(account));
            require(problem == ECDSA.RecoverError.NoError && recovered == account, RouterSignatureInvalid(account));
        }
    }

    /// @dev Asks a contract router. It gets a bounded amount of gas, cannot write, and only one word is read back.
    function _isValidErc1271(
        bytes32 messageHash,
        address account,
        bytes calldata signature
    ) private view returns (bool valid) {
        bytes memory message = abi.encodeCall(IERC1271.isValidSignature, (messageHash, signature));
        bytes32 expected = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            // Only scratch space is written, and read only when the call has filled it.
            let succeeded := staticcall(ERC1271_GAS, account, add(message, 0x20), mload(message), 0x00, 0x20)
            valid := and(succeeded, and(gt(returndatasize(), 0x1f), eq(mload(0x00), expected)))
        }
    }

    // ---- Views ----

    /// @inheritdoc IRouterSet
    function routers() external view returns (Router[] memory) {
        return _routers;
    }
}
