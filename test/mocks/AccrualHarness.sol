// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEmissionSchedule} from "../../contracts/interfaces/IEmissionSchedule.sol";
import {BootstrapAccrual} from "../../contracts/reserve/BootstrapAccrual.sol";

/// @title AccrualHarness
/// @notice Opens the verbs of a reserve with a bootstrap window to tests.
contract AccrualHarness is BootstrapAccrual {
    constructor(
        IERC20 token,
        IEmissionSchedule schedule,
        uint256 windowStart,
        uint256 windowEnd
    ) BootstrapAccrual(token, schedule, windowStart, windowEnd) {}

    function intake() external returns (uint104) {
        return _intake();
    }

    function attest(uint64 creditedUMor) external {
        _rollAndReserve(creditedUMor);
    }

    function release(uint64 creditedUMor) external {
        _release(creditedUMor);
    }

    function award(uint104 amountWei) external {
        _award(amountWei);
    }

    function settle(uint104 amountWei) external {
        _settle(amountWei);
    }

    function releaseBootstrap() external {
        _releaseBootstrap();
    }
}
