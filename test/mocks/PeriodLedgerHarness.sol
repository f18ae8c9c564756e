// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "../../contracts/ledger/Ledger.sol";
import {periodAt} from "../../contracts/types/BootstrapWindow.sol";

/// @title PeriodLedgerHarness
/// @notice The ledger alone, with a window of its own: attestations are appended and vetoed without any of their content.
contract PeriodLedgerHarness is Ledger {
    uint256 private immutable _START;
    uint256 private immutable _END;
    uint256 private immutable _LENGTH;

    constructor(uint256 activationDelay, uint256 startAt, uint256 endAt, uint256 length) Ledger(activationDelay, 0) {
        _START = startAt;
        _END = endAt;
        _LENGTH = length;
    }

    function append() external {
        _append(keccak256(abi.encode(_lastSeq + 1)), _nextBlock, 0, false);
    }

    function drop(uint256 seq) external {
        _drop(seq, 0);
    }

    function periodOf(uint256 activeAt) external view returns (uint24) {
        return _periodOf(activeAt);
    }

    function _periodOf(uint256 activeAt) internal view override returns (uint24) {
        return periodAt(activeAt, _START, _END, _LENGTH);
    }
}
