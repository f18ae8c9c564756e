// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../contracts/interfaces/IProviderRegistry.sol";
import {ProviderId} from "../contracts/types/ProviderId.sol";
import {AnsweringToken} from "./mocks/ReserveTokens.sol";
import {DebitFixture} from "./utils/DebitFixture.sol";

/// @notice Every key gone for ever, and tokens that are no MOR.
contract EndToEndTest is DebitFixture {
    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    /// @dev With routers, guardian and governance gone for ever, and a schedule that answers nothing, every active credit
    /// is paid and every bond is returned: by a stranger and the owners alone.
    function test_AllKeysGone_EveryCreditIsPaidAndEveryBondReturned() external {
        bytes memory debits = abi.encodePacked(_debitOf(1, 4), _debitOf(2, 50));
        uint64 first = _creditWith(_each(10, 10), debits);
        skip(12);
        uint64 second = _creditWith(_each(7, 10), "");
        vm.prank(guardian);
        authority.renounceRole(GUARDIAN_ROLE, guardian);
        vm.startPrank(governance);
        authority.renounceRole(GOVERNANCE_ROLE, governance);
        authority.renounceRole(ADMIN_ROLE, governance);
        vm.stopPrank();
        delete keys;
        vm.etch(address(schedule), "");
        vm.etch(address(routers), "");
        vm.etch(address(authority), "");
        skip(3650 days);

        vm.startPrank(makeAddr("stranger"));
        compute.debit(first, debits);
        assertEq(compute.claim(first, _claimOf(first)), 86e12, "100 less 4 and 10");
        assertEq(compute.claim(second, _claimOf(second)), 63e12, "70 less 7");
        vm.stopPrank();
        for (uint32 i = 0; i < 10; ++i) registry.announceExit(ProviderId.wrap(i));
        skip(UNBONDING_DELAY);
        for (uint32 i = 0; i < 10; ++i) registry.withdrawBond(ProviderId.wrap(i));

        assertEq(compute.owedWei(), 0, "owed");
        assertEq(token.balanceOf(address(registry)), 0, "bonds");
        assertEq(token.balanceOf(address(this)), 10 * BOND_WEI - 33e12, "returned, less the debt left");
        assertEq(compute.heldWei(), 1000e18 - 149e12 + 33e12, "the free pool stays");
    }

    // ---- Odd tokens ----

    /// @dev Whatever a token answers to a claim: paid and settled, or neither. The others of the batch are unharmed.
    function test_OddTokens_ClaimsEndInCorrectBooks() external {
        AnsweringToken odd = new AnsweringToken();
        compute = _newComputeOver(address(odd), address(authority), DELAY, _bonds());
        registry = compute.REGISTRY();
        odd.mint(address(this), 4 * BOND_WEI);
        odd.approve(address(registry), 4 * BOND_WEI);
        for (uint256 i = 0; i < 4; ++i) {
            registry.register(address(this), _payoutOf(i), BOND_WEI, IProviderRegistry.Metadata("", 0));
        }
        odd.mint(address(compute), 100e18);
        skip(12);
        uint64 seq = _creditWith(_each(10, 4), _debitOf(1, 3));
        _activate();
        compute.debit(seq, _debitOf(1, 3));
        bytes memory ranges = _claimOf(seq);
        uint256 state = vm.snapshotState();
        for (uint256 i = 0; i <= uint256(type(AnsweringToken.Answer).max); ++i) {
            odd.setAnswer(AnsweringToken.Answer(i));
            uint256 paidWei = compute.claim(seq, ranges);
            assertTrue(paidWei == 0 || paidWei == 37e12, "all or nothing");
            assertEq(odd.balanceOf(_payoutOf(0)), paidWei == 0 ? 0 : 10e12, "received");
            assertEq(compute.owedWei(), paidWei == 0 ? 40e12 : 0, "owed");
            assertEq(registry.providerOf(ProviderId.wrap(1)).debtUMor, paidWei == 0 ? 3 : 0, "debt");
            assertEq(compute.heldWei(), compute.accountedWei(), "held = accounted");
            vm.revertToState(state);
            state = vm.snapshotState();
        }
    }

    /// @dev A bond that the token refuses to move stays a bond: nothing is written before it moves.
    function test_OddTokens_ExitsEndInErrorsOrCorrectBooks() external {
        AnsweringToken odd = new AnsweringToken();
        compute = _newComputeOver(address(odd), address(authority), DELAY, _bonds());
        registry = compute.REGISTRY();
        odd.mint(address(this), BOND_WEI);
        odd.approve(address(registry), BOND_WEI);
        registry.register(address(this), _payoutOf(0), BOND_WEI, IProviderRegistry.Metadata("", 0));
        registry.announceExit(ProviderId.wrap(0));
        skip(UNBONDING_DELAY);
        for (uint256 i = 0; i <= uint256(type(AnsweringToken.Answer).max); ++i) {
            uint256 state = vm.snapshotState();
            odd.setAnswer(AnsweringToken.Answer(i));
            (bool done, ) = address(registry).call(abi.encodeCall(registry.withdrawBond, (ProviderId.wrap(0))));
            IProviderRegistry.Provider memory provider = registry.providerOf(ProviderId.wrap(0));
            assertEq(provider.exited, done, "exited with its bond");
            assertEq(provider.bondWei, done ? 0 : BOND_WEI, "bond");
            assertEq(odd.balanceOf(address(this)), done ? BOND_WEI : 0, "returned");
            vm.revertToState(state);
        }
    }
}
