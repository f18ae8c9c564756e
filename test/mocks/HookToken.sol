// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestMor} from "../../contracts/periphery/TestMor.sol";

/// @title HookToken
/// @notice A token that refuses some recipients and calls a chosen target during every transfer.
contract HookToken is TestMor {
    error RecipientRefused(address to);

    mapping(address account => bool) public isRefused;
    address public target;
    bytes public message;
    bool public answered;
    bytes public answer;

    function setRefused(address account, bool refused) external {
        isRefused[account] = refused;
    }

    /// @dev From now on a transfer first calls `target_` with `message_` and keeps what it answers.
    function setHook(address target_, bytes calldata message_) external {
        target = target_;
        message = message_;
    }

    function _update(address from, address to, uint256 amountWei) internal override {
        require(!isRefused[to], RecipientRefused(to));
        if (target != address(0)) (answered, answer) = target.call(message);
        super._update(from, to, amountWei);
    }
}
