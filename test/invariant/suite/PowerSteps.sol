// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../../contracts/interfaces/IComputeContract.sol";
import {IReserve} from "../../../contracts/interfaces/IReserve.sol";
import {IRouterSet} from "../../../contracts/interfaces/IRouterSet.sol";
import {ProgrammableRouter} from "../../mocks/ProgrammableRouter.sol";
import {SeasonSteps} from "./SeasonSteps.sol";

/// @title PowerSteps
/// @notice Guardian and governance use, and abuse, what they have: pauses, router sets, the access manager itself.
abstract contract PowerSteps is SeasonSteps {
    uint256 private constant _LONGEST_PAUSE = 7 days;

    // ---- Pause ----

    function pause(uint256 random) external {
        _begin(Step.Pause, random);
        _end(Step.Pause, !targetsClosed && _pause());
    }

    function _pause() private returns (bool) {
        if (_now() < pausedUntil) {
            vm.prank(guardian);
            compute.resumeAttestations();
            pausedUntil = 0;
            return true;
        }
        uint256 duration = _draw(12) == 0 ? _LONGEST_PAUSE : 1 + _edge(10 minutes);
        if (!pauseArmed) {
            bytes memory data = abi.encodeCall(compute.pauseAttestations, (duration));
            vm.prank(guardian);
            _refuse(address(compute), data, IComputeContract.PauseSpent.selector, "I22: a second pause");
            vm.prank(governance);
            compute.rearmPause();
            pauseArmed = true;
            return true;
        }
        bytes memory tooLong = abi.encodeCall(compute.pauseAttestations, (_LONGEST_PAUSE + 1));
        vm.prank(guardian);
        _refuse(address(compute), tooLong, IComputeContract.PauseTooLong.selector, "I22: a pause beyond 7 days");
        vm.prank(guardian);
        compute.pauseAttestations(duration);
        pausedUntil = _now() + duration;
        pauseArmed = false;
        return true;
    }

    // ---- Routers ----

    /// @dev Governance puts another set into force, or the guardian removes a router.
    function route(uint256 random) external {
        _begin(Step.Routers, random);
        bool done = !targetsClosed;
        if (done) {
            if (_draw(3) == 0) done = _removeRouter(_draw(MEMBERS));
            else _drawSet();
            if (done) {
                digestInForce = keccak256(_packMembers());
                assertFalse(wasInForce[digestInForce], "I29: a digest returned");
                wasInForce[digestInForce] = true;
            }
        }
        _end(Step.Routers, done);
    }

    /// @dev Three routers at least, of which those with a key can sign alone.
    function _drawSet() private {
        uint256 mask = (1 << MEMBERS) - 1;
        mask &= ~(1 << _draw(MEMBERS));
        if (_draw(2) == 0) mask |= 1 << _draw(MEMBERS);
        uint256 count = _onesIn(mask);
        uint256 keys_ = 0;
        for (uint256 i = 0; i < MEMBERS; ++i) if ((mask >> i) & 1 == 1 && members[i].key != 0) ++keys_;
        uint256 least = count / 2 + 1;
        _setRouters(mask, least + _draw(keys_ - least + 1));
    }

    function _removeRouter(uint256 member) private returns (bool) {
        bytes memory data = abi.encodeCall(routers.removeRouter, (members[member].account));
        uint256 count = _onesIn(setMask);
        bool known = (setMask >> member) & 1 == 1;
        if (count == setThreshold || !known) {
            bytes4 error_ =
                known || count == setThreshold
                    ? IRouterSet.RouterRemovalBlocked.selector
                    : IRouterSet.RouterUnknown.selector;
            vm.prank(guardian);
            _refuse(address(routers), data, error_, "I12: too few routers left");
            return false;
        }
        vm.prank(guardian);
        routers.removeRouter(members[member].account);
        setMask &= ~(1 << member);
        ++setEpoch;
        return true;
    }

    /// @dev The contract router changes its manner: it may refuse, burn gas, write, return too much or too little.
    function turnRouter(uint256 random) external {
        _begin(Step.Hostility, random);
        bool honest = _draw(2) == 0;
        ProgrammableRouter.Manner manner = ProgrammableRouter.Manner.Honest;
        if (!honest) manner = ProgrammableRouter.Manner(1 + _draw(uint256(type(ProgrammableRouter.Manner).max)));
        // The right word with much behind it is a yes. Burning 200,000 gas a time is slow, so it is rare.
        bool isYes = manner == ProgrammableRouter.Manner.ReturnsMuch;
        bool isSlow = manner == ProgrammableRouter.Manner.BurnsGas && _draw(4) != 0;
        if (isYes || isSlow) manner = ProgrammableRouter.Manner.AlwaysRefuses;
        _ROUTER.setManner(manner);
        _end(Step.Hostility, honest || _asksHostile());
    }

    /// @dev A quorum that needs the contract's answer is refused, whatever the answer is.
    function _asksHostile() private returns (bool) {
        uint256 signers = setMask;
        Draft memory draft = _draft(Cut.Pair, [uint256(1), 0], "");
        draft.quorum = _seal(compute.hashAttestation(draft.message), signers);
        bool asked = false;
        for (uint256 i = 0; i < MEMBERS; ++i) if (members[i].key == 0 && (setMask >> i) & 1 == 1) asked = true;
        if (!asked) return true;
        bytes4 error_ = IRouterSet.RouterSignatureInvalid.selector;
        if (_now() < pausedUntil) error_ = IComputeContract.AttestationPaused.selector;
        _refuse(address(compute), _calldataOf(draft), error_, "I12: the answer of a hostile contract");
        assertEq(_ROUTER.written(), 0, "I12: a static call wrote");
        return true;
    }

    // ---- The access manager ----

    /// @dev Governance, with all keys and no delay, does what it can to what it must not reach (I30).
    function meddle(uint256 random) external {
        _begin(Step.Meddle, random);
        uint256 kind = _draw(4);
        if (targetsClosed || kind == 0) _closeTargets(!targetsClosed);
        else if (kind == 1) _claimRoles(uint64(3 + _draw(100)));
        else if (kind == 2) _setMinBond(1 + _edge(2e18));
        bytes memory data = abi.encodeCall(compute.rescue, (token, governance, 1));
        bytes4 error_ =
            targetsClosed
                ? bytes4(keccak256("AccessManagedUnauthorized(address)"))
                : IReserve.ReserveTokenNotRescuable.selector;
        vm.prank(governance);
        _refuse(address(compute), data, error_, "I30: MOR swept");
        _end(Step.Meddle, true);
    }

    function _closeTargets(bool closed) internal {
        address[3] memory targets = [address(compute), address(registry), address(routers)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(governance);
            authority.setTargetClosed(targets[i], closed);
        }
        targetsClosed = closed;
    }

    /// @dev Gives the verbs that are open to all to a role that nobody has.
    function _claimRoles(uint64 role) internal {
        bytes4[] memory verbs = new bytes4[](5);
        verbs[0] = IComputeContract.claim.selector;
        verbs[1] = IComputeContract.debit.selector;
        verbs[2] = IComputeContract.intake.selector;
        verbs[3] = IComputeContract.attest.selector;
        verbs[4] = registry.withdrawBond.selector;
        vm.prank(governance);
        authority.setTargetFunctionRole(address(compute), verbs, role);
        vm.prank(governance);
        authority.setTargetFunctionRole(address(registry), verbs, role);
    }

    function _setMinBond(uint256 bondWei) private {
        vm.prank(governance);
        registry.setMinBond(bondWei);
    }
}
