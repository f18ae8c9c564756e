// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBootstrapPool} from "../../contracts/interfaces/IBootstrapPool.sol";
import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {BootstrapFixture} from "../utils/BootstrapFixture.sol";
import {Vm} from "../utils/Vm.sol";

/// @notice `close` and `award`: what a season has to share, and who is paid what.
contract BootstrapAwardTest is BootstrapFixture {
    function setUp() external {
        _deployPool(12);
    }

    /// @dev A season in which everybody was credited and entered, and more arrived than it takes.
    function _playFull(uint256 season) private {
        _play(season, _weights(season, 12));
        _arrive(5_000e18);
        _enterAll(season);
    }

    // ---- The pool of a season ----

    function test_Close_FixesThePool() external {
        _playFull(0);
        bytes memory list = _listOf(0);
        uint256 owedBefore = compute.owedWei();
        vm.warp(_endOf(0) + ENTRY);
        vm.recordLogs();
        assertEq(pool.close(0, list), DAILY_UMOR, "a tenth of the day's emission");
        assertEq(pool.nextSeason(), 1, "next");
        IBootstrapPool.SeasonState memory state = pool.seasonOf(0);
        assertTrue(state.closed, "closed");
        assertFalse(pool.seasonOf(1).closed, "the next one is not");
        assertEq(state.poolUMor, DAILY_UMOR, "pool");
        assertEq(state.totalUMor, _totalOf(list), "total");
        assertEq(state.awardedRanks, 0, "awarded");
        uint256 shares = _sumOfShares(0);
        assertEq(compute.owedWei() - owedBefore, shares * 1e12, "the shares are owed");
        assertEq(pool.allottedUMor(), shares, "allotted");
        assertEq(compute.bootstrapWei(), compute.bootstrapAccruedWei() - shares * 1e12, "the rest stays");
        assertLt(DAILY_UMOR - shares, 12, "less than one unit a rank is left");
        Vm.Log memory log = _logOf(IBootstrapPool.SeasonClosed.selector);
        assertEq(
            log.data,
            abi.encode(DAILY_UMOR, _totalOf(list), shares, keccak256(list)),
            "pool, total, shares and list in the event"
        );
    }

    /// @dev What a caller appends behind the list in calldata is no entry of it.
    function test_Close_IgnoresWhatStandsBehindTheList() external {
        _playFull(0);
        vm.warp(_endOf(0) + ENTRY);
        bytes memory honest = abi.encodeCall(IBootstrapPool.close, (0, _listOf(0)));
        uint256 before = vm.snapshotState();
        (bool done, ) = address(pool).call(honest);
        assertTrue(done, "closed");
        uint256 shares = pool.allottedUMor();
        vm.revertToState(before);
        (done, ) = address(pool).call(bytes.concat(honest, bytes32(type(uint256).max)));
        assertTrue(done, "closed with more behind");
        assertEq(pool.seasonOf(0).totalUMor, _totalOf(_listOf(0)), "total");
        assertEq(pool.allottedUMor(), shares, "shares");
    }

    function _logOf(bytes32 topic) private returns (Vm.Log memory) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) if (logs[i].topics[0] == topic) return logs[i];
        revert("no such event");
    }

    /// @dev Nobody booked anything until the close: it does so itself.
    function test_Close_BooksWhatArrived() external {
        _play(0, _weights(0, 12));
        _enterAll(0);
        vm.warp(_endOf(0) + ENTRY);
        _arrive(5_000e18);
        assertEq(compute.bootstrapWei(), 0, "not booked");
        assertEq(_close(0), DAILY_UMOR, "booked and shared");
        assertEq(compute.heldWei(), compute.accountedWei(), "nothing unbooked");
    }

    /// @dev What did not arrive cannot be shared; what arrives late is shared by the season that is closed next.
    function test_Close_SharesOnlyWhatIsThere() external {
        _play(0, _weights(0, 12));
        _enterAll(0);
        _arrive(100e18);
        assertEq(_close(0), 100e6, "all that arrived");
        _play(1, _weights(1, 12));
        _enterAll(1);
        _arrive(5_000e18);
        assertEq(_close(1), 2 * DAILY_UMOR - pool.allottedUMor() + _sumOfShares(1), "both days less what was given");
    }

    /// @dev Called in the midst of the third season, the first two get what was due by their ends, not more.
    function test_Close_LateTakesNothingOfLaterSeasons() external {
        _playFull(0);
        _play(1, _weights(1, 12));
        _enterAll(1);
        vm.warp(_startOf(2) + 20 hours);
        _arrive(50_000e18);
        assertEq(_close(0), DAILY_UMOR, "due by the end of season 0");
        uint256 remainder = DAILY_UMOR - _sumOfShares(0);
        assertEq(_close(1), DAILY_UMOR + remainder, "due by the end of season 1, with the remainder");
    }

    function test_Close_ASeasonWithoutEntriesRollsOnWhole() external {
        _play(0, _weights(0, 12));
        _arrive(5_000e18);
        assertEq(_close(0), 0, "nobody to share it");
        assertEq(pool.seasonOf(0).totalUMor, 0, "no weight");
        assertEq(compute.bootstrapWei(), compute.bootstrapAccruedWei(), "all of it stays");
        _playFull(1);
        assertEq(_close(1), 2 * DAILY_UMOR, "both days");
    }

    /// @dev Nothing is attested in season 1: nobody has weight, and the root of season 0 weighs season 2 too.
    function test_Close_ASeasonWithoutAttestation() external {
        _playFull(0);
        uint64 last = seqAfter[0];
        vm.warp(_endOf(1));
        (uint64 before, , uint64 afterwards, ) = pool.rootsOf(1);
        assertEq(before, last, "root at its start");
        assertEq(afterwards, last, "root at its end");
        _weigh(1, last, last);
        _expectEnterOneRevert(1, 3, _nothingEntered(1, 0));
        _play(2, _weights(2, 12));
        (before, , afterwards, ) = pool.rootsOf(2);
        assertEq(before, last, "root at the start of season 2");
        assertEq(afterwards, seqAfter[2], "root at its end");
        _enterAll(2);
        _close(0);
        assertEq(_close(1), 0, "season 1");
        assertEq(_close(2), 3 * DAILY_UMOR - pool.allottedUMor() + _sumOfShares(2), "season 2 has both");
    }

    /// @dev Active a second after the end of the season: it counts for the next one.
    function test_RootsOf_LateStuffingComesTooLate() external {
        vm.warp(_startOf(0) + 1 hours);
        uint64 early = _credit(_each(5, 12));
        vm.warp(_endOf(0) - DELAY);
        uint64 last = _credit(_each(5, 12));
        vm.warp(_endOf(0) - DELAY + 1);
        uint64 stuffed = _credit(_only(3, 1_000_000, 12));
        vm.warp(_endOf(0));
        _weigh(0, 0, last);
        _enterAll(0);
        assertEq(_weightOf(0, 3), 10, "the two in time");
        (, , uint64 afterwards, bytes32 root) = pool.rootsOf(0);
        assertEq(afterwards, last, "active at the very end");
        assertEq(root, compute.rootOf(last), "its root");
        assertGt(stuffed, early, "a later attestation there is");
        _weigh(0, 0, stuffed);
        (bytes memory before, bytes memory grown) = _proofs(0, _wordOf(3), 8);
        _weigh(0, 0, last);
        bytes memory list = _listOf(0);
        vm.expectRevert();
        pool.enter(0, list, before, grown);
    }

    /// @dev The season's last attestation is vetoed: the one before it weighs the season.
    function test_RootsOf_AVetoRemovesTheLastOne() external {
        vm.warp(_startOf(0) + 1 hours);
        uint64 first = _credit(_each(5, 12));
        vm.warp(_endOf(0) - DELAY - 10);
        uint64 vetoed = _credit(_each(7, 12));
        vm.warp(_endOf(0) - 100);
        _credit(_each(9, 12));
        _veto(vetoed);
        vm.warp(_endOf(0) - 50);
        uint64 next = _credit(_each(11, 12));
        vm.warp(_endOf(0));
        (, , uint64 afterwards, ) = pool.rootsOf(0);
        assertEq(afterwards, first, "the one that stands");
        _weigh(0, 0, first);
        _enterAll(0);
        vm.warp(_endOf(1));
        (uint64 before, , uint64 last, ) = pool.rootsOf(1);
        assertEq(before, first, "season 1 begins there");
        assertEq(last, next, "and ends with what became active in it");
    }

    // ---- Order ----

    function test_Close_RevertsWhen_OutOfOrder() external {
        _playFull(0);
        vm.warp(_endOf(1) + ENTRY);
        bytes4 selector = IBootstrapPool.BootstrapSeasonOutOfOrder.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 0));
        pool.close(1, "");
        _close(0);
        bytes memory list = _listOf(0);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 1));
        pool.close(0, list);
        vm.expectRevert(abi.encodeWithSelector(IBootstrapPool.BootstrapSeasonUnknown.selector, SEASONS, SEASONS));
        pool.close(uint32(SEASONS), "");
    }

    function test_Close_RevertsWhen_EntriesAreOpen() external {
        _playFull(0);
        uint256 closesAt = _endOf(0) + ENTRY;
        vm.warp(closesAt - 1);
        bytes memory list = _listOf(0);
        vm.expectRevert(abi.encodeWithSelector(IBootstrapPool.BootstrapSeasonOpen.selector, 0, closesAt - 1, closesAt));
        pool.close(0, list);
        vm.warp(closesAt);
        vm.expectRevert(
            abi.encodeWithSelector(IBootstrapPool.BootstrapListStale.selector, 0, bytes32(0), keccak256(list))
        );
        pool.close(0, "");
        pool.close(0, list);
    }

    // ---- Awards ----

    function test_Award_PaysEveryShareExactly() external {
        _playFull(0);
        _close(0);
        bytes memory list = _listOf(0);
        uint256 paidUMor = 0;
        bytes memory payments;
        for (uint256 rank = 0; rank < 12; ++rank) {
            (, uint256 id) = _entryAt(list, rank);
            payments = abi.encodePacked(payments, uint32(id), uint64(_shareOf(0, rank)));
            paidUMor += _shareOf(0, rank);
        }
        uint256 owed = compute.owedWei();
        vm.expectEmit(address(compute));
        emit IComputeContract.AwardsPaid(0, uint64(paidUMor), payments);
        vm.expectEmit(address(pool));
        emit IBootstrapPool.RanksAwarded(0, 0xfff);
        assertEq(_award(0, ALL), paidUMor * 1e12, "paid");
        for (uint256 rank = 0; rank < 12; ++rank) {
            (, uint256 id) = _entryAt(list, rank);
            assertEq(token.balanceOf(_payoutOf(id)), _shareOf(0, rank) * 1e12, "share of a rank");
        }
        assertEq(compute.owedWei(), owed - paidUMor * 1e12, "owed");
        assertEq(pool.seasonOf(0).awardedRanks, 0xfff, "awarded");
    }

    /// @dev In any parts and any order, each rank once.
    function testFuzz_Award_InPartsPaysEachRankOnce(uint256 seed) external {
        _playFull(0);
        _close(0);
        uint256 shares = _sumOfShares(0);
        uint256 owed = compute.owedWei();
        uint256 awarded = 0;
        for (uint256 i = 0; i < 8; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 ranks = i == 7 ? ALL : seed & (seed >> 64);
            uint256 expected = 0;
            for (uint256 rank = 0; rank < 12; ++rank) {
                if ((ranks >> rank) & 1 == 1 && (awarded >> rank) & 1 == 0) expected += _shareOf(0, rank);
            }
            if (ranks & 0xfff & ~awarded == 0) {
                bytes memory list = _listOf(0);
                vm.expectRevert(abi.encodeWithSelector(IBootstrapPool.BootstrapNothingDue.selector, 0, ranks, awarded));
                pool.award(0, list, ranks);
                continue;
            }
            assertEq(_award(0, ranks), expected * 1e12, "paid in a part");
            awarded |= ranks & 0xfff;
        }
        assertEq(owed - compute.owedWei(), shares * 1e12, "all shares, once");
    }

    function test_Award_RevertsWhen_NotClosed() external {
        _playFull(0);
        bytes memory list = _listOf(0);
        vm.expectRevert(abi.encodeWithSelector(IBootstrapPool.BootstrapSeasonNotClosed.selector, 0, 0));
        pool.award(0, list, 1);
        _close(0);
        vm.expectRevert(
            abi.encodeWithSelector(IBootstrapPool.BootstrapListStale.selector, 0, bytes32(0), keccak256(list))
        );
        pool.award(0, "", 1);
    }

    /// @dev Season 0 is awarded when all is over: what season 1 has is what it would have had.
    function test_Award_LateTakesNothingOfLaterSeasons() external {
        _playFull(0);
        _close(0);
        _playFull(1);
        assertEq(_close(1), 2 * DAILY_UMOR - _sumOfShares(0), "season 1");
        uint256 bootstrapWei = compute.bootstrapWei();
        _award(1, ALL);
        vm.warp(WINDOW_END + 400 days);
        assertEq(_award(0, ALL), _sumOfShares(0) * 1e12, "paid after a year");
        assertEq(compute.bootstrapWei(), bootstrapWei, "the pool is not touched");
    }

    /// @dev Debt is netted as with credits: it stays in the pool of all.
    function test_Award_NetsDebt() external {
        vm.warp(_startOf(0) + 1 hours);
        uint64 seq = _creditWith(_each(1_000_000, 12), bytes.concat(_debitOf(4, 10_000_000), _debitOf(5, 400_000_000)));
        _weigh(0, 0, seq);
        vm.warp(_endOf(0));
        compute.debit(seq, bytes.concat(_debitOf(4, 10_000_000), _debitOf(5, 400_000_000)));
        _arrive(5_000e18);
        _enterAll(0);
        _close(0);
        uint256 share = DAILY_UMOR / 12;
        uint256 unused = compute.unusedWei();
        uint256 owed = compute.owedWei();
        assertEq(_award(0, ALL), (11 * share - 10_000_000) * 1e12, "paid");
        assertEq(compute.unusedWei() - unused, (share + 10_000_000) * 1e12, "absorbed");
        assertEq(owed - compute.owedWei(), 12 * share * 1e12, "owed no longer");
        assertEq(token.balanceOf(_payoutOf(4)), (share - 10_000_000) * 1e12, "netted in part");
        assertEq(token.balanceOf(_payoutOf(5)), 0, "netted whole");
    }

    /// @dev An award that cannot be paid is passed over, outlives later seasons and is paid when it can be.
    function test_Award_AnUnpayableShareIsKept() external {
        _playFull(0);
        _close(0);
        token.setRefused(_payoutOf(4), true);
        token.setRefused(_payoutOf(9), true);
        (uint256 rank4, uint256 rank9) = (_rankOf(0, 4), _rankOf(0, 9));
        uint256 kept = _shareOf(0, rank4) + _shareOf(0, rank9);
        uint256 owed = compute.owedWei();
        assertEq(_award(0, ALL), (_sumOfShares(0) - kept) * 1e12, "paid to the others");
        assertEq(owed - compute.owedWei(), (_sumOfShares(0) - kept) * 1e12, "the rest stays owed");
        uint256 awarded = 0xfff & ~((1 << rank4) | (1 << rank9));
        assertEq(pool.seasonOf(0).awardedRanks, awarded, "two have none");
        vm.recordLogs();
        assertEq(_award(0, ALL), 0, "still refused");
        assertEq(vm.getRecordedLogs().length, 3, "two failures and an empty payment, no rank");

        _playFull(1);
        _close(1);
        _award(1, ALL);
        token.setRefused(_payoutOf(4), false);
        token.setRefused(_payoutOf(9), false);
        assertEq(_award(0, ALL), kept * 1e12, "paid at last");
        assertEq(pool.seasonOf(0).awardedRanks, 0xfff, "all have theirs");
    }

    /// @dev What stands in memory behind the last award, here the list of payments with an odd second amount, is not taken for one
    /// more award that failed.
    function test_PayAwards_TellsWhichFailedAndNoMore() external {
        _playFull(0);
        _close(0);
        token.setRefused(_payoutOf(2), true);
        (uint256[] memory ids, uint256[] memory amountsUMor) = (new uint256[](4), new uint256[](4));
        for (uint256 i = 0; i < 4; ++i) (ids[i], amountsUMor[i]) = (i, 5);
        vm.prank(address(pool));
        (uint64 paidUMor, uint256 failed) = compute.payAwards(0, ids, amountsUMor);
        assertEq(paidUMor, 15, "paid");
        assertEq(failed, 1 << 2, "failed");
    }

    function _rankOf(uint256 season, uint256 wanted) private view returns (uint256 rank) {
        bytes memory list = _listOf(season);
        for (; ; ++rank) {
            (, uint256 id) = _entryAt(list, rank);
            if (id == wanted) return rank;
        }
    }

    // ---- The end ----

    /// @dev The window ends in the middle of season 3: it has half a day's emission, and what is left goes to the free pool.
    function test_Close_TheLastSeasonReleasesTheRest() external {
        for (uint256 season = 0; season < SEASONS; ++season) _playFull(season);
        assertEq(pool.seasonOf(3).endAt, WINDOW_END, "ends with the window");
        for (uint256 season = 0; season < 3; ++season) _close(season);
        uint256 given = pool.allottedUMor();
        uint256 budgetWei = compute.budgetWei();
        uint256 freshWei = compute.freshWei();
        uint256 accruedWei = compute.bootstrapAccruedWei();
        uint256 unusedWei = compute.unusedWei();
        assertEq(_close(3), 3 * DAILY_UMOR + DAILY_UMOR / 2 - given, "three days and a half, less what was given");
        uint256 leftWei = accruedWei - uint256(pool.allottedUMor()) * 1e12;
        assertGt(leftWei, 0, "the shares are rounded down");
        assertEq(compute.unusedWei() - unusedWei, leftWei, "the rest is free");
        assertEq(compute.bootstrapWei(), 0, "the pool is empty");
        assertEq(compute.budgetWei(), budgetWei, "no budget rose");
        assertEq(compute.freshWei(), freshWei, "no arrival was made up");
        assertEq(accruedWei, 1_209.6 ether, "a tenth of the window's emission");

        _arrive(1_000e18);
        compute.intake();
        assertEq(compute.bootstrapAccruedWei(), accruedWei, "nothing accrues any more");
        for (uint256 season = 0; season < SEASONS; ++season) _award(season, ALL);
        assertEq(compute.owedWei(), uint256(compute.attestedUMor()) * 1e12, "only credits are owed");
    }

    // ---- Who may call ----

    function test_Awards_RevertWhen_NotFromThePool() external {
        bytes4 selector = IComputeContract.ComputeNotBootstrap.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(this)));
        compute.reserveAwards(0, true);
        vm.expectRevert(abi.encodeWithSelector(selector, address(this)));
        compute.payAwards(0, new uint256[](1), new uint256[](1));
    }

    /// @dev A payee that calls back in the midst of an award meets both locks.
    function test_Award_APayeeThatCallsBackMeetsTheLocks() external {
        _playFull(0);
        _close(0);
        bytes memory locked = abi.encodePacked(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        bytes[3] memory calls = [
            abi.encodeCall(IBootstrapPool.award, (0, _listOf(0), 0xff0)),
            abi.encodeCall(IBootstrapPool.close, (1, "")),
            abi.encodeCall(IComputeContract.claim, (seqAfter[0], _claimOf(seqAfter[0])))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            token.setHook(i < 2 ? address(pool) : address(compute), calls[i]);
            _award(0, 1 << i);
            assertFalse(token.answered(), "refused");
            assertEq(token.answer(), locked, "by the lock");
        }
        token.setHook(address(pool), abi.encodeCall(IBootstrapPool.close, (1, "")));
        vm.warp(_endOf(1) + ENTRY);
        compute.claim(seqAfter[0], _claimOf(seqAfter[0]));
        assertEq(token.answer(), locked, "closing in the midst of a claim");
    }

    /// @dev A schedule that cannot be read stops arrivals, attestations and the closing of seasons, nothing else.
    function test_ASchedule_ThatRevertsStopsNoPayment() external {
        _playFull(0);
        _close(0);
        vm.warp(_startOf(1) + 1 hours);
        uint64 pending = _credit(_each(5, 12));
        vm.warp(_startOf(1) + 1 hours + 1);
        _arrive(1e18);
        vm.etch(address(schedule), hex"fe");
        _veto(pending);
        assertGt(_award(0, ALL), 0, "award");
        assertGt(compute.claim(seqAfter[0], _claimOf(seqAfter[0])), 0, "claim");
        vm.expectRevert();
        compute.intake();
    }
}
