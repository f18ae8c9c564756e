// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {RouterSet} from "../../contracts/routers/RouterSet.sol";
import {QuorumFixture} from "../utils/QuorumFixture.sol";

/// @notice Quorums of keys: which count, and why the others do not.
contract QuorumTest is QuorumFixture {
    /// @dev Nobody may change these sets.
    address private constant _AUTHORITY = address(1);

    /// @dev Order of the curve.
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 private constant HASH = keccak256("message");
    uint256 private constant SET_BYTES = 2 + 3 * 21;

    RouterSet private _routers;
    bytes32 private _digest;

    function setUp() external {
        _deploySet(3);
    }

    function _deploySet(uint256 count) private {
        _createKeys(count);
        _routers = _newRouterSet(_ecdsaSet(), setThreshold, _AUTHORITY);
        _digest = _routers.digest();
    }

    function _expectRefused(bytes memory quorum, bytes memory reason) private {
        vm.expectRevert(reason);
        _routers.requireQuorum(HASH, _digest, quorum);
    }

    /// @dev The set, and these entries as signatures of the routers that `signers` names.
    function _with(uint256 signers, bytes memory entries) private view returns (bytes memory) {
        return abi.encodePacked(_encodeSet(_ecdsaSet(), setThreshold), uint32(signers), entries);
    }

    // ---- Who signs ----

    /// @dev Every subset of three routers: exactly those of two and three are a quorum.
    function test_RequireQuorum_CountsSigners() external {
        for (uint256 signers = 0; signers < 8; ++signers) {
            uint256 given = (signers & 1) + ((signers >> 1) & 1) + (signers >> 2);
            bytes memory quorum = _quorumOf(HASH, signers);
            if (given < 2) vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterQuorumMissing.selector, given, 2));
            _routers.requireQuorum(HASH, _digest, quorum);
        }
    }

    /// @dev Sets of 1 to 32, with just enough signers at random places.
    /// hardhat-config: fuzz.runs = 100
    function testFuzz_RequireQuorum_OfAnySize(uint256 count, uint256 seed) external {
        count = bound(count, 1, 32);
        _deploySet(count);
        uint256 signers = 0;
        for (uint256 given = 0; given < setThreshold; seed = uint256(keccak256(abi.encode(seed)))) {
            uint256 bit = 1 << (seed % count);
            if (signers & bit == 0) ++given;
            signers |= bit;
        }
        _routers.requireQuorum(HASH, _digest, _quorumOf(HASH, signers));

        uint256 fewer = signers & (signers - 1);
        bytes memory missing = _quorumOf(HASH, fewer);
        bytes4 selector = IRouterSet.RouterQuorumMissing.selector;
        _expectRefused(missing, abi.encodeWithSelector(selector, setThreshold - 1, setThreshold));
    }

    function test_RequireQuorum_RevertsWhen_SignersAreOutsideTheSet() external {
        bytes memory entries = abi.encodePacked(
            _entry(_signatureOf(keys[0], HASH)),
            _entry(_signatureOf(keys[1], HASH))
        );
        bytes4 selector = IRouterSet.RouterSignersUnknown.selector;
        _expectRefused(_with(11, entries), abi.encodeWithSelector(selector, 11, 3));
        _expectRefused(_with(1 << 31, entries), abi.encodeWithSelector(selector, 1 << 31, 3));
    }

    /// @dev The same signature twice, or two in the wrong order: each counts only for the router at its place.
    function test_RequireQuorum_RevertsWhen_DuplicateOrUnsorted() external {
        bytes memory first = _entry(_signatureOf(keys[0], HASH));
        bytes memory second = _entry(_signatureOf(keys[1], HASH));
        bytes4 selector = IRouterSet.RouterSignatureInvalid.selector;
        bytes memory reason = abi.encodeWithSelector(selector, vm.addr(keys[1]));
        _expectRefused(_with(3, abi.encodePacked(first, first)), reason);
        reason = abi.encodeWithSelector(selector, vm.addr(keys[0]));
        _expectRefused(_with(3, abi.encodePacked(second, first)), reason);
    }

    function testFuzz_RequireQuorum_RevertsWhen_Foreign(uint256 key) external {
        key = bound(key, 1, N - 1);
        vm.assume(key != keys[0]);
        bytes memory entries = abi.encodePacked(_entry(_signatureOf(key, HASH)), _entry(_signatureOf(keys[1], HASH)));
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, vm.addr(keys[0]));
        _expectRefused(_with(3, entries), reason);
    }

    function testFuzz_RequireQuorum_RevertsWhen_AnotherMessageWasSigned(bytes32 other) external {
        vm.assume(other != HASH);
        bytes memory quorum = _quorumOf(other, 3);
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, vm.addr(keys[0]));
        _expectRefused(quorum, reason);
    }

    // ---- Form of a signature ----

    function test_RequireQuorum_RevertsWhen_Malleable() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], HASH);
        bytes memory twin = abi.encodePacked(r, bytes32(N - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        bytes memory entries = abi.encodePacked(_entry(twin), _entry(_signatureOf(keys[1], HASH)));
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterSignatureMalleable.selector, vm.addr(keys[0]));
        _expectRefused(_with(3, entries), reason);
    }

    /// @dev 64-byte compact signatures (ERC-2098) are signatures of another form of the same key: refused, like any length
    /// but 65.
    function test_RequireQuorum_RevertsWhen_SignatureIsNot65Bytes() external {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], HASH);
        bytes memory compact = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        bytes[4] memory wrong = [compact, bytes(""), abi.encodePacked(r, s, v, v), new bytes(1000)];
        for (uint256 i = 0; i < wrong.length; ++i) {
            bytes memory entries = abi.encodePacked(_entry(wrong[i]), _entry(_signatureOf(keys[1], HASH)));
            bytes4 selector = IRouterSet.RouterSignatureLength.selector;
            _expectRefused(_with(3, entries), abi.encodeWithSelector(selector, vm.addr(keys[0]), wrong[i].length));
        }
    }

    /// @dev Only 27 and 28 recover anything, and nobody's key is the zero address.
    function testFuzz_RequireQuorum_RevertsWhen_RecoveryIdInvalid(uint8 v) external {
        vm.assume(v != 27 && v != 28);
        (, bytes32 r, bytes32 s) = vm.sign(keys[0], HASH);
        bytes memory entries = abi.encodePacked(_entry(abi.encodePacked(r, s, v)), _entry(_signatureOf(keys[1], HASH)));
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, vm.addr(keys[0]));
        _expectRefused(_with(3, entries), reason);
    }

    // ---- Form of a quorum ----

    function test_RequireQuorum_RevertsWhen_MessageNamesAnotherSet() external {
        bytes memory quorum = _quorumOf(HASH, 3);
        bytes32 other = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterSetStale.selector, other, _digest));
        _routers.requireQuorum(HASH, other, quorum);
    }

    /// @dev The set cannot be exchanged by whoever posts: a lower threshold, a foreign router, another kind.
    function testFuzz_RequireQuorum_RevertsWhen_TheSetDiffers(uint256 place, uint8 flip) external {
        vm.assume(flip != 0);
        bytes memory quorum = _quorumOf(HASH, 3);
        place = bound(place, 0, SET_BYTES - 1);
        // Another count ends the set elsewhere: `RouterQuorumLength` or another digest.
        vm.assume(place != 1);
        quorum[place] ^= bytes1(flip);
        bytes memory set = new bytes(SET_BYTES);
        for (uint256 i = 0; i < SET_BYTES; ++i) set[i] = quorum[i];
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterSetUnknown.selector, keccak256(set), _digest);
        _expectRefused(quorum, reason);
    }

    function test_RequireQuorum_RevertsWhen_TheCountDiffers() external {
        bytes memory quorum = _quorumOf(HASH, 3);
        quorum[1] = 0;
        bytes32 given = keccak256(hex"0200");
        _expectRefused(quorum, abi.encodeWithSelector(IRouterSet.RouterSetUnknown.selector, given, _digest));
        quorum[1] = 0xff;
        bytes4 selector = IRouterSet.RouterQuorumLength.selector;
        _expectRefused(quorum, abi.encodeWithSelector(selector, 2 + 255 * 21 + 4, quorum.length));
    }

    /// @dev Cut anywhere: the error says how far the part that was being read should have reached.
    function test_RequireQuorum_RevertsWhen_Truncated() external {
        bytes memory quorum = _quorumOf(HASH, 3);
        uint256 entries = SET_BYTES + 4;
        assertEq(quorum.length, entries + 2 * 67, "length");
        for (uint256 length = 0; length < quorum.length; ++length) {
            uint256 expected = length < 2 ? 2 : entries;
            for (uint256 i = 0; i < 2; ++i) {
                if (length >= entries + 67 * i) expected = entries + 67 * i + 2;
                if (length >= entries + 67 * i + 2) expected = entries + 67 * (i + 1);
            }
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; ++i) cut[i] = quorum[i];
            _expectRefused(cut, abi.encodeWithSelector(IRouterSet.RouterQuorumLength.selector, expected, length));
        }
    }

    function testFuzz_RequireQuorum_RevertsWhen_BytesTrail(uint256 count) external {
        count = bound(count, 1, 200);
        bytes memory quorum = _quorumOf(HASH, 3);
        bytes memory longer = abi.encodePacked(quorum, new bytes(count));
        bytes4 selector = IRouterSet.RouterQuorumLength.selector;
        _expectRefused(longer, abi.encodeWithSelector(selector, quorum.length, longer.length));
    }
}
