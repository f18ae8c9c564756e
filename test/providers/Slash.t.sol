// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {SlashOrder} from "../../contracts/types/SlashOrder.sol";
import {DebitFixture} from "../utils/DebitFixture.sol";

/// @notice Slashes: ordered by a quorum, delayed, vetoable, bounded by the bond, once for each event.
contract SlashTest is DebitFixture {
    bytes32 private constant EVENT = keccak256("event");

    function setUp() external {
        _deploy({providers: 3, poolWei: 0});
    }

    function _order(uint256 amountWei) private view returns (SlashOrder memory order) {
        order.eventId = EVENT;
        order.providerId = 1;
        order.amountWei = amountWei;
        order.reasonHash = keccak256("reason");
        order.routerSet = routers.digest();
        order.deadline = uint64(vm.getBlockTimestamp() + 1 hours);
    }

    function _post(SlashOrder memory order) private {
        registry.postSlash(order, _quorumOf(registry.hashSlashOrder(order), 3));
    }

    function _expectPostRevert(SlashOrder memory order, bytes memory reason) private {
        bytes memory quorum = _quorumOf(registry.hashSlashOrder(order), 3);
        vm.expectRevert(reason);
        registry.postSlash(order, quorum);
    }

    function _bondOf(uint256 id) private view returns (uint256) {
        return registry.providerOf(ProviderId.wrap(uint32(id))).bondWei;
    }

    function testFuzz_Slash_TakesAtMostTheBond(uint256 amountWei) external {
        amountWei = bound(amountWei, 1, 3 * BOND_WEI);
        uint256 taken = amountWei < BOND_WEI ? amountWei : BOND_WEI;
        SlashOrder memory order = _order(amountWei);
        uint256 executableAt = vm.getBlockTimestamp() + DELAY;
        bytes memory quorum = _quorumOf(registry.hashSlashOrder(order), 3);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.SlashPosted(EVENT, ProviderId.wrap(1), amountWei, order.reasonHash, executableAt);
        registry.postSlash(order, quorum);
        vm.warp(executableAt - 1);
        bytes4 selector = IProviderRegistry.RegistryTooEarly.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, executableAt - 1, executableAt));
        registry.executeSlash(EVENT);
        skip(1);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.SlashExecuted(EVENT, ProviderId.wrap(1), taken, BOND_WEI - taken);
        registry.executeSlash(EVENT);
        assertEq(_bondOf(1), BOND_WEI - taken, "bond");
        assertEq(compute.unbookedWei(), taken, "a gift to the compute contract");
        assertEq(_bondOf(0) + _bondOf(2), 2 * BOND_WEI, "the others' bonds");
        assertFalse(registry.isBonded(ProviderId.wrap(1)), "below the minimum");

        IProviderRegistry.SlashState done = IProviderRegistry.SlashState.Executed;
        bytes memory reason = abi.encodeWithSelector(IProviderRegistry.RegistrySlashState.selector, EVENT, done);
        vm.expectRevert(reason);
        registry.executeSlash(EVENT);
        _expectPostRevert(_order(1), reason);
    }

    function test_Slash_Vetoed() external {
        _post(_order(BOND_WEI));
        vm.expectEmit(address(registry));
        emit IProviderRegistry.SlashVetoed(EVENT);
        vm.prank(guardian);
        registry.vetoSlash(EVENT);
        IProviderRegistry.SlashState state = registry.slashOf(EVENT).state;
        assertTrue(state == IProviderRegistry.SlashState.Vetoed, "vetoed");
        skip(DELAY);
        bytes memory reason = abi.encodeWithSelector(IProviderRegistry.RegistrySlashState.selector, EVENT, state);
        vm.expectRevert(reason);
        registry.executeSlash(EVENT);
        _expectPostRevert(_order(1), reason);
        vm.prank(guardian);
        vm.expectRevert(reason);
        registry.vetoSlash(EVENT);
        assertEq(_bondOf(1), BOND_WEI, "bond");
    }

    function test_Slash_RevertsWhen_NeverPosted() external {
        IProviderRegistry.SlashState state = IProviderRegistry.SlashState.Unknown;
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistrySlashState.selector, EVENT, state));
        registry.executeSlash(EVENT);
    }

    function test_PostSlash_RevertsWhen_Malformed() external {
        SlashOrder memory order = _order(0);
        _expectPostRevert(order, abi.encodeWithSelector(IProviderRegistry.RegistrySlashEmpty.selector, EVENT));
        order = _order(1);
        order.providerId = 3;
        bytes4 selector = IProviderRegistry.RegistryProviderUnknown.selector;
        _expectPostRevert(order, abi.encodeWithSelector(selector, 3, 3));
        order.providerId = type(uint64).max;
        _expectPostRevert(order, abi.encodeWithSelector(selector, type(uint64).max, 3));
        order = _order(1);
        vm.warp(uint256(order.deadline) + 1);
        selector = IProviderRegistry.RegistrySlashExpired.selector;
        _expectPostRevert(order, abi.encodeWithSelector(selector, order.deadline, uint256(order.deadline) + 1));
    }

    /// @dev Every field is signed, for this contract and this set.
    function testFuzz_PostSlash_RevertsWhen_NotSigned(uint8 field) external {
        SlashOrder memory order = _order(5);
        bytes memory quorum = _quorumOf(registry.hashSlashOrder(order), 3);
        if (field % 5 == 0) order.eventId = keccak256("other");
        if (field % 5 == 1) order.providerId = 2;
        if (field % 5 == 2) order.amountWei = 6;
        if (field % 5 == 3) order.reasonHash = keccak256("other");
        if (field % 5 == 4) order.deadline += 1;
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, vm.addr(keys[0])));
        registry.postSlash(order, quorum);
        order = _order(5);
        order.routerSet = keccak256("old set");
        bytes4 selector = IRouterSet.RouterSetStale.selector;
        _expectPostRevert(order, abi.encodeWithSelector(selector, order.routerSet, routers.digest()));
    }

    function test_PostSlash_RevertsWithoutAQuorum() external {
        SlashOrder memory order = _order(5);
        bytes memory quorum = _quorumOf(registry.hashSlashOrder(order), 1);
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterQuorumMissing.selector, 1, 2));
        registry.postSlash(order, quorum);
    }

    /// @dev A slash that comes after the exit finds nothing; an exit never waits for a slash.
    function test_Slash_AfterTheExit() external {
        registry.announceExit(ProviderId.wrap(1));
        skip(UNBONDING_DELAY);
        _post(_order(BOND_WEI));
        registry.withdrawBond(ProviderId.wrap(1));
        skip(DELAY);
        // Not even a transfer of zero.
        token.setRefused(address(compute), true);
        registry.executeSlash(EVENT);
        assertEq(token.balanceOf(address(this)), BOND_WEI, "bond returned");
        assertEq(compute.unbookedWei(), 0, "nothing taken");
    }
}
