// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestMor
/// @notice A stand-in for MOR on chains that have none: anyone may mint. Never deployed where MOR exists.
contract TestMor is ERC20 {
    constructor() ERC20("Test MOR", "tMOR") {}

    /// @notice Mints `amountWei` to `to`.
    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }
}
