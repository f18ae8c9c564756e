// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DrawdownMath} from "../../contracts/libraries/DrawdownMath.sol";

/// @title DrawdownArithmetic
/// @notice Shows for every amount that the guard's arithmetic is exact: allowance and units. Read by `npm run symbolic`. I4.
contract DrawdownArithmetic {
    uint256 private constant WEI = 10 ** 12;

    function check_Allowance(uint104 unusedWei, uint104 budgetWei, uint104 drawnWei) external view {
        try this.allowance(unusedWei, budgetWei, drawnWei) returns (uint256 allowed) {
            uint256 rest = budgetWei - drawnWei;
            assert(allowed <= unusedWei && allowed <= rest && (allowed == unusedWei || allowed == rest));
        } catch {
            assert(drawnWei > budgetWei);
        }
    }

    function check_ToWei(uint64 amountUMor) external view {
        try this.toWei(amountUMor) returns (uint256 amountWei) {
            unchecked {
                assert(amountWei == amountUMor * WEI);
            }
        } catch {
            assert(false);
        }
    }

    function allowance(uint104 unused, uint104 budget, uint104 drawn) external pure returns (uint256) {
        return DrawdownMath.allowance(unused, budget, drawn);
    }

    function toWei(uint64 amount) external pure returns (uint256) {
        return DrawdownMath.toWei(amount);
    }
}
