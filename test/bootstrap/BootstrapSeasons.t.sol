// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BootstrapFixture} from "../utils/BootstrapFixture.sol";

/// @notice Whole seasons of any number of providers, and what one gains by being several.
contract BootstrapSeasonsTest is BootstrapFixture {
    function setUp() external {
        _deployPool(12);
    }

    // ---- Numbers of providers ----

    /// @dev From nobody to a thousand: the hundred that share are the true top hundred, and each share is exact.
    function _playWith(uint256 providers) private {
        for (uint256 i = registry.providerCount(); i < providers; ++i) _register(_payoutOf(i));
        if (providers != 0) _play(0, _weights(providers, providers));
        vm.warp(_endOf(0));
        _arrive(5_000e18);
        if (providers != 0) _enterAll(0);
        uint64 poolUMor = _close(0);
        uint256 ranks = providers < RANKS ? providers : RANKS;
        assertEq(_listOf(0).length / 9, ranks, "ranks");
        assertEq(poolUMor, providers == 0 ? 0 : DAILY_UMOR, "pool");
        if (providers == 0) return;
        uint256 shares = _sumOfShares(0);
        assertLe(poolUMor - shares, ranks, "dust");
        assertEq(_award(0, ALL), shares * 1e12, "paid");
    }

    function test_Season_WithNobody() external {
        _playWith(0);
    }

    function test_Season_WithOne() external {
        _play(0, _only(7, 3, 12));
        _arrive(5_000e18);
        _enterAll(0);
        assertEq(_close(0), DAILY_UMOR, "pool");
        assertEq(_award(0, ALL), uint256(DAILY_UMOR) * 1e12, "all of it");
        assertEq(token.balanceOf(_payoutOf(7)), uint256(DAILY_UMOR) * 1e12, "to the one");
    }

    function test_Season_WithAllZero() external {
        _play(0, _each(5, 12));
        _close(0);
        vm.warp(_endOf(1));
        _weigh(1, seqAfter[0], seqAfter[0]);
        (bytes memory before, bytes memory afterwards) = _proofs(1, _rangeOf(12), 15);
        vm.expectRevert(_nothingEntered(1, 0));
        pool.enter(1, "", before, afterwards);
    }

    function test_Season_WithAllEqual() external {
        _play(0, _each(77, 12));
        _arrive(5_000e18);
        _enterAll(0);
        _close(0);
        for (uint256 rank = 0; rank < 12; ++rank) assertEq(_shareOf(0, rank), DAILY_UMOR / 12, "equal shares");
        assertEq(_award(0, ALL), uint256(DAILY_UMOR) * 1e12, "without a rest");
    }

    function test_Season_With99() external {
        _playWith(99);
    }

    function test_Season_With100() external {
        _playWith(100);
    }

    function test_Season_With101() external {
        _playWith(101);
    }

    function test_Season_With102() external {
        _playWith(102);
    }

    function test_Season_With1000() external {
        _playWith(1_000);
    }

    // ---- Splitting ----

    /// @dev A provider with 10 of 109 parts of all work, alone or as ten providers of one part each.
    function _splitGain(uint256 others, bool split) private returns (uint256 wonUMor) {
        uint256 count = others + (split ? 10 : 1);
        for (uint256 i = registry.providerCount(); i < count; ++i) _register(_payoutOf(i));
        uint64[] memory deltas = _each(1_000, count);
        if (!split) deltas[others] = 10_000;
        // Lighter ones are those displaced.
        for (uint256 i = 0; i < others; ++i) deltas[i] = 999;
        _play(0, deltas);
        _arrive(5_000e18);
        _enterAll(0);
        _close(0);
        _award(0, ALL);
        for (uint256 i = others; i < count; ++i) wonUMor += token.balanceOf(_payoutOf(i)) / 1e12;
    }

    function test_Split_GainsNothingWhileAtMostAHundredCompete() external {
        uint256 snapshot = vm.snapshotState();
        uint256 whole = _splitGain(90, false);
        vm.revertToState(snapshot);
        uint256 split = _splitGain(90, true);
        assertLe(split, whole, "split among a hundred");
        assertLe(whole - split, 10, "but for the dust of ten roundings");
    }

    /// @dev With more than a hundred, nine of the others fall out: their weight is what the splitting gains on.
    function test_Split_GainsAtMostTheDisplacedWeightAboveAHundred() external {
        uint256 snapshot = vm.snapshotState();
        uint256 whole = _splitGain(99, false);
        vm.revertToState(snapshot);
        uint256 split = _splitGain(99, true);
        uint256 own = 10_000;
        uint256 total = own + 99 * 999;
        uint256 displaced = 9 * 999;
        _print("split into ten, whole share in uMOR:", whole);
        _print("split into ten, split share in uMOR:", split);
        assertGt(split, whole, "some gain there is");
        assertLe(split, (uint256(DAILY_UMOR) * own) / (total - displaced), "the share without the displaced weight");
        assertLe(whole, (uint256(DAILY_UMOR) * own) / total, "the share with it");
    }
}
