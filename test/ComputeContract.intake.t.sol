// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveBooks} from "../contracts/interfaces/IReserveBooks.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `intake`: what arrived is booked, whoever calls, and bonds are not arrivals.
contract ComputeContractIntakeTest is ComputeFixture {
    function setUp() external {
        _deploy({providers: 10, poolWei: 0});
    }

    function testFuzz_Intake_BooksWhatArrived(address sender, uint256 amountWei) external {
        amountWei = bound(amountWei, 1, 1e26);
        token.mint(address(compute), amountWei);
        vm.expectEmit(address(compute));
        emit IReserveBooks.ArrivalBooked(amountWei, 0, amountWei, amountWei, 0);
        vm.prank(sender);
        assertEq(compute.intake(), amountWei, "booked");
        assertEq(compute.unusedWei(), amountWei, "unused");
        assertEq(compute.freshWei(), amountWei, "fresh");
        assertEq(compute.unbookedWei(), 0, "unbooked");
    }

    /// @dev The bonds of ten providers stand in the registry: nothing of them is an arrival.
    function test_Intake_DoesNotSeeBonds() external {
        assertEq(token.balanceOf(address(registry)), 10 * BOND_WEI, "bonds");
        assertEq(compute.intake(), 0, "booked");
    }

    function test_Intake_OpensTheDay() external {
        token.mint(address(compute), 100e18);
        compute.intake();
        vm.warp(START + (FIRST_DAY + 1) * 1 days - 1);
        compute.intake();
        assertEq(compute.day(), FIRST_DAY, "the last second of a day");
        skip(1);
        // Everything fresh was let in by the day before.
        vm.expectEmit(address(compute));
        emit IReserveBooks.DayOpened(uint32(FIRST_DAY + 1), 100e18, 0, DAILY_WEI);
        compute.intake();
        assertEq(compute.day(), FIRST_DAY + 1, "the first second of the next");
        assertEq(compute.allowanceWei(), 1e18, "one percent of the opening");
    }

    function test_Intake_WithoutArrivalsKeepsTheBooks() external {
        assertEq(compute.intake(), 0, "booked");
        assertEq(compute.unusedWei(), 0, "unused");
    }

    /// @dev Tokens sent while credits are pending raise the free pool, not what is owed.
    function test_Intake_BesideCredits() external {
        token.mint(address(compute), 100e18);
        _credit(_each(1e6, 10));
        token.mint(address(compute), 7e18);
        assertEq(compute.intake(), 7e18, "booked");
        assertEq(compute.owedWei(), 10e18, "owed");
        assertEq(compute.unusedWei(), 97e18, "unused");
        assertEq(compute.heldWei(), compute.accountedWei(), "held = accounted");
    }
}
