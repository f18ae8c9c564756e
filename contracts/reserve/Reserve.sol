// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IEmissionSchedule} from "../interfaces/IEmissionSchedule.sol";
import {IReserve} from "../interfaces/IReserve.sol";
import {InferenceClock} from "../libraries/InferenceClock.sol";
import {ReserveBooks} from "./ReserveBooks.sol";

/// @title Reserve
/// @notice The books over a token: what arrives, what is held, what is paid.
///
/// TOKEN REQUIREMENTS
/// @dev MOR: an ERC-20 that moves exactly the amount asked for, has no callbacks and takes nothing from a holder. A failed
/// transfer reverts or returns false. Total supply below 2^104 wei. Tokens arrive as plain transfers or mints.
///
/// LIVENESS
/// @dev A schedule or balance that cannot be read stops the booking of arrivals and of attestations, never a payment.
/// @dev Attestations read the balance only when the books do not suffice, so a transfer cannot make them dearer.
abstract contract Reserve is IReserve, ReserveBooks {
    using SafeERC20 for IERC20;

    using SafeCast for uint256;

    /// @inheritdoc IReserve
    IERC20 public immutable TOKEN;
    /// @inheritdoc IReserve
    IEmissionSchedule public immutable SCHEDULE;
    /// @inheritdoc IReserve
    uint256 public immutable EMISSION_START;

    /// @dev Opens the books on the day of deployment, with an opening of 0.
    constructor(IERC20 token, IEmissionSchedule schedule) {
        require(address(token).code.length != 0, ReserveTokenWithoutCode(address(token)));
        uint256 emissionStart = schedule.startAt();
        require(block.timestamp >= emissionStart, ReserveBeforeEmission(block.timestamp, emissionStart));
        TOKEN = token;
        SCHEDULE = schedule;
        EMISSION_START = emissionStart;
        uint32 firstDay = InferenceClock.dayAt(block.timestamp, emissionStart);
        _openBooks(firstDay, _scheduledOn(schedule, firstDay));
    }

    // ---- Arrivals ----

    /// @dev Rolls the day, then books every token held above the books.
    /// @return bookedWei What was booked; 0 if nothing had arrived.
    function _intake() internal returns (uint104 bookedWei) {
        _rollToNow();
        return _bookArrivals();
    }

    function _rollToNow() private {
        uint32 today = InferenceClock.dayAt(block.timestamp, EMISSION_START);
        if (today > _day) _rollDay(today, _scheduledOn(SCHEDULE, today));
    }

    /// @dev The schedule as far as 96 bits hold it, 79 billion MOR a day; less than scheduled is the careful side.
    function _scheduledOn(IEmissionSchedule schedule, uint32 day_) private view returns (uint96) {
        return Math.min(schedule.scheduledWei(day_), type(uint96).max).toUint96();
    }

    function _bookArrivals() private returns (uint104 bookedWei) {
        // A supply of 2^104 wei or more is no MOR: its arrivals are refused, payments go on.
        bookedWei = unbookedWei().toUint104();
        if (bookedWei != 0) _book(bookedWei, _bootstrapLackWei());
    }

    /// @dev What the bootstrap pool may still take from arrivals now, in wei.
    function _bootstrapLackWei() internal view virtual returns (uint104);

    // ---- Credits ----

    /// @dev Rolls the day and reserves attested credits; arrivals are booked only if the books do not suffice.
    /// @return attestedBeforeUMor What was attested before.
    function _rollAndReserve(uint64 creditedUMor) internal returns (uint64 attestedBeforeUMor) {
        _rollToNow();
        bool reserved;
        (reserved, attestedBeforeUMor) = _tryReserve(creditedUMor);
        if (!reserved) {
            _bookArrivals();
            _reserve(creditedUMor);
        }
    }

    // ---- Payment ----

    /// @dev Sends `amountWei` to `to`. Never reverts: a payee that cannot be paid must not stop the others. At most one
    /// word of what the token returns is copied.
    /// @return paid The call succeeded and returned true, or nothing from an address with code.
    function _pay(address to, uint256 amountWei) internal returns (bool paid) {
        address token = address(TOKEN);
        bytes32 selector = IERC20.transfer.selector;
        // The message is built behind the free memory and given up; the answer goes to scratch space and is read only when
        // the call has filled it.
        assembly ("memory-safe") {
            let message := mload(0x40)
            mstore(message, selector)
            mstore(add(message, 0x04), to)
            mstore(add(message, 0x24), amountWei)
            let succeeded := call(gas(), token, 0, message, 0x44, 0x00, 0x20)
            switch returndatasize()
            case 0 {
                paid := and(succeeded, gt(extcodesize(token), 0))
            }
            default {
                paid := and(succeeded, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))
            }
        }
    }

    /// @dev Sends on what is not MOR and was sent here by mistake.
    function _rescue(IERC20 token, address to, uint256 amount) internal {
        require(address(token) != address(TOKEN), ReserveTokenNotRescuable(address(token)));
        token.safeTransfer(to, amount);
        emit TokenRescued(address(token), to, amount);
    }

    // ---- Views ----

    /// @inheritdoc IReserve
    function heldWei() public view returns (uint256) {
        return TOKEN.balanceOf(address(this));
    }

    /// @inheritdoc IReserve
    function unbookedWei() public view returns (uint256) {
        uint256 held = heldWei();
        uint256 accounted = accountedWei();
        return held > accounted ? held - accounted : 0;
    }
}
