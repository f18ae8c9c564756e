// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveHarness} from "../mocks/ReserveHarness.sol";
import {AnsweringToken} from "../mocks/ReserveTokens.sol";
import {Test} from "../utils/Test.sol";
import {ReserveFixture} from "./ReserveFixture.sol";

/// @title ReserveHandler
/// @notice Random but possible steps on a reserve, and what an observer counts beside it.
contract ReserveHandler is Test {
    ReserveHarness private immutable _RESERVE;
    AnsweringToken private immutable _TOKEN;

    /// @dev Everything minted to the reserve, and floor(opening / 100) of every day that was opened.
    uint256 public arrivedWei;
    uint256 public sharesWei;
    uint256 public paidWei;
    uint256 public absorbedWei;
    uint256 public awardedWei;

    constructor(ReserveHarness reserve, AnsweringToken token) {
        _RESERVE = reserve;
        _TOKEN = token;
    }

    modifier countsOpenings() {
        uint256 dayBefore = _RESERVE.day();
        _;
        if (_RESERVE.day() != dayBefore) sharesWei += _RESERVE.openingWei() / 100;
    }

    function arrive(uint256 amountWei) external {
        amountWei = bound(amountWei, 0, 20_000e18);
        _TOKEN.mint(address(_RESERVE), amountWei);
        arrivedWei += amountWei;
    }

    function pass(uint256 seconds_) external {
        skip(bound(seconds_, 0, 3 days));
    }

    function intake() external countsOpenings {
        _RESERVE.intake();
    }

    /// @dev Up to twice the allowance, so that refusals are common.
    function attest(uint256 credit) external countsOpenings {
        _RESERVE.intake();
        uint64 creditedUMor = uint64(bound(credit, 0, (2 * uint256(_RESERVE.allowanceWei())) / 1e12 + 1));
        bool fits = uint256(creditedUMor) * 1e12 <= _RESERVE.allowanceWei();
        try _RESERVE.attest(creditedUMor) {
            assertTrue(fits, "reserved above the allowance");
        } catch {
            assertFalse(fits, "refused within the allowance");
        }
    }

    function release(uint256 credit) external {
        uint256 standing = _RESERVE.attestedUMor();
        uint256 owed = _RESERVE.owedWei() / 1e12;
        _RESERVE.release(uint64(bound(credit, 0, standing < owed ? standing : owed)));
    }

    function claim(uint256 amountWei, uint8 answer) external {
        amountWei = bound(amountWei, 0, _RESERVE.owedWei());
        _TOKEN.setAnswer(AnsweringToken.Answer(answer % 8));
        if (_RESERVE.claim(address(this), uint104(amountWei))) paidWei += amountWei;
    }

    function absorb(uint256 amountWei) external {
        amountWei = bound(amountWei, 0, _RESERVE.owedWei());
        _RESERVE.absorb(uint104(amountWei));
        absorbedWei += amountWei;
    }

    function award(uint256 amountWei) external {
        amountWei = bound(amountWei, 0, _RESERVE.bootstrapWei());
        _RESERVE.award(uint104(amountWei));
        awardedWei += amountWei;
    }

    /// @dev What is left of the bootstrap pool becomes free; budget and arrivals stay.
    function releaseBootstrap() external {
        uint256 budgetWei = _RESERVE.budgetWei();
        uint256 freeWei = uint256(_RESERVE.unusedWei()) + _RESERVE.bootstrapWei();
        _RESERVE.releaseBootstrap();
        assertEq(_RESERVE.budgetWei(), budgetWei, "budget");
        assertEq(_RESERVE.unusedWei(), freeWei, "free");
        assertEq(_RESERVE.bootstrapWei(), 0, "left");
    }

    function lack(uint104 lackWei) external {
        _RESERVE.setBootstrapLackWei(lackWei % 1000e18);
    }
}

/// @notice The identities of the books and the guard, after any sequence of steps.
contract ReserveInvariantTest is ReserveFixture {
    ReserveHandler private _handler;

    function setUp() external {
        _deploy(3456e18);
        _handler = new ReserveHandler(reserve, token);
        targetContract(address(_handler));
    }

    /// @dev All of them after every call; the numbers are those of SPEC S8.
    function invariant_Reserve() external view {
        uint256 reservedWei = uint256(reserve.attestedUMor()) * 1e12;
        uint256 earnedWei = reservedWei + _handler.awardedWei();
        uint256 owedWei = earnedWei - _handler.paidWei() - _handler.absorbedWei();
        uint256 sharesWei = _handler.sharesWei();
        assertGe(reserve.heldWei(), reserve.accountedWei(), "I1: held >= accounted");
        assertEq(reserve.heldWei(), _handler.arrivedWei() - _handler.paidWei(), "I1: held = arrived - paid");
        assertEq(reserve.owedWei(), owedWei, "I3: owed");
        assertLe(reserve.drawnTodayWei(), reserve.budgetWei(), "I4: drawn <= budget");
        assertLe(reservedWei, _handler.arrivedWei() + sharesWei, "I5: reserved <= arrivals + 1 % of each opening");
    }
}
