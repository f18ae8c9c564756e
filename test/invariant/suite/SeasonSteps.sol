// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../../contracts/interfaces/IBootstrapPool.sol";
import {ProviderSteps} from "./ProviderSteps.sol";

/// @title SeasonSteps
/// @notice The bootstrap pool: providers enter, seasons close, ranks are awarded.
abstract contract SeasonSteps is ProviderSteps {
    /// @dev Who entered, as a mask; ranks awarded, likewise.
    mapping(uint256 season => uint256) internal entered;
    mapping(uint256 season => uint256) internal awarded;
    mapping(uint256 season => uint256) internal poolUMor;
    uint256 internal closedSeasons;
    /// @dev Shares of closed seasons, and what of them is not paid yet.
    uint256 internal allottedUMor;
    uint256 internal unpaidUMor;

    // ---- What a season is ----

    function _endOf(uint256 season) internal pure returns (uint256) {
        uint256 end = WINDOW_START + (season + 1) * SEASON;
        return end < WINDOW_END ? end : WINDOW_END;
    }

    /// @dev The greatest standing seq that is active by `moment`, its second included.
    function _standingAt(uint256 moment) internal view returns (uint64 seq) {
        seq = headSeq;
        while (entries[seq].activeAt > moment) seq = entries[seq].previousSeq;
    }

    function _seqsOf(uint256 season) internal view returns (uint64 before, uint64 afterwards) {
        return (_standingAt(WINDOW_START + season * SEASON), _standingAt(_endOf(season)));
    }

    /// @dev All who entered, by falling weight, then by rising id, packed as they travel; and the sum of their weights.
    function _listOf(uint256 season) internal view returns (bytes memory list, uint256 totalUMor) {
        (uint64 before, uint64 afterwards) = _seqsOf(season);
        uint256 left = entered[season];
        while (left != 0) {
            uint256 best = 0;
            uint256 weight = 0;
            for (uint256 id = 0; id < MAX_PROVIDERS; ++id) {
                if ((left >> id) & 1 == 0) continue;
                uint256 grown = _laneOf(afterwards, id) - _laneOf(before, id);
                if (grown > weight) (best, weight) = (id, grown);
            }
            list = abi.encodePacked(list, uint48(weight), uint24(best));
            totalUMor += weight;
            left &= ~(1 << best);
        }
    }

    function _rankAt(bytes memory list, uint256 rank) internal pure returns (uint256 weight, uint256 id) {
        uint256 entry;
        // Nine bytes of the list, the top ones of the load.
        assembly ("memory-safe") {
            entry := shr(184, mload(add(add(list, 0x20), mul(rank, 9))))
        }
        return (entry >> 24, entry & 0xffffff);
    }

    // ---- Entry ----

    function enter(uint256 random) external {
        _begin(Step.Enter, random);
        _end(Step.Enter, _enter());
    }

    function _enter() private returns (bool) {
        uint256 season = 0;
        while (season < SEASONS && _now() >= _endOf(season) + ENTRY) ++season;
        // Outside every entry window: time passes to the edge of the next.
        if (season < SEASONS && _now() < _endOf(season)) {
            if (_draw(3) != 0) return false;
            vm.warp(_endOf(season) + _draw(2));
        }
        if (season == SEASONS) return false;
        (uint64 before, uint64 afterwards) = _seqsOf(season);
        Cut cut = _drawCut();
        uint256 lanes = _draw(2) == 0 ? 15 : 1 + _draw(15);
        uint256 mask = entered[season];
        for (uint256 id = 0; id < providers; ++id) {
            bool named = _isIn(cut, id / 4) && (lanes >> (id % 4)) & 1 == 1;
            if (named && _laneOf(afterwards, id) > _laneOf(before, id)) mask |= 1 << id;
        }
        (bytes memory list, ) = _listOf(season);
        bytes memory data = abi.encodeCall(
            pool.enter,
            (uint32(season), list, _ranges(cut, _wordsOf(before), lanes), _ranges(cut, _wordsOf(afterwards), lanes))
        );
        if (mask == entered[season]) {
            _refuse(address(pool), data, IBootstrapPool.BootstrapNothingEntered.selector, "I27: nothing to enter");
            return false;
        }
        vm.prank(_anyone());
        (bool done, ) = address(pool).call(data);
        assertTrue(done, "I27: entry");
        entered[season] = mask;
        _spend(address(pool), data);
        return true;
    }

    // ---- Close ----

    function close(uint256 random) external {
        _begin(Step.Close, random);
        _end(Step.Close, _close());
    }

    function _close() internal returns (bool) {
        uint256 season = closedSeasons;
        if (season == SEASONS) return false;
        (bytes memory list, uint256 totalUMor) = _listOf(season);
        bytes memory data = abi.encodeCall(pool.close, (uint32(season), list));
        if (_now() < _endOf(season) + ENTRY) {
            _refuse(address(pool), data, IBootstrapPool.BootstrapSeasonOpen.selector, "I28: closed before its time");
            return false;
        }
        mayBook = true;
        uint256 dueUMor = compute.bootstrapTargetWei(_endOf(season)) / 1e12 - allottedUMor;
        vm.prank(_anyone());
        uint256 shared = pool.close(uint32(season), list);
        assertLe(shared, dueUMor, "I24: no more than was due by the season's end");
        poolUMor[season] = shared;
        ++closedSeasons;
        for (uint256 rank = 0; rank < list.length / 9; ++rank) {
            (uint256 weight, uint256 id) = _rankAt(list, rank);
            uint64 share = uint64((shared * weight) / totalUMor);
            accounts[id].wonUMor += share;
            accounts[id].unpaidUMor += share;
            allottedUMor += share;
            unpaidUMor += share;
        }
        _spend(address(pool), data);
        return true;
    }

    // ---- Award ----

    function award(uint256 random) external {
        _begin(Step.Award, random);
        _end(Step.Award, closedSeasons != 0 && _awardFirstDue(_draw(closedSeasons), random | (1 << _draw(8))));
    }

    /// @dev Awards `ranks` of the first closed season from `season` on that has any left.
    function _awardFirstDue(uint256 season, uint256 ranks) private returns (bool) {
        for (uint256 i = 0; i + 1 < closedSeasons && awarded[season] == (1 << _onesIn(entered[season])) - 1; ++i) {
            season = (season + 1) % closedSeasons;
        }
        return _award(season, ranks);
    }

    function _award(uint256 season, uint256 ranks) internal returns (bool) {
        (bytes memory list, uint256 totalUMor) = _listOf(season);
        uint256 due = ranks & ~awarded[season] & ((1 << (list.length / 9)) - 1);
        bytes memory data = abi.encodeCall(pool.award, (uint32(season), list, ranks));
        if (due == 0) {
            _refuse(address(pool), data, IBootstrapPool.BootstrapNothingDue.selector, "I28: awarded twice");
            return false;
        }
        bool enters = _hook(true);
        (uint256 payableUMor, uint256 payments, uint256 paid) = _awardAll(season, list, totalUMor, due);
        vm.prank(_anyone());
        uint256 gotWei = pool.award(uint32(season), list, ranks);
        assertEq(gotWei, payableUMor * 1e12, "I28: floor(pool x weight / total)");
        paidWei += payableUMor * 1e12;
        awarded[season] |= paid;
        _unhook(enters, payments);
        if (paid == due) _spend(address(pool), data);
        return true;
    }

    function _awardAll(
        uint256 season,
        bytes memory list,
        uint256 totalUMor,
        uint256 due
    ) private returns (uint256 payableUMor, uint256 payments, uint256 paid) {
        for (uint256 rank = 0; rank < list.length / 9; ++rank) {
            if ((due >> rank) & 1 == 0) continue;
            (uint256 weight, uint256 id) = _rankAt(list, rank);
            uint64 share = uint64((poolUMor[season] * weight) / totalUMor);
            (bool isPaid, uint64 amountUMor) = _settle(accounts[id], id, share);
            if (!isPaid) continue;
            paid |= 1 << rank;
            payableUMor += amountUMor;
            if (amountUMor != 0) ++payments;
            accounts[id].unpaidUMor -= share;
            unpaidUMor -= share;
        }
    }
}
