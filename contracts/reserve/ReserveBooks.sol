// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveBooks} from "../interfaces/IReserveBooks.sol";
import {DrawdownMath} from "../libraries/DrawdownMath.sol";
import {SharedSlots} from "../types/SharedSlots.sol";

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
/// @dev `_book` keeps unused + owed + bootstrap below 2^104, and nothing else raises the sum but `_unsettle`, which gives
/// back what `_settle` took. All MOR that can ever exist is below 2^86 wei, so no checked sum below can fail; the limit of a
/// day, 2^64 uMOR and its room, is below 2^104 for any books.
/// @dev Amounts are 104 bits wide throughout and nothing is narrowed here: a narrowing would stop the proofs.
abstract contract ReserveBooks is IReserveBooks, SharedSlots {
    // One slot: what the limit of the day is made of, with the next.
    /// @inheritdoc IReserveBooks
    uint104 public freshWei;
    /// @inheritdoc IReserveBooks
    uint104 public openingWei;

    // One slot.
    /// @inheritdoc IReserveBooks
    uint96 public scheduledTodayWei;
    /// @inheritdoc IReserveBooks
    uint64 public attestedAtOpeningUMor;

    // One slot: the bootstrap pool.
    /// @inheritdoc IReserveBooks
    uint104 public bootstrapWei;
    /// @inheritdoc IReserveBooks
    uint104 public bootstrapAccruedWei;

    // One slot: debits attested on the day they were last attested, and the end of the bootstrap pool.
    uint64 private _debitedUMor;
    uint32 private _debitDay;
    /// @inheritdoc IReserveBooks
    bool public bootstrapReleased;

    // ---- The day ----

    /// @dev Opens the books, once, at deployment: with an empty pool, so the first day spends its emission alone.
    function _openBooks(uint32 firstDay, uint96 scheduledFirstDayWei) internal {
        // The limit is 0: no opening, no arrivals.
        _day = firstDay;
        scheduledTodayWei = scheduledFirstDayWei;
        emit DayOpened(firstDay, 0, 0, scheduledFirstDayWei);
    }

    /// @dev Opens `newDay` if it lies after the open one; the day never goes back, and this never reverts.
    /// @param scheduledNewDayWei Emission scheduled for `newDay`; the old day's was cached when it opened.
    function _rollDay(uint32 newDay, uint96 scheduledNewDayWei) internal {
        if (newDay <= _day) return;
        uint104 opening = _unusedWei;
        uint104 fresh = freshWei;
        fresh -= DrawdownMath.min(fresh, scheduledTodayWei);
        freshWei = fresh;
        openingWei = opening;
        uint64 attested = _attestedUMor;
        attestedAtOpeningUMor = attested;
        scheduledTodayWei = scheduledNewDayWei;
        _limitWei = DrawdownMath.toWei(attested) + DrawdownMath.budgetDown(opening, fresh, scheduledNewDayWei);
        _day = newDay;
        emit DayOpened(newDay, opening, fresh, scheduledNewDayWei);
    }

    // ---- Arrivals ----

    /// @dev Books `amountWei` of arrivals: first what the bootstrap pool still lacks, the rest free and fresh.
    function _book(uint104 amountWei, uint104 bootstrapLackWei) internal {
        // Checked, for its revert alone: the three buckets stay below 2^104 together.
        accountedWei() + amountWei;
        uint104 share = DrawdownMath.min(amountWei, bootstrapLackWei);
        uint104 free = amountWei - share;
        if (share != 0) {
            bootstrapWei += share;
            bootstrapAccruedWei += share;
        }
        _unusedWei += free;
        uint104 fresh = freshWei;
        uint104 room = DrawdownMath.min(fresh, scheduledTodayWei);
        fresh += free;
        freshWei = fresh;
        // The limit rises as the day's room does.
        _limitWei += DrawdownMath.min(fresh, scheduledTodayWei) - room;
        emit ArrivalBooked(amountWei, share, _unusedWei, fresh, bootstrapWei);
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
        uint104 requestedWei = DrawdownMath.toWei(creditedUMor);
        uint104 unused = _unusedWei;
        attested = _attestedUMor;
        uint104 roomWei = _limitWei - DrawdownMath.toWei(attested);
        if (requestedWei > unused || requestedWei > roomWei) return (false, attested);
        _unusedWei = unused - requestedWei;
        _attestedUMor = attested + creditedUMor;
        reserved = true;
    }

    /// @dev Takes vetoed credits back: owed to unused. What was drawn today returns to today's allowance; an opening that
    /// has already been taken stays.
    function _release(uint64 creditedUMor) internal {
        uint64 attested = _attestedUMor;
        require(creditedUMor <= attested, ReserveAttestedExceeded(creditedUMor, attested));
        uint104 amountWei = DrawdownMath.toWei(creditedUMor);
        uint104 owed = owedWei();
        require(amountWei <= owed, ReserveOwedExceeded(amountWei, owed));
        attested -= creditedUMor;
        _owedWei = owed - amountWei;
        _countedUMor = attested;
        _unusedWei += amountWei;
        _attestedUMor = attested;
        uint64 atOpening = attestedAtOpeningUMor;
        if (atOpening > attested) {
            attestedAtOpeningUMor = attested;
            _limitWei -= DrawdownMath.toWei(atOpening - attested);
        }
    }

    /// @dev Keeps what a provider's debt nets from its credit: owed to unused. Never raises a budget already opened.
    function _absorb(uint104 amountWei) internal {
        _owedWei = _owedLess(amountWei);
        _unusedWei += amountWei;
    }

    // ---- Debits ----

    /// @dev Takes room of the open day for debits: a quorum takes back no faster than it can spend.
    function _reserveDebits(uint64 sumUMor) internal {
        uint64 before = debitedTodayUMor();
        uint104 roomWei = budgetWei();
        uint104 requestedWei = DrawdownMath.toWei(sumUMor) + DrawdownMath.toWei(before);
        require(requestedWei <= roomWei, ReserveDebitRoomExceeded(requestedWei, roomWei));
        _debitedUMor = before + sumUMor;
        _debitDay = _day;
    }

    /// @dev Gives the room of vetoed debits of the open day back.
    function _releaseDebits(uint64 sumUMor) internal {
        _debitedUMor = debitedTodayUMor() - sumUMor;
    }

    // ---- Payment ----

    /// @dev Takes a payment out of the books, before it is made.
    function _settle(uint104 amountWei) internal {
        _owedWei = _owedLess(amountWei);
    }

    /// @dev Puts a payment that could not be made back: it stays owed. Only for what `_settle` took in the same call.
    function _unsettle(uint104 amountWei) internal {
        _owedWei += amountWei;
    }

    /// @dev Awards from the bootstrap pool: bootstrap to owed. The guard is about the free pool and is not charged.
    function _award(uint104 amountWei) internal {
        uint104 pool = bootstrapWei;
        require(amountWei <= pool, ReserveBootstrapExceeded(amountWei, pool));
        bootstrapWei = pool - amountWei;
        _owedWei += amountWei;
    }

    /// @dev Winds the bootstrap pool up: what is left of it becomes free. It is no arrival, so it raises no budget.
    function _releaseBootstrap() internal {
        uint104 amountWei = bootstrapWei;
        bootstrapWei = 0;
        _unusedWei += amountWei;
        bootstrapReleased = true;
        emit BootstrapReleased(amountWei, _unusedWei);
    }

    /// @dev What is counted as owed, less `amountWei`. Credits attested since are counted only if they are needed: so a
    /// reservation does not write this slot, and a payment seldom reads another.
    function _owedLess(uint104 amountWei) private returns (uint104) {
        uint104 owed = _owedWei;
        if (amountWei > owed) {
            owed = owedWei();
            _countedUMor = _attestedUMor;
            require(amountWei <= owed, ReserveOwedExceeded(amountWei, owed));
        }
        return owed - amountWei;
    }

    // ---- Views ----

    /// @inheritdoc IReserveBooks
    function unusedWei() external view returns (uint104) {
        return _unusedWei;
    }

    /// @inheritdoc IReserveBooks
    function owedWei() public view returns (uint104) {
        return _owedWei + DrawdownMath.toWei(_attestedUMor - _countedUMor);
    }

    /// @inheritdoc IReserveBooks
    function day() external view returns (uint32) {
        return _day;
    }

    /// @inheritdoc IReserveBooks
    function attestedUMor() external view returns (uint64) {
        return _attestedUMor;
    }

    /// @inheritdoc IReserveBooks
    function debitedTodayUMor() public view returns (uint64) {
        return _debitDay == _day ? _debitedUMor : 0;
    }

    /// @inheritdoc IReserveBooks
    function accountedWei() public view returns (uint104) {
        return _unusedWei + owedWei() + bootstrapWei;
    }

    /// @inheritdoc IReserveBooks
    function budgetWei() public view returns (uint104) {
        return DrawdownMath.budgetDown(openingWei, freshWei, scheduledTodayWei);
    }

    /// @inheritdoc IReserveBooks
    function drawnTodayWei() public view returns (uint104) {
        return DrawdownMath.toWei(_attestedUMor - attestedAtOpeningUMor);
    }

    /// @inheritdoc IReserveBooks
    function allowanceWei() public view returns (uint104) {
        return DrawdownMath.allowance(_unusedWei, budgetWei(), drawnTodayWei());
    }
}
