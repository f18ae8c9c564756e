// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../contracts/interfaces/IBootstrapPool.sol";
import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {BootstrapWindow} from "../../contracts/types/BootstrapWindow.sol";
import {PlainRange} from "../mocks/PlainWordTree.sol";
import {BootstrapFixture} from "../utils/BootstrapFixture.sol";
import {ComputeFixture} from "../utils/ComputeFixture.sol";
import {Test} from "../utils/Test.sol";
import {ComputeHandler} from "./Compute.invariant.t.sol";

/// @title BootstrapHandler
/// @notice The steps of the compute contract's campaign and beside them those of the bootstrap pool, with an observer that
/// keeps every season's roots, list and awards.
contract BootstrapHandler is ComputeHandler, BootstrapFixture {
    enum SeasonAction {
        Enter,
        EnterNothing,
        Close,
        CloseEarly,
        Award,
        AwardNothing
    }

    mapping(SeasonAction action => uint256) public doneInSeasons;
    /// @dev What a provider has won, and what of it is still owed, in uMOR.
    mapping(uint256 id => uint256) public wonUMor;
    mapping(uint256 id => uint256) public unpaidUMor;
    uint256 public unpaidSumUMor;
    /// @dev Shares of closed seasons, and ranks that have theirs.
    uint256 public sharesUMor;
    mapping(uint256 season => uint256 ranks) private _awarded;

    constructor() {
        pool = compute.BOOTSTRAP();
    }

    function _window() internal pure override(ComputeFixture, BootstrapFixture) returns (BootstrapWindow memory) {
        return BootstrapFixture._window();
    }

    // ---- Steps ----

    /// @dev Enters one provider or all of them into the season that is open for it; if none is, time passes to the next.
    function enter(uint256 random) external watched {
        uint256 season = _seasonOpen();
        if (season == SEASONS) return;
        _weigh(season, uint64(standingAt(_startOf(season))), uint64(standingAt(_endOf(season))));
        uint256 count = registry.providerCount();
        uint256 id = (random >> 8) % count;
        bool whole = random % 3 == 0;
        PlainRange memory range = whole ? _rangeOf(count) : _wordOf(id);
        (bytes memory before, bytes memory afterwards) = _proofs(season, range, whole ? 15 : 1 << (id % 4));
        bytes memory list = _listOf(season);
        if (whole) for (uint256 i = 0; i < count; ++i) _note(season, i);
        else _note(season, id);
        if (keccak256(list) == keccak256(_listOf(season))) {
            vm.expectRevert(_nothingEntered(season, 0));
            pool.enter(uint32(season), list, before, afterwards);
            ++doneInSeasons[SeasonAction.EnterNothing];
            return;
        }
        pool.enter(uint32(season), list, before, afterwards);
        ++doneInSeasons[SeasonAction.Enter];
    }

    /// @dev The season whose entry window is open, or the next one, at whose end we are then.
    function _seasonOpen() private returns (uint256 season) {
        uint256 now_ = vm.getBlockTimestamp();
        while (season < SEASONS && now_ >= _endOf(season) + ENTRY) ++season;
        if (season < SEASONS && now_ < _endOf(season)) vm.warp(_endOf(season) + (now_ % ENTRY));
    }

    /// @dev Closes the next season, or fails to because providers may still enter.
    function close() external watched {
        uint256 season = pool.nextSeason();
        if (season == SEASONS) return;
        bytes memory list = _listOf(season);
        uint256 closesAt = _endOf(season) + ENTRY;
        uint256 now_ = vm.getBlockTimestamp();
        if (now_ < closesAt) {
            vm.expectRevert(
                abi.encodeWithSelector(IBootstrapPool.BootstrapSeasonOpen.selector, season, now_, closesAt)
            );
            pool.close(uint32(season), list);
            ++doneInSeasons[SeasonAction.CloseEarly];
            return;
        }
        uint256 dueUMor = compute.bootstrapTargetWei(_endOf(season)) / 1e12 - sharesUMor;
        uint256 poolUMor = pool.close(uint32(season), list);
        assertLe(poolUMor, dueUMor, "never more than was due by the season's end");
        for (uint256 rank = 0; rank < list.length / 9; ++rank) {
            (, uint256 id) = _entryAt(list, rank);
            uint256 share = _shareOf(season, rank);
            wonUMor[id] += share;
            unpaidUMor[id] += share;
            unpaidSumUMor += share;
            sharesUMor += share;
        }
        ++doneInSeasons[SeasonAction.Close];
    }

    /// @dev Awards some ranks of a closed season.
    function award(uint256 which, uint256 ranks) external watched {
        uint256 next = pool.nextSeason();
        if (next == 0) return;
        uint256 season = which % next;
        bytes memory list = _listOf(season);
        uint256 count = list.length / 9;
        uint256 due = ranks & ~_awarded[season] & ((1 << count) - 1);
        if (due == 0) {
            vm.expectRevert(
                abi.encodeWithSelector(IBootstrapPool.BootstrapNothingDue.selector, season, ranks, _awarded[season])
            );
            pool.award(uint32(season), list, ranks);
            ++doneInSeasons[SeasonAction.AwardNothing];
            return;
        }
        uint256 payableUMor = 0;
        for (uint256 rank = 0; rank < count; ++rank) {
            if ((due >> rank) & 1 == 1) payableUMor += _expectAward(season, rank, list);
        }
        assertEq(pool.award(uint32(season), list, ranks), payableUMor * 1e12, "paid by the award");
        paidWei += payableUMor * 1e12;
        ++doneInSeasons[SeasonAction.Award];
    }

    /// @dev What a rank is paid; its debt is netted, and nothing happens if the token refuses its payee.
    function _expectAward(uint256 season, uint256 rank, bytes memory list) private returns (uint256 paidUMor) {
        (, uint256 id) = _entryAt(list, rank);
        uint256 share = _shareOf(season, rank);
        uint256 debt = _bookedUMor[id] - _absorbedUMor[id];
        uint256 absorbed = share < debt ? share : debt;
        if (share != absorbed && token.isRefused(_payoutOf(id))) return 0;
        _absorbedUMor[id] += absorbed;
        unpaidUMor[id] -= share;
        unpaidSumUMor -= share;
        _awarded[season] |= 1 << rank;
        return share - absorbed;
    }

    // ---- What the observer knows ----

    /// @dev The greatest standing seq that is active by `moment`. The ring still holds every record.
    function standingAt(uint256 moment) public view returns (uint256 last) {
        for (uint256 seq = 1; seq <= compute.lastSeq(); ++seq) {
            if (!isVetoed[seq] && compute.recordOf(seq).activeAt <= moment) last = seq;
        }
    }

    function boundaryOf(uint256 season) external pure returns (uint256 startAt, uint256 endAt) {
        return (_startOf(season), _endOf(season));
    }

    function listHashOf(uint256 season) external view returns (bytes32) {
        return _hashOf(_listOf(season));
    }

    function awardedOf(uint256 season) external view returns (uint256) {
        return _awarded[season];
    }
}

