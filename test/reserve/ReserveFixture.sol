// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LinearDecreaseSchedule} from "../../contracts/emission/LinearDecreaseSchedule.sol";
import {ReserveHarness} from "../mocks/ReserveHarness.sol";
import {AnsweringToken} from "../mocks/ReserveTokens.sol";
import {Test} from "../utils/Test.sol";

/// @title ReserveFixture
/// @notice A reserve at the first second of block-day 10, under a constant emission of `dailyWei`.
abstract contract ReserveFixture is Test {
    uint256 internal constant START = 1707393600;
    uint32 internal constant FIRST_DAY = 10;

    AnsweringToken internal token;
    LinearDecreaseSchedule internal schedule;
    ReserveHarness internal reserve;

    function _deploy(uint256 dailyWei) internal {
        token = AnsweringToken(deployCode("ReserveTokens.sol:AnsweringToken", ""));
        schedule = LinearDecreaseSchedule(
            deployCode("LinearDecreaseSchedule.sol:LinearDecreaseSchedule", abi.encode(dailyWei, 0, START, 1 days))
        );
        vm.warp(START + FIRST_DAY * 1 days);
        reserve = _newReserve(address(token));
    }

    function _newReserve(address over) internal returns (ReserveHarness) {
        return ReserveHarness(deployCode("ReserveHarness.sol:ReserveHarness", abi.encode(over, schedule)));
    }

    /// @dev Tokens arrive and are booked.
    function _arrive(uint256 amountWei) internal {
        token.mint(address(reserve), amountWei);
        reserve.intake();
    }

    /// @dev Moves to the first second of a later block-day.
    function _toDay(uint256 day) internal {
        vm.warp(START + day * 1 days);
    }
}
