// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../contracts/interfaces/IBootstrapPool.sol";
import {BootstrapWindow} from "../../contracts/types/BootstrapWindow.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {DebitFixture} from "./DebitFixture.sol";

/// @title BootstrapFixture
/// @notice The suite with a bootstrap window of three seasons and a half, and each season's list kept beside it by its
/// definition: all who entered, sorted, the first hundred.
abstract contract BootstrapFixture is DebitFixture {
    using PlainWordTree for PlainTree;

    uint256 internal constant WINDOW_START = START + 11 days;
    uint256 internal constant SEASON = 1 days;
    uint256 internal constant ENTRY = 6 hours;
    uint256 internal constant SEASONS = 4;
    uint256 internal constant WINDOW_END = WINDOW_START + 3 days + 12 hours;
    uint256 internal constant RANKS = 100;
    uint256 internal constant ALL = type(uint256).max;
    /// @dev A tenth of a day's emission, in uMOR.
    uint64 internal constant DAILY_UMOR = 345_600_000;

    IBootstrapPool internal pool;
    /// @dev Who entered, each once.
    mapping(uint256 season => uint32[] ids) private _entered;
    /// @dev Attestations that weigh a season, as a test found them out: before it and at its end.
    mapping(uint256 season => uint64) internal seqBefore;
    mapping(uint256 season => uint64) internal seqAfter;

    function _window() internal pure virtual override returns (BootstrapWindow memory) {
        return BootstrapWindow(WINDOW_START, WINDOW_END, SEASON, ENTRY);
    }

    function _deployPool(uint256 providers) internal {
        _deploy({providers: providers, poolWei: 100_000e18});
        pool = compute.BOOTSTRAP();
    }

    function _startOf(uint256 season) internal pure returns (uint256) {
        return WINDOW_START + season * SEASON;
    }

    function _endOf(uint256 season) internal pure returns (uint256) {
        return _startOf(season + 1) < WINDOW_END ? _startOf(season + 1) : WINDOW_END;
    }

    function _arrive(uint256 amountWei) internal {
        token.mint(address(compute), amountWei);
    }

    // ---- Weights ----

    /// @dev Credits `deltas` in the middle of `season` and waits for its end. Their weights are the deltas.
    function _play(uint256 season, uint64[] memory deltas) internal {
        vm.warp(_startOf(season) + 1 hours);
        uint64 before = compute.headSeq();
        uint64 seq = _credit(deltas);
        _weigh(season, before, seq);
        vm.warp(_endOf(season));
    }

    /// @dev Notes which attestations a test holds for those that weigh `season`.
    function _weigh(uint256 season, uint64 before, uint64 seq) internal {
        (seqBefore[season], seqAfter[season]) = (before, seq);
    }

    function _weightOf(uint256 season, uint256 id) internal view returns (uint64) {
        uint64[] storage lanes = lanesAt[seqAfter[season]];
        uint64[] storage before = lanesAt[seqBefore[season]];
        uint64 lane = id < lanes.length ? lanes[id] : 0;
        return lane - (id < before.length ? before[id] : 0);
    }

    function _weights(uint256 seed, uint256 count) internal pure returns (uint64[] memory deltas) {
        deltas = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) deltas[i] = uint64(1 + (uint256(keccak256(abi.encode(seed, i))) % 1e6));
    }

    // ---- Lists ----

    /// @dev The list of those who entered `season`.
    function _listOf(uint256 season) internal view returns (bytes memory list) {
        return _listOfIds(season, _entered[season]);
    }

    /// @dev Sorts by falling weight, then by rising id; the first hundred, packed.
    function _listOfIds(uint256 season, uint32[] memory ids) internal view returns (bytes memory list) {
        uint256[] memory best = new uint256[](RANKS + 1);
        uint256 count = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 weight = _weightOf(season, ids[i]);
            uint256 place = count;
            while (place > 0 && _isBehind(best[place - 1], weight, ids[i])) {
                best[place] = best[place - 1];
                --place;
            }
            best[place] = (weight << 24) | ids[i];
            if (count < RANKS) ++count;
        }
        for (uint256 i = 0; i < count; ++i) list = abi.encodePacked(list, uint72(best[i]));
    }

    function _isBehind(uint256 entry, uint256 weight, uint256 id) private pure returns (bool) {
        return entry >> 24 < weight || (entry >> 24 == weight && entry & 0xffffff > id);
    }

    function _hashOf(bytes memory list) internal pure returns (bytes32) {
        return list.length == 0 ? bytes32(0) : keccak256(list);
    }

    function _entryAt(bytes memory list, uint256 rank) internal pure returns (uint256 weight, uint256 id) {
        for (uint256 k = 0; k < 6; ++k) weight = (weight << 8) | uint8(list[rank * 9 + k]);
        for (uint256 k = 6; k < 9; ++k) id = (id << 8) | uint8(list[rank * 9 + k]);
    }

    function _totalOf(bytes memory list) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < list.length / 9; ++i) {
            (uint256 weight, ) = _entryAt(list, i);
            total += weight;
        }
    }

    // ---- Entering ----

    /// @dev Both proofs of `range` for the lanes of `season`.
    function _proofs(
        uint256 season,
        PlainRange memory range,
        uint256 lanes
    ) internal view returns (bytes memory before, bytes memory afterwards) {
        uint256 ids = (range.firstWord + range.count) * 4;
        before = _treeAt(seqBefore[season], ids).encodeClaim(range, lanes);
        afterwards = _treeAt(seqAfter[season], ids).encodeClaim(range, lanes);
    }

    /// @dev Notes that `id` enters, if it has weight and is not in yet.
    function _note(uint256 season, uint256 id) internal {
        if (_weightOf(season, id) == 0) return;
        uint32[] storage ids = _entered[season];
        for (uint256 i = 0; i < ids.length; ++i) if (ids[i] == id) return;
        ids.push(uint32(id));
    }

    function _wordOf(uint256 id) internal pure returns (PlainRange memory) {
        return PlainRange({firstWord: id / 4, level: 0, count: 1});
    }

    /// @dev A provider enters itself.
    function _enterOne(uint256 season, uint256 id) internal returns (bytes32 listHash) {
        (bytes memory before, bytes memory afterwards) = _proofs(season, _wordOf(id), 1 << (id % 4));
        listHash = pool.enter(uint32(season), _listOf(season), before, afterwards);
        _note(season, id);
    }

    /// @dev Enters everybody in one range.
    function _enterAll(uint256 season) internal returns (bytes32 listHash) {
        uint256 count = lanesAt[seqAfter[season]].length;
        (bytes memory before, bytes memory afterwards) = _proofs(season, _rangeOf(count), 15);
        listHash = pool.enter(uint32(season), _listOf(season), before, afterwards);
        uint32[] storage ids = _entered[season];
        for (uint256 id = 0; id < count; ++id) if (_weightOf(season, id) != 0) ids.push(uint32(id));
    }

    function _expectEnterOneRevert(uint256 season, uint256 id, bytes memory reason) internal {
        (bytes memory before, bytes memory afterwards) = _proofs(season, _wordOf(id), 1 << (id % 4));
        bytes memory list = _listOf(season);
        vm.expectRevert(reason);
        pool.enter(uint32(season), list, before, afterwards);
    }

    function _nothingEntered(uint256 season, uint256 lastUMor) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IBootstrapPool.BootstrapNothingEntered.selector, season, lastUMor);
    }

    // ---- Closing ----

    function _close(uint256 season) internal returns (uint64 poolUMor) {
        if (vm.getBlockTimestamp() < _endOf(season) + ENTRY) vm.warp(_endOf(season) + ENTRY);
        return pool.close(uint32(season), _listOf(season));
    }

    function _award(uint256 season, uint256 ranks) internal returns (uint256 paidWei) {
        return pool.award(uint32(season), _listOf(season), ranks);
    }

    /// @dev What rank `rank` of `season` is due.
    function _shareOf(uint256 season, uint256 rank) internal view returns (uint256) {
        bytes memory list = _listOf(season);
        (uint256 weight, ) = _entryAt(list, rank);
        return (uint256(pool.seasonOf(season).poolUMor) * weight) / _totalOf(list);
    }

    function _sumOfShares(uint256 season) internal view returns (uint256 sumUMor) {
        for (uint256 rank = 0; rank < _listOf(season).length / 9; ++rank) sumUMor += _shareOf(season, rank);
    }
}
