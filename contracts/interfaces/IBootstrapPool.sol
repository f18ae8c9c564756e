// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IComputeContract} from "./IComputeContract.sol";

/// @title IBootstrapPool
/// @notice For the time of a window, the 100 providers that were credited most in a season share a tenth of the compute
/// emission of it. Who they are is proved against the ledger's roots: nobody needs to be believed, every verb is open to
/// anyone. Holds no money: awards are owed and paid by the compute contract.
///
/// SEASONS
/// @dev Season k is [startAt + k * length, min(startAt + (k + 1) * length, endAt)). Its root is that of the attestation with
/// @dev the greatest seq that was active at the end of it (`activeAt <= end`): by then it can neither be vetoed nor overtaken.
/// @dev A provider's weight is its lane in the season's root less its lane in the root of the season before (for season 0: in
/// @dev the root at the window's start), in uMOR, debits not counted; at most 2^48 - 1.
/// @dev     entered   `enter`, from the season's end on, as long as the entry window is open
/// @dev     closed    `close`, in the order of seasons, any time after the entry window: fixes the pool
/// @dev     awarded   `award`, any time after, rank by rank; nothing expires
///
/// LISTS
/// @dev The best providers of a season live in calldata; the contract keeps the hash.
/// @dev     list := { weight u48 (uMOR) | provider id u24 }*       big-endian, 9 bytes each, at most 100
/// @dev sorted by falling weight, equal weights by rising id: the place in the list is the rank, from 0. The hash is
/// @dev keccak256(list), and 0 for the empty list.
interface IBootstrapPool {
    /// @notice A season as it stands.
    /// @param startAt Unix second in which it begins.
    /// @param endAt Unix second in which it ends and entering begins.
    /// @param entryEndAt Unix second in which entering ends.
    /// @param listHash Hash of the list in force; 0 for the empty list.
    /// @param closed Whether its pool is fixed.
    /// @param poolUMor What was there to share; 0 before it is closed and if nobody entered.
    /// @param totalUMor Sum of the weights in the list; 0 before it is closed.
    /// @param awardedRanks Bit i: the rank i has its award.
    struct SeasonState {
        uint256 startAt;
        uint256 endAt;
        uint256 entryEndAt;
        bytes32 listHash;
        bool closed;
        uint64 poolUMor;
        uint64 totalUMor;
        uint128 awardedRanks;
    }

    /// @notice Providers came into the list of a season. One event for each range that brought any.
    /// @dev The list is the best 100 of all entries of a season's events.
    /// @param season The season.
    /// @param entries What came in, in the format of a list, in order of ids. An entry may have been displaced within the
    /// same call.
    event ProvidersEntered(uint32 indexed season, bytes entries);

    /// @notice The pool of a season is fixed.
    /// @param season The season.
    /// @param poolUMor What there is to share.
    /// @param totalUMor Sum of all weights.
    /// @param sharesUMor Sum of the shares, which is owed from now on; the rest stays for the next season.
    /// @param listHash Hash of the list that shares it.
    event SeasonClosed(uint32 indexed season, uint64 poolUMor, uint64 totalUMor, uint64 sharesUMor, bytes32 listHash);

    /// @notice Ranks of a season have their awards: paid, or netted with debt.
    /// @param season The season.
    /// @param ranks Bit i: rank i has its award since this call. Ranks that could not be paid are not among them.
    event RanksAwarded(uint32 indexed season, uint256 ranks);