/// @notice Solvency, conservation and the guard with a bootstrap pool; and that its seasons are what the observer says.
contract BootstrapInvariantTest is Test {
    uint256 private constant SEASONS = 4;

    BootstrapHandler private _handler;
    IComputeContract private _compute;
    IBootstrapPool private _pool;

    function setUp() external {
        _handler = new BootstrapHandler();
        _compute = IComputeContract(_handler.suite());
        _pool = _compute.BOOTSTRAP();
        bytes4[] memory steps = new bytes4[](13);
        steps[0] = ComputeHandler.register.selector;
        steps[1] = ComputeHandler.donate.selector;
        steps[2] = ComputeHandler.intake.selector;
        steps[3] = ComputeHandler.attest.selector;
        steps[4] = ComputeHandler.claim.selector;
        steps[5] = ComputeHandler.refuse.selector;
        steps[6] = ComputeHandler.pass.selector;
        steps[7] = ComputeHandler.veto.selector;
        steps[8] = ComputeHandler.debit.selector;
        steps[9] = BootstrapHandler.enter.selector;
        steps[10] = BootstrapHandler.close.selector;
        steps[11] = BootstrapHandler.award.selector;
        // More often, so that lists grow.
        steps[12] = BootstrapHandler.enter.selector;
        targetContract(address(_handler));
        targetSelector(FuzzSelector({addr: address(_handler), selectors: steps}));
    }

    function invariant_HeldCoversTheBuckets() external view {
        assertGe(_compute.heldWei(), _compute.accountedWei(), "held >= unused + owed + bootstrap");
        assertEq(_compute.heldWei(), _handler.arrivedWei() - _handler.paidWei(), "held = arrived - paid");
    }

    function invariant_OwedIsCreditsAndAwardsUnpaid() external view {
        uint256 standingUMor = _handler.unpaidSumUMor();
        for (uint256 i = 0; i < _handler.providerCount(); ++i) {
            (uint256 laneUMor, uint256 settledUMor, ) = _handler.accountOf(i);
            standingUMor += laneUMor - settledUMor;
        }
        assertEq(_compute.owedWei(), standingUMor * 1e12, "owed = sum of lane - settled + awards not yet paid");
    }

    function invariant_NobodyIsPaidOrDebitedTwice() external view {
        for (uint256 i = 0; i < _handler.providerCount(); ++i) {
            (uint256 laneUMor, uint256 settledUMor, uint256 receivedWei) = _handler.accountOf(i);
            (uint256 bookedUMor, uint256 absorbedUMor, uint256 debtUMor) = _handler.debtsOf(i);
            uint256 openUMor = laneUMor - settledUMor + _handler.unpaidUMor(i);
            uint256 earnedUMor = laneUMor + _handler.wonUMor(i);
            assertEq(receivedWei + (absorbedUMor + openUMor) * 1e12, earnedUMor * 1e12, "paid + absorbed + open");
            assertEq(debtUMor + absorbedUMor, bookedUMor, "debt = debited - absorbed");
        }
    }

    function invariant_ThePoolHoldsWhatAccruedAndWasNotShared() external view {
        uint256 accruedWei = _compute.bootstrapAccruedWei();
        uint256 sharedWei = _handler.sharesUMor() * 1e12;
        assertEq(_pool.allottedUMor(), _handler.sharesUMor(), "allotted");
        if (_compute.bootstrapReleased()) {
            assertEq(_compute.bootstrapWei(), 0, "wound up");
            assertEq(_pool.nextSeason(), SEASONS, "after the last season");
        } else {
            assertEq(_compute.bootstrapWei(), accruedWei - sharedWei, "bootstrap = accrued - allotted");
        }
        assertLe(accruedWei, _compute.bootstrapTargetWei(vm.getBlockTimestamp()), "accrued <= target");
    }

    function invariant_SeasonsAreTheObservers() external view {
        for (uint256 season = 0; season < SEASONS; ++season) {
            IBootstrapPool.SeasonState memory state = _pool.seasonOf(season);
            assertEq(state.listHash, _handler.listHashOf(season), "list");
            assertEq(state.awardedRanks, _handler.awardedOf(season), "awarded ranks");
            (uint256 startAt, uint256 endAt) = _handler.boundaryOf(season);
            (uint64 before, , uint64 afterwards, bytes32 root) = _pool.rootsOf(season);
            assertEq(before, _handler.standingAt(startAt), "attestation at its start");
            assertEq(afterwards, _handler.standingAt(endAt), "attestation at its end");
            assertEq(root, _handler.plainRootOf(afterwards), "root at its end");
        }
    }

    function invariant_TheGuardHoldsEveryDay() external view {
        assertLe(_compute.drawnTodayWei(), _compute.budgetWei(), "drawn <= budget");
        uint256 reserved = uint256(_compute.attestedUMor()) * 1e12;
        uint256 free = _handler.arrivedWei() - _compute.bootstrapAccruedWei();
        assertLe(reserved, free + _handler.sharesWei(), "reserved <= free arrivals + 1 % of each opening");
    }

    /// @dev The steps are real: through four seasons each of them is taken, accepted and refused.
    function test_Handler_EveryStepDoesSomething() external {
        for (uint256 season = 0; season < SEASONS; ++season) {
            for (uint256 i = 0; i < 8; ++i) {
                uint256 random = uint256(keccak256(abi.encode(season, i)));
                _handler.donate(random);
                _handler.attest(random | 1, random >> 8);
            }
            // A second into the next day, and so behind the end of a season.
            _handler.pass(0, 2);
            for (uint256 i = 0; i < 8; ++i) _handler.enter(uint256(keccak256(abi.encode(season, i, "enter"))));
            _handler.close();
            _handler.close();
            for (uint256 i = 0; i < 6; ++i) _handler.award(i, uint256(keccak256(abi.encode(season, i, "award"))));
        }
        for (uint256 i = 0; i <= uint256(type(BootstrapHandler.SeasonAction).max); ++i) {
            assertGe(_handler.doneInSeasons(BootstrapHandler.SeasonAction(i)), 2, "an action of seasons");
        }
    }
}
