// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IReserveBooks
/// @notice The books of the reserve: free, owed and bootstrap MOR, and the drawdown guard over the free part.
/// @dev Every figure is what the books say, as of the day they last opened; a day boundary shows only after the next
/// `intake` or attestation, since only these roll the day.
interface IReserveBooks {
    /// @notice A block-day was opened.
    /// @param day Block-day, counted from the start of the emission.
    /// @param openingWei Free pool at the opening: 1 % of it is the day's room beside the emission.
    /// @param freshWei Arrivals booked and not yet used as emission room.
    /// @param scheduledWei Emission scheduled for the day: how much of `freshWei` it may use.
    event DayOpened(uint32 indexed day, uint256 openingWei, uint256 freshWei, uint256 scheduledWei);

    /// @notice Tokens that had reached the contract were booked.
    /// @param amountWei Booked in all, of which `bootstrapShareWei` went to the bootstrap pool and the rest to the free one.
    /// @param unusedWei Free pool after it.
    /// @param freshWei Fresh arrivals after it.
    /// @param bootstrapWei Bootstrap pool after it.
    event ArrivalBooked(
        uint256 amountWei,
        uint256 bootstrapShareWei,
        uint256 unusedWei,
        uint256 freshWei,
        uint256 bootstrapWei
    );

    /// @notice What was left in the bootstrap pool behind its last season became free.
    /// @param amountWei What was left.
    /// @param unusedWei Free pool after it.
    event BootstrapReleased(uint256 amountWei, uint256 unusedWei);

    /// @notice A reservation is above what the guard leaves today.
    error ReserveAllowanceExceeded(uint256 requestedWei, uint256 allowanceWei);
    /// @notice More would leave the owed bucket than it holds.
    error ReserveOwedExceeded(uint256 requestedWei, uint256 owedWei);
    /// @notice More credits would be released than were ever attested.
    error ReserveAttestedExceeded(uint64 requestedUMor, uint64 attestedUMor);
    /// @notice Debits of a day are above that day's budget.
    error ReserveDebitRoomExceeded(uint256 requestedWei, uint256 roomWei);
    /// @notice More would be awarded than the bootstrap pool holds.
    error ReserveBootstrapExceeded(uint256 requestedWei, uint256 bootstrapWei);

    /// @notice Free MOR: neither owed nor set aside, in wei.
    function unusedWei() external view returns (uint104);
    /// @notice MOR credited or awarded and not yet paid, in wei; always covered by tokens held.
    function owedWei() external view returns (uint104);
    /// @notice MOR set aside for the bootstrap pool, in wei.
    function bootstrapWei() external view returns (uint104);
    /// @notice All that the bootstrap pool was ever given from arrivals, in wei.
    function bootstrapAccruedWei() external view returns (uint104);
    /// @notice Whether the bootstrap pool is wound up: it takes nothing any more.
    function bootstrapReleased() external view returns (bool);
    /// @notice Arrivals booked and not yet used as emission room, in wei.
    function freshWei() external view returns (uint104);
    /// @notice Free pool when the day opened, in wei.
    function openingWei() external view returns (uint104);
    /// @notice Emission scheduled for the open day, in wei; never above 2^96 - 1.
    function scheduledTodayWei() external view returns (uint96);
    /// @notice The open block-day.
    function day() external view returns (uint32);
    /// @notice Lifetime sum of attested credits that stand, in uMOR.
    function attestedUMor() external view returns (uint64);
    /// @notice `attestedUMor` when the day opened; a veto of older credits lowers it too.
    function attestedAtOpeningUMor() external view returns (uint64);

    /// @notice Debits attested within the open day and standing, in uMOR; in wei never above `budgetWei`.
    function debitedTodayUMor() external view returns (uint64);

    /// @notice unused + owed + bootstrap, in wei: what the contract must hold at the least.
    function accountedWei() external view returns (uint104);
    /// @notice The open day's room: floor(opening / 100) + min(fresh, scheduled), in wei. Rises only by arrivals.
    function budgetWei() external view returns (uint104);
    /// @notice Reserved within the open day and standing, in wei; never above `budgetWei`.
    function drawnTodayWei() external view returns (uint104);
    /// @notice What may still be reserved within the open day: min(unused, budget - drawn), in wei.
    function allowanceWei() external view returns (uint104);
}
