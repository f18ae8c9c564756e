// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../contracts/interfaces/IBootstrapPool.sol";
import {BootstrapWindow} from "../../contracts/types/BootstrapWindow.sol";
import {ComputeFixture} from "../utils/ComputeFixture.sol";

/// @notice What windows and seasons a deployment may have.
contract BootstrapWindowTest is ComputeFixture {
    uint256 private constant SHORTEST = 10 minutes;
    uint256 private constant LONGEST = 8 * 366 days;

    BootstrapWindow private _chosen;

    function setUp() external {
        _deploy({providers: 0, poolWei: 0});
    }

    function _window() internal view override returns (BootstrapWindow memory) {
        return _chosen;
    }

    /// @dev A pool whose window opens in an hour.
    function _poolOf(uint256 length, uint256 seasonLength, uint256 entryWindow) private returns (IBootstrapPool) {
        _choose(length, seasonLength, entryWindow);
        return _newCompute(DELAY).BOOTSTRAP();
    }

    function _choose(uint256 length, uint256 seasonLength, uint256 entryWindow) private {
        uint256 startAt = vm.getBlockTimestamp() + 1 hours;
        _chosen = BootstrapWindow(startAt, startAt + length, seasonLength, entryWindow);
    }

    function test_Constructor_CutsTheWindowIntoSeasons() external {
        IBootstrapPool pool = _poolOf(365 days, 7 days, 3 days);
        assertEq(pool.SEASON_COUNT(), 53, "52 weeks and a day");
        assertEq(pool.WINDOW_START(), _chosen.startAt, "start");
        assertEq(pool.WINDOW_END(), _chosen.endAt, "end");
        assertEq(pool.SEASON_LENGTH(), 7 days, "season");
        assertEq(pool.ENTRY_WINDOW(), 3 days, "entry window");
        assertEq(pool.seasonOf(0).endAt, _chosen.startAt + 7 days, "end of season 0");
        assertEq(pool.seasonOf(0).entryEndAt, _chosen.startAt + 10 days, "end of its entries");
        assertEq(pool.seasonOf(52).endAt, _chosen.endAt, "end of the last");
        assertEq(pool.COMPUTE().BOOTSTRAP().SEASON_COUNT(), 53, "each knows the other");
        assertEq(_poolOf(LONGEST, SHORTEST, SHORTEST).SEASON_COUNT(), LONGEST / SHORTEST, "the most seasons");
        assertEq(_poolOf(1, LONGEST, LONGEST).SEASON_COUNT(), 1, "a season longer than the window");
    }

    function test_Constructor_WithoutAWindowHasNoSeasons() external {
        IBootstrapPool pool = compute.BOOTSTRAP();
        assertEq(pool.SEASON_COUNT(), 0, "seasons");
        bytes memory unknown = abi.encodeWithSelector(IBootstrapPool.BootstrapSeasonUnknown.selector, 0, 0);
        vm.expectRevert(unknown);
        pool.enter(0, "", "", "");
        vm.expectRevert(unknown);
        pool.close(0, "");
    }

    function _expectSeasonRevert(uint256 length, uint256 seasonLength, uint256 entryWindow) private {
        bytes4 selector = IBootstrapPool.BootstrapSeasonLengthInvalid.selector;
        _choose(length, seasonLength, entryWindow);
        vm.expectRevert(abi.encodeWithSelector(selector, seasonLength, length));
        _newCompute(DELAY);
    }

    function test_Constructor_RevertsWhen_SeasonIsOutOfBounds() external {
        _expectSeasonRevert(1 days, SHORTEST - 1, SHORTEST - 1);
        _expectSeasonRevert(1 days, 0, 0);
        _expectSeasonRevert(1 days, LONGEST + 1, 1 days);
        _expectSeasonRevert(LONGEST + 1, 1 days, 1 days);
    }

    function test_Constructor_RevertsWhen_EntryWindowIsOutOfBounds() external {
        bytes4 selector = IBootstrapPool.BootstrapEntryWindowInvalid.selector;
        _choose(30 days, 1 days, SHORTEST - 1);
        vm.expectRevert(abi.encodeWithSelector(selector, SHORTEST - 1, SHORTEST, 1 days));
        _newCompute(DELAY);
        _choose(30 days, 1 days, 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(selector, 1 days + 1, SHORTEST, 1 days));
        _newCompute(DELAY);
    }
}
