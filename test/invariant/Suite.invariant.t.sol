// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "../utils/Test.sol";
import {Laws} from "./suite/Laws.sol";

/// @title SuiteHandler
/// @notice All steps and all laws, and the end of each walk: nobody holds a key any more, and everybody is paid.
contract SuiteHandler is Laws {
    /// @dev Calls and successes of each step, in their order.
    function tally() external view returns (string memory line) {
        for (uint256 i = 0; i <= uint256(type(Step).max); ++i) {
            uint256 count = counts[Step(i)];
            line = string.concat(line, vm.toString(count >> 128), "/", vm.toString(uint128(count)), " ");
        }
    }

    /// @notice Pauses for the longest time, closes what governance can close, breaks the authority, gives every role up; then
    /// strangers book every debit, pay every credit and award, and owners take their bonds (I23).
    function finish() external {
        _open(1);
        _burnKeys();
        for (uint256 id = 0; id < providers; ++id) token.setRefused(accounts[id].payout, false);
        for (uint256 id = 0; id < providers; ++id) refused[accounts[id].payout] = false;
        vm.warp(_now() + 7 days);
        _bookAll();
        if (_sumOf(entries[headSeq].words) != _settledSum())
            assertTrue(_claim(headSeq, Cut.Pair, 15, false), "I23: claim");
        _shut();
        _endSeasons();
        _takeBonds();
        this.check();
        assertEq(compute.owedWei(), 0, "I23: everything owed is paid");
        assertEq(token.balanceOf(address(registry)), 0, "I23: every bond is returned");
    }

    function _burnKeys() private {
        if (targetsClosed) _closeTargets(false);
        if (_now() >= pausedUntil) {
            if (!pauseArmed) {
                vm.prank(governance);
                compute.rearmPause();
            }
            vm.prank(guardian);
            compute.pauseAttestations(7 days);
            (pausedUntil, pauseArmed) = (_now() + 7 days, false);
        }
        _claimRoles(77);
        _closeTargets(true);
        address[3] memory targets = [address(compute), address(registry), address(routers)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(governance);
            authority.updateAuthority(targets[i], address(token));
        }
        vm.prank(guardian);
        authority.renounceRole(GUARDIAN_ROLE, guardian);
        vm.prank(governance);
        authority.renounceRole(GOVERNANCE_ROLE, governance);
        vm.prank(governance);
        authority.renounceRole(ADMIN_ROLE, governance);
    }

    function _bookAll() private {
        for (uint64 seq = headSeq; seq != 0; seq = entries[seq].previousSeq) {
            Entry storage entry = entries[seq];
            if (entry.booked || entry.debits.length == 0) continue;
            vm.prank(_anyone());
            compute.debit(seq, entry.debits);
            entry.booked = true;
            for (uint256 i = 0; i < entry.debits.length; i += 44) {
                (uint32 id, uint64 amountUMor) = _debitAt(entry.debits, i);
                accounts[id].bookedUMor += amountUMor;
            }
        }
    }

    function _settledSum() private view returns (uint256 sumUMor) {
        for (uint256 id = 0; id < providers; ++id) sumUMor += accounts[id].settledUMor;
    }

    function _endSeasons() private {
        _open(2);
        if (_now() < WINDOW_END + ENTRY) vm.warp(WINDOW_END + ENTRY);
        while (closedSeasons < SEASONS) assertTrue(_close(), "I23: close");
        _shut();
        _open(3);
        for (uint256 season = 0; season < SEASONS; ++season) {
            if (awarded[season] != (1 << _onesIn(entered[season])) - 1) {
                assertTrue(_award(season, type(uint256).max), "I23: award");
            }
        }
        _shut();
    }

    function _takeBonds() private {
        _open(4);
        for (uint256 id = 0; id < providers; ++id) if (accounts[id].exitAt == 0) _leave(id);
        vm.warp(_now() + 12 hours);
        for (uint256 id = 0; id < providers; ++id) {
            if (!accounts[id].exited) assertTrue(_leave(id), "I23: bond");
        }
        _shut();
    }
}

/// @title SuiteInvariantTest
/// @notice One campaign over the whole suite that checks every invariant of SPEC S8 which has a number in `Laws` and in the
/// steps, after every call. `npm run invariants` runs it and prints how often each action did what it is for.
contract SuiteInvariantTest is Test {
    string private constant _TALLY = "cache/invariants.txt";

    SuiteHandler private _handler;

    function setUp() external {
        vm.writeFile(_TALLY, "");
        _handler = new SuiteHandler();
        bytes4[] memory steps = new bytes4[](33);
        steps[0] = _handler.arrive.selector;
        steps[1] = _handler.intake.selector;
        steps[2] = _handler.attest.selector;
        steps[3] = _handler.attestSplit.selector;
        steps[4] = _handler.attestRefused.selector;
        steps[5] = _handler.veto.selector;
        steps[6] = _handler.vetoAtOnce.selector;
        steps[7] = _handler.debit.selector;
        steps[8] = _handler.claim.selector;
        steps[9] = _handler.claimSplit.selector;
        steps[10] = _handler.refuse.selector;
        steps[11] = _handler.register.selector;
        steps[12] = _handler.addBond.selector;
        steps[13] = _handler.depart.selector;
        steps[14] = _handler.redirect.selector;
        steps[15] = _handler.handOver.selector;
        steps[16] = _handler.postSlash.selector;
        steps[17] = _handler.endSlash.selector;
        steps[18] = _handler.pause.selector;
        steps[19] = _handler.route.selector;
        steps[20] = _handler.turnRouter.selector;
        steps[21] = _handler.meddle.selector;
        steps[22] = _handler.enter.selector;
        steps[23] = _handler.close.selector;
        steps[24] = _handler.award.selector;
        steps[25] = _handler.stranger.selector;
        steps[26] = _handler.replay.selector;
        steps[27] = _handler.twin.selector;
        steps[28] = _handler.pass.selector;
        // More often: the ledger grows and seasons pass.
        steps[29] = _handler.attest.selector;
        steps[30] = _handler.pass.selector;
        steps[31] = _handler.enter.selector;
        steps[32] = _handler.pass.selector;
        targetContract(address(_handler));
        targetSelector(FuzzSelector({addr: address(_handler), selectors: steps}));
    }

    function invariant_Suite() external view {
        _handler.check();
    }

    /// @dev The end of each walk: its actions are counted, then no key is left.
    function afterInvariant() external {
        vm.writeLine(_TALLY, _handler.tally());
        try _handler.finish() {} catch (bytes memory reason) {
            // A law of its own says so; any other failure is that of a call which must work without keys.
            bool isLaw = bytes4(reason) == bytes4(keccak256("CheatcodeError(string)"));
            assertTrue(isLaw, "I23: a call that needs no key failed");
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }
}
