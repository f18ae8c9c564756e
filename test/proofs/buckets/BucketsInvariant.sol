// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveBooks} from "../../../contracts/reserve/ReserveBooks.sol";

/// @title BucketsInvariant
/// @notice Proves, for every sequence of calls, by induction written out: unused + owed + bootstrap is what came in less
/// what was paid, below 2^104; and owed is what stands attested or was awarded, less what was paid and absorbed. The
/// constructor establishes it, and each verb, started in any books whatever that satisfy it, keeps it.
/// @dev Read by `npm run proofs`, never run.
abstract contract BucketsInvariant is ReserveBooks {
    /// @dev What an observer would have counted, in wei.
    uint256 internal heldWei;
    uint256 internal awardedWei;
    uint256 internal paidWei;
    uint256 internal absorbedWei;

    /// @dev Starts a verb in any books that satisfy the invariant; the verb asserts it at its end.
    modifier fromAnyBooks() {
        require(_holds());
        _;
    }

    /// @dev Makes every state a possible start of a verb.
    function anyBuckets(uint104 unused, uint104 owed, uint104 bootstrap, uint64 attested, uint64 atOpening) external {
        (_unusedWei, _owedWei, bootstrapWei) = (unused, owed, bootstrap);
        (_attestedUMor, attestedAtOpeningUMor) = (attested, atOpening);
    }

    function anyDay(uint104 fresh, uint104 opening, uint96 scheduled, uint32 day_, uint104 accrued) external {
        (freshWei, openingWei, scheduledTodayWei, _day, bootstrapAccruedWei) = (
            fresh,
            opening,
            scheduled,
            day_,
            accrued
        );
    }

    function anyCount(uint64 counted, uint104 limit) external {
        (_countedUMor, _limitWei) = (counted, limit);
    }

    function anyCounts(uint256 held, uint256 awarded, uint256 paid, uint256 absorbed) external {
        require(held < 2 ** 200 && awarded < 2 ** 200 && paid < 2 ** 200 && absorbed < 2 ** 200);
        (heldWei, awardedWei, paidWei, absorbedWei) = (held, awarded, paid, absorbed);
    }

    function _holds() internal view returns (bool) {
        return
            heldWei <= type(uint104).max &&
            _countedUMor <= _attestedUMor &&
            uint256(_unusedWei) + _owed() + bootstrapWei == heldWei &&
            _owed() + paidWei + absorbedWei == uint256(_attestedUMor) * 1e12 + awardedWei;
    }

    /// @dev What is owed, without the checks of the contract's own sum.
    function _owed() private view returns (uint256) {
        return uint256(_owedWei) + (uint256(_attestedUMor) - _countedUMor) * 1e12;
    }
}
