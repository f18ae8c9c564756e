// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEmissionSchedule} from "../../contracts/interfaces/IEmissionSchedule.sol";
import {Reserve} from "../../contracts/reserve/Reserve.sol";

/// @title ReserveHarness
/// @notice Opens every internal verb of the reserve to tests; `setBootstrapLackWei` stands in for the bootstrap pool.
contract ReserveHarness is Reserve {
    uint104 private _lackWei;

    constructor(IERC20 token, IEmissionSchedule schedule) Reserve(token, schedule) {}

    function intake() external returns (uint104) {
        return _intake();
    }

    function attest(uint64 creditedUMor) external {
        _rollAndReserve(creditedUMor);
    }

    function release(uint64 creditedUMor) external {
        _release(creditedUMor);
    }

    function absorb(uint104 amountWei) external {
        _absorb(amountWei);
    }

    function award(uint104 amountWei) external {
        _award(amountWei);
    }

    function releaseBootstrap() external {
        _releaseBootstrap();
    }

    /// @dev The order of a claim: out of the books, paid, and back into them if the payment failed.
    function claim(address to, uint104 amountWei) external returns (bool paid) {
        _settle(amountWei);
        paid = _pay(to, amountWei);
        if (!paid) _unsettle(amountWei);
    }

    function book(uint104 amountWei) external {
        _book(amountWei, 0);
    }

    function rollDay(uint32 newDay, uint96 scheduledWei) external {
        _rollDay(newDay, scheduledWei);
    }

    function setBootstrapLackWei(uint104 lackWei) external {
        _lackWei = lackWei;
    }

    function _bootstrapLackWei() internal view override returns (uint104) {
        return _lackWei;
    }
}
