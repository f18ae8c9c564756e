// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBootstrapPool} from "../interfaces/IBootstrapPool.sol";
import {IComputeContract} from "../interfaces/IComputeContract.sol";
import {PackedRange, Range, Reader} from "../libraries/PackedRange.sol";
import {WordTree} from "../libraries/WordTree.sol";
import {Memory} from "../libraries/Memory.sol";
import {BootstrapWindow} from "../types/BootstrapWindow.sol";
import {LANES_PER_WORD, WEI_PER_UMOR} from "../types/Units.sol";
import {RankedList} from "./RankedList.sol";

/// @title BootstrapPool
/// @notice Seasons of the bootstrap pool: who was credited most, and what share of the pool is theirs.
///
/// WIRING
/// @dev Deployed by the compute contract's constructor: each knows the other from its first moment, without a setter. It asks
/// @dev the compute contract for roots and figures, tells it what to reserve and to pay, and is never called by it.
///
/// LOCK
/// @dev `close` and `award` hold this contract's lock, and inside it each verb of the compute contract holds its own; always in
/// @dev that order. A payee that calls back meets both. `enter` needs none: it calls nothing but views.
///
/// LIVENESS
/// @dev Closing books arrivals, so it needs a schedule and a balance that can be read; awards need neither.
///
/// ROLES
/// @dev None. A season cannot be reopened, an award cannot be redirected and does not expire.
contract BootstrapPool is IBootstrapPool, ReentrancyGuardTransient {
    using PackedRange for Reader;
    using RankedList for bytes;
    using RankedList for RankedList.List;
    using SafeCast for uint256;
    using WordTree for Reader;

    /// @dev `listHash` stands alone while providers enter; the rest, one slot, from the season's close on.
    struct Season {
        bytes32 listHash;
        uint64 poolUMor;
        uint64 totalUMor;
        uint128 awardedRanks;
    }

    /// @dev Shortest entry window, and so shortest season; longest window.
    uint256 private constant _MIN_ENTRY_WINDOW = 10 minutes;
    uint256 private constant _MAX_WINDOW = 8 * 366 days;

    /// @inheritdoc IBootstrapPool
    IComputeContract public immutable COMPUTE;
    /// @inheritdoc IBootstrapPool
    uint256 public immutable WINDOW_START;
    /// @inheritdoc IBootstrapPool
    uint256 public immutable WINDOW_END;
    /// @inheritdoc IBootstrapPool
    uint256 public immutable SEASON_LENGTH;
    /// @inheritdoc IBootstrapPool
    uint256 public immutable ENTRY_WINDOW;
    /// @inheritdoc IBootstrapPool
    uint256 public immutable SEASON_COUNT;

    // One slot: how far seasons are closed.
    /// @inheritdoc IBootstrapPool
    uint32 public nextSeason;
    /// @inheritdoc IBootstrapPool
    uint64 public allottedUMor;

    mapping(uint256 season => Season state) private _seasons;

    /// @param window Checked by the compute contract as far as arrivals go, here as far as seasons go.
    constructor(BootstrapWindow memory window) {
        COMPUTE = IComputeContract(msg.sender);
        WINDOW_START = window.startAt;
        WINDOW_END = window.endAt;
        SEASON_LENGTH = window.seasonLength;
        ENTRY_WINDOW = window.entryWindow;
        uint256 length = window.endAt - window.startAt;
        if (length == 0) return;
        bool inBounds =
            window.seasonLength >= _MIN_ENTRY_WINDOW && window.seasonLength <= _MAX_WINDOW && length <= _MAX_WINDOW;
        require(inBounds, BootstrapSeasonLengthInvalid(window.seasonLength, length));
        require(
            window.entryWindow >= _MIN_ENTRY_WINDOW && window.entryWindow <= window.seasonLength,
            BootstrapEntryWindowInvalid(window.entryWindow, _MIN_ENTRY_WINDOW, window.seasonLength)
        );
        SEASON_COUNT = Math.ceilDiv(length, window.seasonLength);
    }

    // ---- Entry ----

    /// @inheritdoc IBootstrapPool
    function enter(
        uint32 season,
        bytes calldata list,
        bytes calldata rangesBefore,
        bytes calldata rangesAfter
    ) external returns (bytes32 listHash) {
        _validateEntry(season);
        _requireList(season, list);
        (, bytes32 rootBefore, , bytes32 rootAfter) = rootsOf(season);
        RankedList.List memory ranked = list.open();
        Reader memory readerBefore = PackedRange.readerOf(rangesBefore);
        Reader memory readerAfter = PackedRange.readerOf(rangesAfter);
        bool entered;
        uint256 mark = Memory.allocate(0);
        while (!readerAfter.isEmpty()) {
            if (_enterRange(season, ranked, readerBefore, rootBefore, readerAfter, rootAfter)) entered = true;
            Memory.freeTo(mark);
        }
        readerBefore.requireEmpty();
        require(entered, BootstrapNothingEntered(season, ranked.lastOfFull()));
        listHash = ranked.hash();
        _seasons[season].listHash = listHash;
    }

    /// @dev Takes the next range of both readers and enters the lanes it is for.
    function _enterRange(
        uint32 season,
        RankedList.List memory ranked,
        Reader memory readerBefore,
        bytes32 rootBefore,
        Reader memory readerAfter,
        bytes32 rootAfter
    ) private returns (bool entered) {
        Range memory range;
        (uint256 lanes, uint256 wordsAfter) = readerAfter.takeProvenRange(rootAfter, range);
        uint256 wordsBefore = _takeBefore(readerBefore, rootBefore, range, lanes);
        bytes memory entries = _insertAll(ranked, range, lanes, wordsBefore, wordsAfter);
        entered = entries.length != 0;
        if (entered) emit ProvidersEntered(season, entries);
    }

    /// @dev The words of `range` before the season, in as many words of memory; those not given are proved empty.
    function _takeBefore(
        Reader memory reader,
        bytes32 root,
        Range memory range,
        uint256 lanes
    ) private pure returns (uint256 words) {
        Range memory before;
        (uint256 lanesBefore, uint256 given) = reader.takeProvenRange(root, before);
        bool same =
            before.firstWord == range.firstWord &&
                before.level == range.level &&
                before.count <= range.count &&
                lanesBefore == lanes;
        require(same, BootstrapRangesDiffer(before.firstWord, range.firstWord));
        if (before.count == range.count) return given;
        uint256 count = range.count;
        uint256 countBefore = before.count;
        words = Memory.allocate(count);
        assembly ("memory-safe") {
            // `count` words are allocated, `countBefore` of them given; beyond the end of calldata zeros are read.
            mcopy(words, given, shl(5, countBefore))
            calldatacopy(add(words, shl(5, countBefore)), calldatasize(), shl(5, sub(count, countBefore)))
        }
    }

    /// @dev Inserts every lane of `lanes` that grew. Gives those that came in, packed.
    function _insertAll(
        RankedList.List memory ranked,
        Range memory range,
        uint256 lanes,
        uint256 wordsBefore,
        uint256 wordsAfter
    ) private pure returns (bytes memory entries) {
        uint256 count = range.count;
        uint256 firstWord = range.firstWord;
        // Length, nine bytes for each lane, and what is written behind the last.
        uint256 start = Memory.allocate((count * LANES_PER_WORD * RankedList.ENTRY_BYTES) / 32 + 3) + 32;
        uint256 next = start;
        for (uint256 i = 0; i < count; ++i) {
            unchecked {
                // Lanes of a later root are not smaller, so the words differ without a borrow.
                uint256 grown = Memory.load(wordsAfter + i * 32) - Memory.load(wordsBefore + i * 32);
                for (uint256 lane = 0; grown != 0; (grown >>= 64, ++lane)) {
                    uint256 weight = uint64(grown);
                    if (weight == 0 || (lanes >> lane) & 1 == 0) continue;
                    if (weight > RankedList.MAX_WEIGHT) weight = RankedList.MAX_WEIGHT;
                    uint256 entry = RankedList.entryOf(weight, (firstWord + i) * LANES_PER_WORD + lane);
                    if (!ranked.insert(entry)) continue;
                    Memory.store(next, entry << 184);
                    next += RankedList.ENTRY_BYTES;
                }
            }
        }
        Memory.store(start - 32, next - start);
        assembly ("memory-safe") {
            entries := sub(start, 0x20)
        }
    }

    function _validateEntry(uint256 season) private view {
        (, uint256 endAt, uint256 entryEndAt) = _boundsOf(season);
        require(
            block.timestamp >= endAt && block.timestamp < entryEndAt,
            BootstrapEntryNotOpen(season, block.timestamp, endAt, entryEndAt)
        );
    }

    function _requireList(uint256 season, bytes calldata list) private view {
        bytes32 given = list.hashOf();
        bytes32 inForce = _seasons[season].listHash;
        require(given == inForce, BootstrapListStale(season, given, inForce));
    }

    // ---- Close ----

    /// @inheritdoc IBootstrapPool
    function close(uint32 season, bytes calldata list) external nonReentrant returns (uint64 poolUMor) {
        (, uint256 endAt, uint256 closesAt) = _boundsOf(season);
        require(season == nextSeason, BootstrapSeasonOutOfOrder(season, nextSeason));
        require(block.timestamp >= closesAt, BootstrapSeasonOpen(season, block.timestamp, closesAt));
        _requireList(season, list);

        uint256 totalUMor = _totalOf(list);
        uint64 sharesUMor = 0;
        COMPUTE.intake();
        if (totalUMor != 0) {
            poolUMor = _poolOf(endAt);
            sharesUMor = _sharesOf(list, poolUMor, totalUMor).toUint64();
        }
        nextSeason = season + 1;
        allottedUMor += sharesUMor;
        _seasons[season].poolUMor = poolUMor;
        // A hundred weights of 48 bits.
        _seasons[season].totalUMor = uint64(totalUMor);
        emit SeasonClosed(season, poolUMor, uint64(totalUMor), sharesUMor, list.hashOf());
        COMPUTE.reserveAwards(sharesUMor, season + 1 == SEASON_COUNT);
    }

    /// @dev What a season that ended at `endAt` has to share, in whole uMOR: what the pool holds, but not what is due for the
    /// time after it. What earlier seasons left or did not find there is part of it.
    function _poolOf(uint256 endAt) private view returns (uint64) {
        uint256 allotted = allottedUMor;
        uint256 dueWei = Math.saturatingSub(COMPUTE.bootstrapTargetWei(endAt), allotted * WEI_PER_UMOR);
        uint256 poolUMor = Math.min(COMPUTE.bootstrapWei(), dueWei) / WEI_PER_UMOR;
        // All MOR fits; more of another token must not stop the closing.
        return Math.min(poolUMor, type(uint64).max - allotted).toUint64();
    }

    function _totalOf(bytes calldata list) private pure returns (uint256 totalUMor) {
        uint256 count = list.countOf();
        for (uint256 i = 0; i < count; ++i) totalUMor += RankedList.weightOf(list.entryAt(i));
    }

    function _sharesOf(
        bytes calldata list,
        uint256 poolUMor,
        uint256 totalUMor
    ) private pure returns (uint256 sumUMor) {
        uint256 count = list.countOf();
        for (uint256 i = 0; i < count; ++i) {
            sumUMor += _shareDown(poolUMor, RankedList.weightOf(list.entryAt(i)), totalUMor);
        }
    }

    /// @dev A rank's share; the rest stays in the pool for the next season.
    function _shareDown(uint256 poolUMor, uint256 weight, uint256 totalUMor) private pure returns (uint256) {
        return (poolUMor * weight) / totalUMor;
    }

    // ---- Award ----

    /// @inheritdoc IBootstrapPool
    function award(uint32 season, bytes calldata list, uint256 ranks) external nonReentrant returns (uint256 paidWei) {
        require(season < nextSeason, BootstrapSeasonNotClosed(season, nextSeason));
        _requireList(season, list);
        Season storage state = _seasons[season];
        uint256 awarded = state.awardedRanks;
        uint256 due = ranks & ~awarded & ((1 << list.countOf()) - 1);
        require(due != 0, BootstrapNothingDue(season, ranks, awarded));
        // A list has 100 ranks at most.
        state.awardedRanks = uint128(awarded | due);

        (uint256[] memory ids, uint256[] memory amountsUMor) = _awardsOf(list, due, state.poolUMor, state.totalUMor);
        (uint64 paidUMor, uint256 failed) = COMPUTE.payAwards(season, ids, amountsUMor);
        if (failed != 0) {
            // What was not paid stays due.
            due = _less(due, failed);
            state.awardedRanks = uint128(awarded | due);
        }
        if (due != 0) emit RanksAwarded(season, due);
        return paidUMor * uint256(WEI_PER_UMOR);
    }

    /// @dev One award for each rank in `due`, in their order.
    function _awardsOf(
        bytes calldata list,
        uint256 due,
        uint256 poolUMor,
        uint256 totalUMor
    ) private pure returns (uint256[] memory ids, uint256[] memory amountsUMor) {
        uint256 count = 0;
        for (uint256 left = due; left != 0; left &= left - 1) ++count;
        ids = new uint256[](count);
        amountsUMor = new uint256[](count);
        uint256 next = 0;
        for (uint256 i = 0; due >> i != 0; ++i) {
            if ((due >> i) & 1 == 0) continue;
            uint256 entry = list.entryAt(i);
            ids[next] = RankedList.idOf(entry);
            amountsUMor[next] = _shareDown(poolUMor, RankedList.weightOf(entry), totalUMor);
            ++next;
        }
    }

    /// @dev `due` without the ranks whose awards failed: bit i of `failed` stands for the i-th rank in `due`.
    function _less(uint256 due, uint256 failed) private pure returns (uint256 awarded) {
        awarded = due;
        for (uint256 left = due; left != 0; (left &= left - 1, failed >>= 1)) {
            // The lowest bit that is left.
            if (failed & 1 == 1) awarded &= ~(left & (~left + 1));
        }
    }

    // ---- Views ----

    /// @dev Start and end of a season of the window, and the end of its entry window.
    function _boundsOf(uint256 season) private view returns (uint256 startAt, uint256 endAt, uint256 entryEndAt) {
        require(season < SEASON_COUNT, BootstrapSeasonUnknown(season, SEASON_COUNT));
        startAt = WINDOW_START + season * SEASON_LENGTH;
        endAt = Math.min(startAt + SEASON_LENGTH, WINDOW_END);
        entryEndAt = endAt + ENTRY_WINDOW;
    }

    /// @inheritdoc IBootstrapPool
    function rootsOf(
        uint256 season
    ) public view returns (uint64 seqBefore, bytes32 rootBefore, uint64 seqAfter, bytes32 rootAfter) {
        // Period k ends where season k begins.
        (seqBefore, rootBefore) = COMPUTE.standingAt(season);
        (seqAfter, rootAfter) = COMPUTE.standingAt(season + 1);
    }

    /// @inheritdoc IBootstrapPool
    function seasonOf(uint256 season) external view returns (SeasonState memory state) {
        (state.startAt, state.endAt, state.entryEndAt) = _boundsOf(season);
        Season storage stored = _seasons[season];
        state.listHash = stored.listHash;
        state.closed = season < nextSeason;
        state.poolUMor = stored.poolUMor;
        state.totalUMor = stored.totalUMor;
        state.awardedRanks = stored.awardedRanks;
    }
}
