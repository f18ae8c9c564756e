// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Test} from "../utils/Test.sol";

interface IMintable is IERC20Metadata {
    function mint(address to, uint256 amountWei) external;
}

/// @notice The stand-in for MOR: an ordinary token of which anyone makes as much as is needed.
contract TestMorTest is Test {
    IMintable private _token;

    function setUp() external {
        _token = IMintable(deployCode("TestMor.sol:TestMor", ""));
    }

    function test_Deployment_IsATokenOf18Decimals() external view {
        assertEq(_token.name(), "Test MOR", "name");
        assertEq(_token.symbol(), "tMOR", "symbol");
        assertEq(_token.decimals(), 18, "decimals as MOR");
        assertEq(_token.totalSupply(), 0, "nobody holds any");
    }

    function testFuzz_Mint_ByAnyone(address stranger, address to, uint128 first, uint128 second) external {
        vm.assume(to != address(0));
        vm.startPrank(stranger);
        _token.mint(to, first);
        _token.mint(to, second);
        vm.stopPrank();
        assertEq(_token.balanceOf(to), uint256(first) + second, "balance");
        assertEq(_token.totalSupply(), uint256(first) + second, "supply");
    }
}
