// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveBooks} from "../../../contracts/reserve/ReserveBooks.sol";

/// @title GuardInvariant
/// @notice Proves the drawdown guard for every sequence of calls, by induction written out: the constructor establishes
/// the invariant, and each verb, started in any books whatever that satisfy it, keeps it. Read by `npm run proofs`.
/// @dev The invariant: a day reserves at most its budget; and what the days before it reserved, with the arrivals they
/// left over, is covered by all arrivals and by floor(opening / 100) of every day. The limit kept is that of the budget.
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
    function anyPool(uint104 unused, uint104 owed, uint104 fresh, uint104 opening, uint96 scheduled) external {
        (_unusedWei, _owedWei, freshWei, openingWei, scheduledTodayWei) = (unused, owed, fresh, opening, scheduled);
    }

    function anyRest(uint64 attested, uint64 atOpening, uint32 day_, uint256 arrived, uint256 shares) external {
        require(arrived < 2 ** 200 && shares < 2 ** 200);
        (_attestedUMor, attestedAtOpeningUMor, _day, arrivedWei, sharesWei) = (
            attested,
            atOpening,
            day_,
            arrived,
            shares
        );
    }

    function anyBootstrap(uint104 bootstrap, uint104 accrued, uint104 limit, uint64 counted) external {
        (bootstrapWei, bootstrapAccruedWei, _limitWei, _countedUMor) = (bootstrap, accrued, limit, counted);
    }

    function _holds() internal view returns (bool) {
        uint256 room = freshWei < scheduledTodayWei ? freshWei : scheduledTodayWei;
        return
            _limitWei == uint256(attestedAtOpeningUMor) * 1e12 + openingWei / 100 + room &&
            attestedAtOpeningUMor <= _attestedUMor &&
            uint256(_attestedUMor) * 1e12 <= _limitWei &&
            uint256(attestedAtOpeningUMor) * 1e12 + freshWei <= arrivedWei + sharesWei;
    }
}
