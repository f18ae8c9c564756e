// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../../../contracts/interfaces/IRouterSet.sol";
import {SlashOrder} from "../../../contracts/types/SlashOrder.sol";
import {PowerSteps} from "./PowerSteps.sol";

/// @title HostileSteps
/// @notice Strangers, replays, messages of a twin, and time, which likes to stop at edges.
abstract contract HostileSteps is PowerSteps {
    /// @dev The same suite once more: same token, schedule, routers and authority.
    IComputeContract private immutable _TWIN;

    constructor() {
        _TWIN = _newCompute(DELAY);
        index.routerSet = digestInForce;
        index.providers = providers;
    }

    // ---- Strangers ----

    /// @dev A stranger tries what is an owner's, guardian's, governance's, or of another contract (I21, I32).
    function stranger(uint256 random) external {
        _begin(Step.Stranger, random);
        bytes32 before = _digest();
        address who = _anyone();
        for (uint256 i = 0; i < 3; ++i) {
            (address target, bytes memory data) = _forbidden(_draw(16));
            vm.prank(who);
            (bool done, ) = _try(target, data);
            assertFalse(done, "I32: a stranger's call");
        }
        assertEq(_digest(), before, "I32: what a stranger changed");
        _end(Step.Stranger, true);
    }

    function _forbidden(uint256 kind) private returns (address, bytes memory) {
        uint256 id = _draw(providers);
        if (kind == 0) return (address(compute), abi.encodeCall(compute.veto, (headSeq)));
        if (kind == 1) return (address(compute), abi.encodeCall(compute.pauseAttestations, (1)));
        if (kind == 2) return (address(compute), abi.encodeCall(compute.resumeAttestations, ()));
        if (kind == 3) return (address(compute), abi.encodeCall(compute.rearmPause, ()));
        if (kind == 4) return (address(compute), abi.encodeCall(compute.reserveAwards, (1, false)));
        if (kind == 5) return (address(compute), _payAwards(id));
        if (kind == 6) return (address(registry), abi.encodeCall(registry.bookDebt, (_idOf(id), 1)));
        if (kind == 7) return (address(registry), abi.encodeCall(registry.absorbDebt, (_idOf(id), 1)));
        if (kind == 8) return (address(registry), abi.encodeCall(registry.proposePayout, (_idOf(id), address(1))));
        if (kind == 9) return (address(registry), abi.encodeCall(registry.proposeOwner, (_idOf(id), address(1))));
        if (kind == 10) return (address(registry), abi.encodeCall(registry.announceExit, (_idOf(id))));
        if (kind == 11) return (address(registry), abi.encodeCall(registry.withdrawBond, (_idOf(id))));
        if (kind == 12) return (address(registry), abi.encodeCall(registry.acceptOwner, (_idOf(id))));
        if (kind == 13) return (address(routers), abi.encodeCall(routers.removeRouter, (members[0].account)));
        if (kind == 14) return (address(registry), abi.encodeCall(registry.setMinBond, (1)));
        return (address(routers), abi.encodeCall(routers.setRouters, (_routersOf(1), 1)));
    }

    function _payAwards(uint256 id) private view returns (bytes memory) {
        uint256[] memory one = new uint256[](1);
        one[0] = id;
        return abi.encodeCall(compute.payAwards, (0, one, one));
    }

    // ---- Replays ----

    /// @dev What went through once does not go through again and changes nothing (I34).
    function replay(uint256 random) external {
        _begin(Step.Replay, random);
        bool some = spent.length != 0;
        if (some) {
            uint256 which = _draw(spent.length);
            bytes32 before = _digest();
            vm.prank(_anyone());
            (bool done, ) = _try(spentAt[which], spent[which]);
            assertFalse(done, "I34: a replay");
            assertEq(_digest(), before, "I34: what a replay changed");
        }
        _end(Step.Replay, some);
    }

    // ---- Twins ----

    /// @dev A message that is right in everything but the deployment, or the chain, it was signed for (I13).
    function twin(uint256 random) external {
        _begin(Step.Twin, random);
        uint256 signers = _keysOf(_drawSigners());
        bool done = signers != 0;
        if (done) {
            if (_draw(3) == 0) _postForeignSlash(signers);
            else _postForeign(signers, _draw(2) == 0);
        }
        _end(Step.Twin, done);
    }

    /// @dev Those of `signers` whose signature is bound to a message: 0 if the contract, which accepts any, is one of them.
    function _keysOf(uint256 signers) private view returns (uint256) {
        for (uint256 i = 0; i < MEMBERS; ++i) if (members[i].key == 0 && (signers >> i) & 1 == 1) return 0;
        return signers;
    }

    function _postForeign(uint256 signers, bool otherChain) private {
        Draft memory draft = _draft(Cut.Pair, [uint256(1), 0], "");
        bytes4 error_ = IRouterSet.RouterSignatureInvalid.selector;
        if (_now() < pausedUntil) error_ = IComputeContract.AttestationPaused.selector;
        if (otherChain) {
            draft.quorum = _seal(compute.hashAttestation(draft.message), signers);
            vm.chainId(8453);
        } else {
            draft.quorum = _seal(_TWIN.hashAttestation(draft.message), signers);
        }
        _refuse(address(compute), _calldataOf(draft), error_, "I13: a message of a twin");
        vm.chainId(31337);
    }

    function _postForeignSlash(uint256 signers) private {
        SlashOrder memory order = _drawOrder();
        bytes memory quorum = _seal(_TWIN.REGISTRY().hashSlashOrder(order), signers);
        bytes4 error_ = IRouterSet.RouterSignatureInvalid.selector;
        bytes memory data = abi.encodeCall(IProviderRegistry.postSlash, (order, quorum));
        _refuse(address(registry), data, error_, "I13: a slash order of a twin");
    }

    // ---- Time ----

    /// @dev Time passes, mostly to an edge, a second before or behind it.
    function pass(uint256 random) external {
        _begin(Step.Pass, random);
        uint256 now_ = _now();
        uint256 kind = _draw(10);
        uint256 target = now_ + 1 + _draw(kind < 3 ? DELAY : 3 hours);
        if (kind == 3) target = START + (_today() + 1) * 1 days;
        if (kind == 4) target = entries[headSeq].activeAt;
        if (kind == 5) target = pausedUntil > now_ + 1 days ? now_ + 1 days : pausedUntil;
        if (kind == 6) target = accounts[_draw(providers)].exitAt;
        if (kind == 7) target = accounts[_draw(providers)].nextPayoutAt;
        if (kind == 8) target = _seasonEdge(now_);
        if (kind == 9) target = START + ((now_ - START) / 12 + 1) * 12;
        if (kind > 2 && target != 0) target = target + _draw(3) - 1;
        vm.warp(target > now_ ? target : now_ + 1 + _draw(DELAY));
        _end(Step.Pass, true);
    }

    /// @dev The next end of a season or of its entry window.
    function _seasonEdge(uint256 now_) private pure returns (uint256) {
        for (uint256 season = 0; season < SEASONS; ++season) {
            if (_endOf(season) > now_) return _endOf(season);
            if (_endOf(season) + ENTRY > now_) return _endOf(season) + ENTRY;
        }
        return now_;
    }
}