    /// @notice A season is shorter than ten minutes, or it or the window longer than eight years.
    error BootstrapSeasonLengthInvalid(uint256 seasonLength, uint256 windowLength);
    /// @notice An entry window must have 10 minutes at least and a season at most.
    error BootstrapEntryWindowInvalid(uint256 entryWindow, uint256 minimum, uint256 maximum);
    /// @notice The window has no such season.
    error BootstrapSeasonUnknown(uint256 season, uint256 seasonCount);
    /// @notice Entering is possible from `opensAt` on, before `endsAt`.
    error BootstrapEntryNotOpen(uint256 season, uint256 timestamp, uint256 opensAt, uint256 endsAt);
    /// @notice The list is not the one in force: another entry came before. Send the entry again, with the list of which this
    /// is the hash.
    error BootstrapListStale(uint256 season, bytes32 given, bytes32 inForce);
    /// @notice The ranges do not prove the same lanes before and after the season.
    error BootstrapRangesDiffer(uint256 firstWordBefore, uint256 firstWordAfter);
    /// @notice None of the providers comes into the list: each has no weight, is in it already, or ranks below the last of a
    /// full list, whose weight is `lastUMor` (0 while the list has room).
    error BootstrapNothingEntered(uint256 season, uint256 lastUMor);
    /// @notice Seasons are closed in order, and `expected` comes next.
    error BootstrapSeasonOutOfOrder(uint256 season, uint256 expected);
    /// @notice The season cannot be closed before `closesAt`.
    error BootstrapSeasonOpen(uint256 season, uint256 timestamp, uint256 closesAt);
    /// @notice The season is not closed yet.
    error BootstrapSeasonNotClosed(uint256 season, uint256 nextSeason);
    /// @notice None of these ranks is in the list without its award.
    error BootstrapNothingDue(uint256 season, uint256 ranks, uint256 awardedRanks);

    /// @notice Enters providers into the list of `season`. Of those that do not improve it each is passed over.
    /// @param season A season whose entry window is open.
    /// @param list The list in force.
    /// @param rangesBefore Packed claim ranges with proofs under the root before the season. One for each of `rangesAfter`,
    /// with the same first word, level and lanes; its count may be smaller, and is 2 (1 for a single word) at a width of 0 where nothing was
    /// credited yet.
    /// @param rangesAfter Packed claim ranges with proofs under the season's root. Bit k of a range's lanes enters lane k of
    /// each of its words.
    /// @return listHash Hash of the list from now on.
    function enter(
        uint32 season,
        bytes calldata list,
        bytes calldata rangesBefore,
        bytes calldata rangesAfter
    ) external returns (bytes32 listHash);

    /// @notice Fixes the pool of `season` after booking what has arrived: what the bootstrap pool holds, at most what was due
    /// to it by the end of the season less all that earlier seasons were given. The sum of the shares is owed from then on.
    /// With the last season, what is left goes to the free pool.
    /// @param season The next one to be closed, after its entry window.
    /// @param list The list in force.
    /// @return poolUMor What there is to share.
    function close(uint32 season, bytes calldata list) external returns (uint64 poolUMor);

    /// @notice Pays `floor(pool * weight / total)` to each of `ranks` that has not its award yet. One that cannot be paid is
    /// passed over, stays owed and can be awarded later.
    /// @param season A closed season.
    /// @param list Its list.
    /// @param ranks Bit i for rank i; bits behind the list are ignored.
    /// @return paidWei Sum of the payments, in wei.
    function award(uint32 season, bytes calldata list, uint256 ranks) external returns (uint256 paidWei);

    /// @notice The compute contract, which deployed this one.
    function COMPUTE() external view returns (IComputeContract);
    /// @notice Start of the window, in Unix seconds; 0 if there is none.
    function WINDOW_START() external view returns (uint256);
    /// @notice End of the window, in Unix seconds; 0 if there is none.
    function WINDOW_END() external view returns (uint256);
    /// @notice Seconds of a season.
    function SEASON_LENGTH() external view returns (uint256);
    /// @notice Seconds after a season's end in which providers are entered.
    function ENTRY_WINDOW() external view returns (uint256);
    /// @notice Number of seasons; 0 if there is no window.
    function SEASON_COUNT() external view returns (uint256);

    /// @notice The season that is closed next; `SEASON_COUNT` when all are.
    function nextSeason() external view returns (uint32);
    /// @notice Sum of the shares of all closed seasons, in uMOR.
    function allottedUMor() external view returns (uint64);
    /// @notice How `season` stands.
    function seasonOf(uint256 season) external view returns (SeasonState memory);
    /// @notice Attestations and roots that weigh `season`: the last ones active at its start and at its end. They are final
    /// once these moments have passed.
    function rootsOf(
        uint256 season
    ) external view returns (uint64 seqBefore, bytes32 rootBefore, uint64 seqAfter, bytes32 rootAfter);
}
