// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../../contracts/interfaces/IBootstrapPool.sol";
import {IComputeContract} from "../../../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {IReserveBooks} from "../../../contracts/interfaces/IReserveBooks.sol";
import {IRouterSet} from "../../../contracts/interfaces/IRouterSet.sol";
import {Test} from "../../utils/Test.sol";
import {Vm} from "../../utils/Vm.sol";

/// @title Indexer
/// @notice Rebuilds ledger, books and debts from events alone, as an indexer without a node's state would (I36).
abstract contract Indexer is Test {
    /// @dev What the events have told so far. Lanes of two words, settled lanes likewise, debts of eight providers.
    struct Index {
        uint256 unusedWei;
        uint256 owedWei;
        uint256 bootstrapWei;
        uint256 attestedUMor;
        uint64 headSeq;
        bytes32 routerSet;
        uint256 providers;
        uint256 pausedUntil;
    }

    Index internal index;
    mapping(uint256 seq => uint256[2]) internal indexedWords;
    uint256[8] internal indexedSettled;
    uint256[8] internal indexedDebts;
    /// @dev Debts absorbed by events whose cause has not been read yet.
    uint256[8] private _absorbed;

    /// @dev Reads the events of a step.
    function _index(Vm.Log[] memory logs) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 kind = logs[i].topics[0];
            if (kind == IComputeContract.Attested.selector) _indexAttested(logs[i]);
            else if (kind == IComputeContract.AttestationsVetoed.selector) _indexVeto(logs[i].data);
            else if (kind == IReserveBooks.ArrivalBooked.selector) _indexArrival(logs[i].data);
            else if (kind == IProviderRegistry.DebtBooked.selector) _indexDebt(logs[i], true);
            else if (kind == IProviderRegistry.DebtAbsorbed.selector) _indexDebt(logs[i], false);
            else if (kind == IComputeContract.Claimed.selector) _indexPayments(logs[i].data, true);
            else if (kind == IComputeContract.AwardsPaid.selector) _indexPayments(logs[i].data, false);
            else if (kind == IProviderRegistry.BondWithdrawn.selector) _takeAbsorbed(false);
            else if (kind == IBootstrapPool.SeasonClosed.selector) _indexSeason(logs[i].data);
            else _indexRest(kind, logs[i]);
        }
    }

    function _indexRest(bytes32 kind, Vm.Log memory log) private {
        if (kind == IReserveBooks.BootstrapReleased.selector) {
            (uint256 amountWei, ) = abi.decode(log.data, (uint256, uint256));
            index.bootstrapWei -= amountWei;
            index.unusedWei += amountWei;
        } else if (kind == IRouterSet.RouterSetChanged.selector) {
            index.routerSet = log.topics[1];
        } else if (kind == IProviderRegistry.ProviderRegistered.selector) {
            ++index.providers;
        } else if (kind == IComputeContract.AttestationsPaused.selector) {
            index.pausedUntil = abi.decode(log.data, (uint256));
        }
    }

    function _indexAttested(Vm.Log memory log) private {
        uint64 seq = uint64(uint256(log.topics[1]));
        (, uint64 creditedUMor, uint64 attestedUMor, , , , , , bytes memory deltas) = abi.decode(
            log.data,
            (bytes32, uint64, uint64, bytes32, uint64, uint64, bytes32, uint256, bytes)
        );
        uint256[2] memory words = indexedWords[index.headSeq];
        _addDeltas(words, deltas);
        indexedWords[seq] = words;
        index.headSeq = seq;
        index.attestedUMor += creditedUMor;
        assertEq(index.attestedUMor, attestedUMor, "I36: delta and total of an event");
        index.unusedWei -= uint256(creditedUMor) * 1e12;
        index.owedWei += uint256(creditedUMor) * 1e12;
    }

    /// @dev Reads the packed ranges of two words at most, whose lanes have an even width.
    function _addDeltas(uint256[2] memory words, bytes memory deltas) private pure {
        uint256 place = 0;
        while (place < deltas.length) {
            uint256 header = _uintAt(deltas, place, 8);
            uint256 word = header >> 40;
            uint256 count = uint24(header >> 8);
            uint256 bits = uint8(header);
            place += 8;
            for (uint256 i = 0; i < count; (++i, place += bits / 2)) {
                if (bits == 0) continue;
                uint256 packed = _uintAt(deltas, place, bits / 2);
                for (uint256 k = 0; k < 4; ++k) {
                    words[word + i] += ((packed >> (k * bits)) & ((1 << bits) - 1)) << (64 * k);
                }
            }
        }
    }

    function _uintAt(bytes memory data, uint256 place, uint256 length) private pure returns (uint256 value) {
        // The load may run behind the end; the shift drops what it finds there.
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, length)), mload(add(add(data, 0x20), place)))
        }
    }

    function _indexVeto(bytes memory data) private {
        (, uint64 headSeq, uint64 releasedUMor, uint64 attestedUMor) = abi.decode(
            data,
            (uint64, uint64, uint64, uint64)
        );
        index.headSeq = headSeq;
        index.attestedUMor -= releasedUMor;
        assertEq(index.attestedUMor, attestedUMor, "I36: released and total of an event");
        index.unusedWei += uint256(releasedUMor) * 1e12;
        index.owedWei -= uint256(releasedUMor) * 1e12;
    }

    function _indexArrival(bytes memory data) private {
        (uint256 amountWei, uint256 shareWei, uint256 unusedWei, , uint256 bootstrapWei) = abi.decode(
            data,
            (uint256, uint256, uint256, uint256, uint256)
        );
        index.unusedWei += amountWei - shareWei;
        index.bootstrapWei += shareWei;
        assertEq(index.unusedWei, unusedWei, "I36: free pool of an event");
        assertEq(index.bootstrapWei, bootstrapWei, "I36: bootstrap pool of an event");
    }

    function _indexDebt(Vm.Log memory log, bool isBooked) private {
        uint256 id = uint256(log.topics[1]);
        (uint64 amountUMor, uint64 debtUMor) = abi.decode(log.data, (uint64, uint64));
        if (isBooked) {
            indexedDebts[id] += amountUMor;
        } else {
            indexedDebts[id] -= amountUMor;
            _absorbed[id] += amountUMor;
        }
        assertEq(indexedDebts[id], debtUMor, "I36: delta and debt of an event");
    }

    /// @dev Payments of a claim settle lanes, those of awards do not; what was netted with them returns to the free pool.
    function _indexPayments(bytes memory data, bool isClaim) private {
        (uint64 paidUMor, bytes memory payments) = abi.decode(data, (uint64, bytes));
        uint256 sumUMor = 0;
        for (uint256 place = 0; place < payments.length; place += 12) {
            uint256 payment = _uintAt(payments, place, 12);
            sumUMor += uint64(payment);
            if (isClaim) indexedSettled[payment >> 64] += uint64(payment);
        }
        assertEq(sumUMor, paidUMor, "I36: payments of an event");
        index.owedWei -= sumUMor * 1e12;
        uint256 nettedWei = _takeAbsorbed(isClaim) * 1e12;
        index.owedWei -= nettedWei;
        index.unusedWei += nettedWei;
    }

    function _takeAbsorbed(bool settles) private returns (uint256 sumUMor) {
        for (uint256 id = 0; id < 8; ++id) {
            uint256 amountUMor = _absorbed[id];
            if (amountUMor == 0) continue;
            if (settles) indexedSettled[id] += amountUMor;
            sumUMor += amountUMor;
            _absorbed[id] = 0;
        }
    }

    function _indexSeason(bytes memory data) private {
        (, , uint64 sharesUMor, ) = abi.decode(data, (uint64, uint64, uint64, bytes32));
        index.bootstrapWei -= uint256(sharesUMor) * 1e12;
        index.owedWei += uint256(sharesUMor) * 1e12;
    }
}
