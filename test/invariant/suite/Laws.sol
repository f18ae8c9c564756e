// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../../contracts/interfaces/IBootstrapPool.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {Payee} from "../../../contracts/types/Payee.sol";
import {HostileSteps} from "./HostileSteps.sol";

/// @title Laws
/// @notice The invariants of SPEC S8 that are read off the state: all of them, after every step.
abstract contract Laws is HostileSteps {
    function check() external view {
        Figures memory f = _figuresNow();
        _checkBuckets(f);
        _checkGuard(f);
        _checkLedger(f);
        _checkAccounts(f);
        _checkProviders();
        _checkRoles();
        _checkSeasons(f);
        _checkIndex(f);
    }

    // ---- Buckets ----

    function _checkBuckets(Figures memory f) private view {
        assertGe(f.held, f.accounted, "I1: held >= unused + owed + bootstrap");
        assertEq(f.held, arrivedWei - paidWei, "I1: held = arrived - paid");
        assertEq(f.accounted, bookedWei - paidWei, "I2: arrivals booked - paid = unused + owed + bootstrap");
    }

    // ---- Guard ----

    /// @dev By the observer's own days and openings, for an adversary who holds every key.
    function _checkGuard(Figures memory f) private view {
        uint256 reservedWei = reservedUMor[f.day] * 1e12;
        uint256 paced = f.fresh < f.scheduled ? f.fresh : f.scheduled;
        assertEq(f.opening, openingWei[f.day], "I4: opening");
        assertEq(f.budget, f.opening / 100 + paced, "I4: budget = floor(opening / 100) + min(fresh, scheduled)");
        assertLe(reservedWei, f.budget, "I4: reserved in a day <= its budget");
        assertEq(f.drawn, reservedWei, "I4: drawn = standing credits of the day");
        assertLe(debitedUMor[f.day] * 1e12, f.budget, "I18: debits of a day <= its budget");
        assertEq(f.debitedUMor, debitedUMor[f.day], "I18: debits of the day");
        if (f.day == 0) return;
        uint256 both = reservedWei + reservedUMor[f.day - 1] * 1e12;
        uint256 openings = openingWei[f.day] / 100 + openingWei[f.day - 1] / 100;
        assertLe(both, openings + 2 * DAILY_WEI, "I38: two adjoining days");
        uint256 free = arrivedWei - f.accrued;
        assertLe(f.attestedUMor * 1e12, free + sharesWei, "I5: reserved <= free arrivals + 1 % of each opening");
    }

    // ---- Ledger ----

    function _checkLedger(Figures memory f) private view {
        assertEq(f.lastSeq, lastSeq, "I9: last seq");
        assertEq(f.headSeq, headSeq, "I9: head");
        assertEq(f.nextBlock, nextBlock, "I9: next block");
        assertEq(f.headRoot, entries[headSeq].root, "I6: head root");
        assertEq(f.attestedUMor, _sumOf(entries[headSeq].words), "I7: attested = sum of all lanes");
        // One older attestation a time, another one after each step.
        uint256 older = uint256(keccak256(abi.encode(seed))) % (uint256(lastSeq) + 1);
        Entry storage entry = entries[older];
        assertEq(compute.rootOf(older), entry.vetoed ? bytes32(0) : entry.root, "I9: stored roots stay");
    }

    // ---- Accounts ----

    function _checkAccounts(Figures memory f) private view {
        uint256[2] memory settled = [compute.settledWord(0), compute.settledWord(1)];
        Payee[] memory payees = _payees();
        uint256 standingUMor = unpaidUMor;
        uint256 bondsWei = 0;
        uint256 receivedWei = 0;
        for (uint256 id = 0; id < providers; ++id) {
            Account storage account = accounts[id];
            uint64 settledUMor = uint64(settled[id / 4] >> (64 * (id % 4)));
            uint256 laneUMor = _laneOf(headSeq, id);
            assertLe(settledUMor, laneUMor, "I10: settled <= credited");
            standingUMor += laneUMor - settledUMor;
            // Netted, not covered by the bond: that came out of what was earned.
            uint256 absorbedWei = (account.absorbedUMor - coveredUMor[id]) * 1e12;
            uint256 openWei = (laneUMor - settledUMor + account.unpaidUMor) * 1e12;
            uint256 earnedWei = (laneUMor + account.wonUMor) * 1e12;
            assertEq(account.receivedWei + absorbedWei + openWei, earnedWei, "I17: paid + absorbed + open = credited");
            assertEq(settledUMor, account.settledUMor, "I10: settled");
            assertEq(payees[id].debtUMor(), _debtOf(id), "I19: debt = booked - absorbed");
            assertEq(payees[id].payout(), account.payout, "I21: payout address");
            bondsWei += account.bondWei;
            receivedWei += account.receivedWei;
        }
        assertEq(f.owed, standingUMor * 1e12, "I3: owed = sum of lane - settled + awards not yet paid");
        assertEq(receivedWei, paidWei, "I11: all that was paid went to providers");
        assertEq(token.balanceOf(address(registry)), bondsWei, "I20: the registry holds the bonds");
        assertEq(registry.providerCount(), providers, "I33: providers");
    }

    /// @dev One provider a time, another one after each step: what its payout address got, its bond, its timers.
    function _checkProviders() private view {
        uint256 id = uint256(keccak256(abi.encode(seed))) % providers;
        Account storage account = accounts[id];
        IProviderRegistry.Provider memory provider = registry.providerOf(_idOf(id));
        assertEq(provider.bondWei, account.bondWei, "I20: bond");
        assertEq(provider.exitAt, account.exitAt, "I21: exit");
        assertTrue(provider.exited == account.exited, "I21: exited");
        assertEq(provider.owner, account.owner, "I21: owner");
        assertEq(provider.pendingOwner, account.nextOwner, "I21: proposed owner");
        assertEq(provider.pendingOwnerAt, account.nextOwnerAt, "I21: moment of the proposed owner");
        assertEq(provider.pendingPayout, account.nextPayout, "I21: proposed payout address");
        assertEq(provider.pendingPayoutAt, account.nextPayoutAt, "I21: moment of the proposed payout address");
        assertEq(
            token.balanceOf(account.payout),
            paidToWei[account.payout],
            "I11: paid to the payout address in force"
        );
    }

    // ---- Roles ----

    function _checkRoles() private view {
        (uint256 until, bool armed) = compute.pauseState();
        assertEq(until, pausedUntil, "I22: end of the pause");
        assertLe(until, _now() + 7 days, "I22: at most 7 days");
        assertTrue(armed == pauseArmed, "I22: once until governance allows another");
        assertEq(routers.epoch(), setEpoch, "I29: epoch");
        assertEq(routers.digest(), digestInForce, "I12: the set in force");
        assertGe(2 * setThreshold, _onesIn(setMask) + 1, "I12: more than half");
    }

    // ---- Seasons ----

    function _checkSeasons(Figures memory f) private view {
        assertEq(pool.nextSeason(), closedSeasons, "I33: closed seasons");
        assertEq(pool.allottedUMor(), allottedUMor, "I28: shares of closed seasons");
        assertTrue(f.released == (closedSeasons == SEASONS), "I24: wound up with the last season");
        assertEq(f.bootstrap, f.released ? 0 : f.accrued - allottedUMor * 1e12, "I24: bootstrap = accrued - shares");
        assertLe(f.accrued, compute.bootstrapTargetWei(_now()), "I24: accrued <= target");
        uint256 season = uint256(keccak256(abi.encode(seed))) % SEASONS;
        (bytes memory list, ) = _listOf(season);
        IBootstrapPool.SeasonState memory state = pool.seasonOf(season);
        assertEq(state.listHash, list.length == 0 ? bytes32(0) : keccak256(list), "I27: list");
        assertEq(state.awardedRanks, awarded[season], "I28: awarded ranks");
        (uint64 before, uint64 afterwards) = _seqsOf(season);
        (uint64 seqBefore, , uint64 seqAfter, bytes32 rootAfter) = pool.rootsOf(season);
        assertEq(seqBefore, before, "I26: attestation before the season");
        assertEq(seqAfter, afterwards, "I26: attestation at its end");
        assertEq(rootAfter, entries[afterwards].root, "I26: root at its end");
    }

    // ---- Events ----

    function _checkIndex(Figures memory f) private view {
        assertEq(index.unusedWei, f.unused, "I36: unused from events");
        assertEq(index.owedWei, f.owed, "I36: owed from events");
        assertEq(index.bootstrapWei, f.bootstrap, "I36: bootstrap from events");
        assertEq(index.attestedUMor, f.attestedUMor, "I36: attested from events");
        assertEq(index.headSeq, f.headSeq, "I36: head from events");
        assertEq(index.routerSet, digestInForce, "I36: router set from events");
        assertEq(index.pausedUntil, pausedUntil, "I36: pause from events");
        assertEq(index.providers, providers, "I36: providers from events");
        uint256[2] memory words = indexedWords[index.headSeq];
        uint256[2] memory lanes = entries[headSeq].words;
        // The observer's words hash to the head's root (I6).
        assertEq(words[0], lanes[0], "I36: first word from events");
        assertEq(words[1], lanes[1], "I36: second word from events");
        for (uint256 id = 0; id < providers; ++id) {
            assertEq(indexedSettled[id], accounts[id].settledUMor, "I36: settled from events");
            assertEq(indexedDebts[id], _debtOf(id), "I36: debt from events");
        }
    }
}
