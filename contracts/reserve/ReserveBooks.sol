// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveBooks} from "../interfaces/IReserveBooks.sol";
import {DrawdownMath} from "../libraries/DrawdownMath.sol";

/// @title ReserveBooks
/// @notice The three buckets of the reserve and the drawdown guard over the free one.
///
/// MECHANISM
/// @dev Scalars only: no token, clock, schedule or call. Day, arrivals and scheduled emission are arguments, so a solver
/// can prove this contract alone, for every sequence of calls.
/// @dev The guard is charged when credits are reserved, not when they are paid.
///
/// DRAWDOWN
/// @dev A day may reserve floor(opening / 100) and those arrivals the schedule paces into it. So net of arrivals the pool
/// loses at most 1 % of its opening a day; 30 days (31 block-days touched) cost at most 26.8 % of it.
/// @dev Two adjoining days can be drawn within minutes of their boundary: two days' emission and 1.99 % of the pool.
/// @dev Skipped days are not made up for: a day that was never opened gives no room.
///
/// BOUNDS
/// @dev `_book` keeps unused + owed + bootstrap below 2^128, and nothing else raises the sum but `_unsettle`, which gives
/// back what `_settle` took. All MOR that can ever exist is below 2^86 wei, so no checked sum below can fail.
/// @dev Amounts are 128 bits wide throughout and nothing is narrowed here: a narrowing would stop the proofs.
abstract contract ReserveBooks is IReserveBooks {
    // One slot: all that a reservation writes.
    /// @inheritdoc IReserveBooks
    uint128 public unusedWei;
    /// @inheritdoc IReserveBooks
    uint64 public attestedUMor;
    /// @inheritdoc IReserveBooks
    uint64 public attestedAtOpeningUMor;

    // One slot: the day and its room, which a reservation reads. The room follows from the next slot and is kept beside it.
    /// @inheritdoc IReserveBooks
    uint128 public budgetWei;
    /// @inheritdoc IReserveBooks
    uint32 public day;
    /// @inheritdoc IReserveBooks
    uint96 public scheduledTodayWei;

    // One slot: what the day's room is made of.
    /// @inheritdoc IReserveBooks
    uint128 public freshWei;
    /// @inheritdoc IReserveBooks
    uint128 public openingWei;

    // One slot: all that a payment writes. What was attested above `_countedUMor` is owed too and counted when it is needed.
    uint128 internal _owedWei;
    uint64 internal _countedUMor;

    // One slot: the bootstrap pool.
    /// @inheritdoc IReserveBooks
    uint128 public bootstrapWei;
    /// @inheritdoc IReserveBooks
    uint128 public bootstrapAccruedWei;

    // One slot: debits attested on the day they were last attested, and the end of the bootstrap pool.
    uint64 private _debitedUMor;
    uint32 private _debitDay;
    /// @inheritdoc IReserveBooks
    bool public bootstrapReleased;

    // ---- The day ----

    /// @dev Opens the books, once, at deployment: with an empty pool, so the first day spends its emission alone.
    function _openBooks(uint32 firstDay, uint96 scheduledFirstDayWei) internal {
        // The room is 0: no opening, no arrivals.
        day = firstDay;
        scheduledTodayWei = scheduledFirstDayWei;
        emit DayOpened(firstDay, 0, 0, scheduledFirstDayWei);
    }

    /// @dev Opens `newDay` if it lies after the open one; the day never goes back, and this never reverts.
    /// @param scheduledNewDayWei Emission scheduled for `newDay`; the old day's was cached when it opened.
    function _rollDay(uint32 newDay, uint96 scheduledNewDayWei) internal {
        if (newDay <= day) return;
        uint128 opening = unusedWei;
        uint128 fresh = freshWei;
        fresh -= DrawdownMath.min(fresh, scheduledTodayWei);
        freshWei = fresh;
        openingWei = opening;
        attestedAtOpeningUMor = attestedUMor;
        budgetWei = DrawdownMath.budgetDown(opening, fresh, scheduledNewDayWei);
        day = newDay;
        scheduledTodayWei = scheduledNewDayWei;
        emit DayOpened(newDay, opening, fresh, scheduledNewDayWei);
    }

    // ---- Arrivals ----

    /// @dev Books `amountWei` of arrivals: first what the bootstrap pool still lacks, the rest free and fresh.
    function _book(uint128 amountWei, uint128 bootstrapLackWei) internal {
        // Checked, for its revert alone: the three buckets stay below 2^128 together.
        accountedWei() + amountWei;
        uint128 share = DrawdownMath.min(amountWei, bootstrapLackWei);
        uint128 free = amountWei - share;
        if (share != 0) {
            bootstrapWei += share;
            bootstrapAccruedWei += share;
        }
        unusedWei += free;
        freshWei += free;
        budgetWei = DrawdownMath.budgetDown(openingWei, freshWei, scheduledTodayWei);
        emit ArrivalBooked(amountWei, share, unusedWei, freshWei, bootstrapWei);
    }

    // ---- Credits ----

    /// @dev Reserves attested credits under the guard: unused to owed.
    function _reserve(uint64 creditedUMor) internal {
        (bool reserved, ) = _tryReserve(creditedUMor);
        if (!reserved) revert ReserveAllowanceExceeded(DrawdownMath.toWei(creditedUMor), allowanceWei());
    }

    /// @dev Reserves attested credits if the guard leaves room for them; changes nothing if not.
    /// @return reserved Whether it did.
    /// @return attested What was attested before.
    function _tryReserve(uint64 creditedUMor) internal returns (bool reserved, uint64 attested) {
        uint128 requestedWei = DrawdownMath.toWei(creditedUMor);
        uint128 unused = unusedWei;
        attested = attestedUMor;
        uint128 drawnWei = DrawdownMath.toWei(attested - attestedAtOpeningUMor);
        if (requestedWei > DrawdownMath.allowance(unused, budgetWei, drawnWei)) return (false, attested);
        unusedWei = unused - requestedWei;
        attestedUMor = attested + creditedUMor;
        reserved = true;
    }

    /// @dev Takes vetoed credits back: owed to unused. What was drawn today returns to today's allowance; an opening that
    /// has already been taken stays.
    function _release(uint64 creditedUMor) internal {
        uint64 attested = attestedUMor;
        require(creditedUMor <= attested, ReserveAttestedExceeded(creditedUMor, attested));
        uint128 amountWei = DrawdownMath.toWei(creditedUMor);
        uint128 owed = owedWei();
        require(amountWei <= owed, ReserveOwedExceeded(amountWei, owed));
        attested -= creditedUMor;
        _owedWei = owed - amountWei;
        _countedUMor = attested;
        unusedWei += amountWei;
        attestedUMor = attested;
        if (attestedAtOpeningUMor > attested) attestedAtOpeningUMor = attested;
    }

    /// @dev Keeps what a provider's debt nets from its credit: owed to unused. Never raises a budget already opened.
    function _absorb(uint128 amountWei) internal {
        _owedWei = _owedLess(amountWei);
        unusedWei += amountWei;
    }

    // ---- Debits ----

    /// @dev Takes room of the open day for debits: a quorum takes back no faster than it can spend.
    function _reserveDebits(uint64 sumUMor) internal {
        uint64 before = debitedTodayUMor();
        uint128 roomWei = budgetWei;
        uint128 requestedWei = DrawdownMath.toWei(sumUMor) + DrawdownMath.toWei(before);
        require(requestedWei <= roomWei, ReserveDebitRoomExceeded(requestedWei, roomWei));
        _debitedUMor = before + sumUMor;
        _debitDay = day;
    }

    /// @dev Gives the room of vetoed debits of the open day back.
    function _releaseDebits(uint64 sumUMor) internal {
        _debitedUMor = debitedTodayUMor() - sumUMor;
    }

    // ---- Payment ----

    /// @dev Takes a payment out of the books, before it is made.
    function _settle(uint128 amountWei) internal {
        _owedWei = _owedLess(amountWei);
    }

    /// @dev Puts a payment that could not be made back: it stays owed. Only for what `_settle` took in the same call.
    function _unsettle(uint128 amountWei) internal {
        _owedWei += amountWei;
    }

    /// @dev Awards from the bootstrap pool: bootstrap to owed. The guard is about the free pool and is not charged.
    function _award(uint128 amountWei) internal {
        uint128 pool = bootstrapWei;
        require(amountWei <= pool, ReserveBootstrapExceeded(amountWei, pool));
        bootstrapWei = pool - amountWei;
        _owedWei += amountWei;
    }

    /// @dev Winds the bootstrap pool up: what is left of it becomes free. It is no arrival, so it raises no budget.
    function _releaseBootstrap() internal {
        uint128 amountWei = bootstrapWei;
        bootstrapWei = 0;
        unusedWei += amountWei;
        bootstrapReleased = true;
        emit BootstrapReleased(amountWei, unusedWei);
    }

    /// @dev What is counted as owed, less `amountWei`. Credits attested since are counted only if they are needed: so a
    /// reservation does not write this slot, and a payment seldom reads another.
    function _owedLess(uint128 amountWei) private returns (uint128) {
        uint128 owed = _owedWei;
        if (amountWei > owed) {
            owed = owedWei();
            _countedUMor = attestedUMor;
            require(amountWei <= owed, ReserveOwedExceeded(amountWei, owed));
        }
        return owed - amountWei;
    }

    // ---- Views ----

    /// @inheritdoc IReserveBooks
    function debitedTodayUMor() public view returns (uint64) {
        return _debitDay == day ? _debitedUMor : 0;
    }

    /// @inheritdoc IReserveBooks
    function owedWei() public view returns (uint128) {
        return _owedWei + DrawdownMath.toWei(attestedUMor - _countedUMor);
    }

    /// @inheritdoc IReserveBooks
    function accountedWei() public view returns (uint128) {
        return unusedWei + owedWei() + bootstrapWei;
    }

    /// @inheritdoc IReserveBooks
    function drawnTodayWei() public view returns (uint128) {
        return DrawdownMath.toWei(attestedUMor - attestedAtOpeningUMor);
    }

    /// @inheritdoc IReserveBooks
    function allowanceWei() public view returns (uint128) {
        return DrawdownMath.allowance(unusedWei, budgetWei, drawnTodayWei());
    }
}
