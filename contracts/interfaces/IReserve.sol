// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEmissionSchedule} from "./IEmissionSchedule.sol";
import {IReserveBooks} from "./IReserveBooks.sol";

/// @title IReserve
/// @notice The books with what they are kept over: the token held, and the schedule that paces it.
interface IReserve is IReserveBooks {
    /// @notice Tokens other than MOR, sent here by mistake, were sent on.
    event TokenRescued(address indexed token, address indexed to, uint256 amount);

    /// @notice MOR cannot be rescued: all of it is booked or will be.
    error ReserveTokenNotRescuable(address token);
    /// @notice The token is not a contract.
    error ReserveTokenWithoutCode(address token);
    /// @notice Deployed before the emission starts, where no block-day exists yet.
    error ReserveBeforeEmission(uint256 deployedAt, uint256 emissionStart);

    /// @notice MOR on this chain.
    function TOKEN() external view returns (IERC20);
    /// @notice Emission of the compute bucket.
    function SCHEDULE() external view returns (IEmissionSchedule);
    /// @notice Zero of block heights and block-days, in Unix seconds: the schedule's own start.
    function EMISSION_START() external view returns (uint256);

    /// @notice Tokens held, booked or not, in wei.
    function heldWei() external view returns (uint256);
    /// @notice Tokens held above the books, in wei: what `intake` would book.
    function unbookedWei() external view returns (uint256);
}
