// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveBooks} from "../../../contracts/reserve/ReserveBooks.sol";

/// @title GuardInvariant
/// @notice Proves the drawdown guard for every sequence of calls, by induction written out: the constructor establishes
/// the invariant, and each verb, started in any books whatever that satisfy it, keeps it. Read by `npm run proofs`.
/// @dev The invariant: a day reserves at most its budget; and what the days before it reserved, with the arrivals they
/// left over, is covered by all arrivals and by floor(opening / 100) of every day. The budget kept is the one they give.
abstract contract GuardInvariant is ReserveBooks {
    /// @dev What an observer would have counted: everything booked as free ...
    uint256 internal arrivedWei;
    /// @dev ... and floor(opening / 100) over the days before the open one.
    uint256 internal sharesWei;

    /// @dev Starts a verb in any books that satisfy the invariant; the verb asserts it at its end.
    modifier fromAnyBooks() {
        require(_holds());
        _;
    }

    /// @dev Makes every state a possible start of a verb.
    function anyPool(uint128 unused, uint128 owed, uint128 fresh, uint128 opening, uint96 scheduled) external {
        (unusedWei, _owedWei, freshWei, openingWei, scheduledTodayWei) = (unused, owed, fresh, opening, scheduled);
    }

    function anyRest(uint64 attested, uint64 atOpening, uint32 day_, uint256 arrived, uint256 shares) external {
        require(arrived < 2 ** 200 && shares < 2 ** 200);
        (attestedUMor, attestedAtOpeningUMor, day, arrivedWei, sharesWei) = (
            attested,
            atOpening,
            day_,
            arrived,
            shares
        );
    }

    function anyBootstrap(uint128 bootstrap, uint128 accrued, uint128 budget, uint64 counted) external {
        (bootstrapWei, bootstrapAccruedWei, budgetWei, _countedUMor) = (bootstrap, accrued, budget, counted);
    }

    function _holds() internal view returns (bool) {
        uint256 room = freshWei < scheduledTodayWei ? freshWei : scheduledTodayWei;
        return
            budgetWei == openingWei / 100 + room &&
            attestedAtOpeningUMor <= attestedUMor &&
            (uint256(attestedUMor) - attestedAtOpeningUMor) * 1e12 <= budgetWei &&
            uint256(attestedAtOpeningUMor) * 1e12 + freshWei <= arrivedWei + sharesWei;
    }
}
