// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveBooks} from "../../contracts/reserve/ReserveBooks.sol";

/// @title GuardProof
/// @notice Proves, for every sequence of calls: a day reserves at most its budget, and all days together reserve at most
/// the arrivals booked and floor(opening / 100) of every day opened. Read by `npm run proofs`, never run.
/// @dev Induction on the calls, written out: `_holds` is required before each verb and asserted after it. As every
/// assertion is proved from the constructor on, no `require(_holds())` ever stops a call.
contract GuardProof is ReserveBooks {
    /// @dev What an observer would have counted: everything booked as free ...
    uint256 internal arrivedWei;
    /// @dev ... and floor(opening / 100) over the days before the open one.
    uint256 internal sharesWei;

    modifier keeps() {
        require(_holds());
        _;
        assert(_holds());
    }

    constructor(uint32 firstDay, uint96 scheduledWei) {
        _openBooks(firstDay, scheduledWei);
        assert(_holds());
    }

    function roll(uint32 newDay, uint96 scheduledWei) external keeps {
        if (newDay > day) sharesWei += openingWei / 100;
        _rollDay(newDay, scheduledWei);
    }

    function book(uint128 amountWei, uint128 lackWei) external keeps {
        uint256 before = unusedWei;
        _book(amountWei, lackWei);
        arrivedWei += unusedWei - before;
    }

    function reserve(uint64 creditedUMor) external keeps {
        _reserve(creditedUMor);
    }

    function release(uint64 creditedUMor) external keeps {
        _release(creditedUMor);
    }

    function absorb(uint128 amountWei) external keeps {
        _absorb(amountWei);
    }

    /// @dev The invariant: the guard of the open day, and that the days before it left `fresh` covered by arrivals.
    function _holds() internal view returns (bool) {
        return
            attestedAtOpeningUMor <= attestedUMor &&
            drawnTodayWei() <= budgetWei() &&
            uint256(attestedAtOpeningUMor) * 1e12 + freshWei <= arrivedWei + sharesWei;
    }

    /// @dev The consequence in plain words: all that stands reserved <= arrivals + 1 % of each opening.
    function consequence() external view {
        require(_holds());
        assert(uint256(attestedUMor) * 1e12 <= arrivedWei + sharesWei + openingWei / 100);
    }
}
