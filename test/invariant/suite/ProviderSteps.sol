// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {ProviderId} from "../../../contracts/types/ProviderId.sol";
import {SlashOrder} from "../../../contracts/types/SlashOrder.sol";
import {PaymentSteps} from "./PaymentSteps.sol";

/// @title ProviderSteps
/// @notice Registrations, bonds, exits, other owners and payout addresses, slashes.
abstract contract ProviderSteps is PaymentSteps {
    /// @dev A slash as the observer remembers it.
    struct Order {
        uint256 id;
        uint256 amountWei;
        uint256 executableAt;
        IProviderRegistry.SlashState state;
    }

    Order[] internal orders;
    /// @dev New addresses so far: none is used twice.
    uint256 private _names;

    function register(uint256 random) external {
        _begin(Step.Register, random);
        bool room = providers < MAX_PROVIDERS;
        if (room) _addProvider(registry.minBondWei() + _edge(10e18));
        _end(Step.Register, room);
    }

    /// @dev Anybody may raise anybody's bond, but not after the exit.
    function addBond(uint256 random) external {
        _begin(Step.AddBond, random);
        uint256 id = _draw(providers);
        uint256 amountWei = 1 + _edge(5e18);
        token.mint(address(this), amountWei);
        token.approve(address(registry), amountWei);
        bytes memory data = abi.encodeCall(registry.addBond, (_idOf(id), amountWei));
        if (accounts[id].exited) {
            _refuse(address(registry), data, IProviderRegistry.RegistryExitState.selector, "I20: bond after the exit");
        } else {
            registry.addBond(_idOf(id), amountWei);
            accounts[id].bondWei += amountWei;
        }
        _end(Step.AddBond, !accounts[id].exited);
    }

    function _idOf(uint256 id) internal pure returns (ProviderId) {
        return ProviderId.wrap(uint32(id));
    }

    // ---- Exit ----

    /// @dev The owner announces its exit, or takes its bond less its debt.
    function depart(uint256 random) external {
        _begin(Step.Leave, random);
        uint256 id = _draw(providers);
        // Those that can leave now come first.
        for (uint256 i = 0; i < providers; ++i) {
            Account storage candidate = accounts[i];
            if (candidate.exitAt != 0 && !candidate.exited && candidate.exitAt <= _now()) id = i;
        }
        _end(Step.Leave, _leave(id));
    }

    function _leave(uint256 id) internal returns (bool) {
        Account storage account = accounts[id];
        bytes memory data = abi.encodeCall(registry.withdrawBond, (_idOf(id)));
        if (account.exitAt == 0) {
            vm.prank(account.owner);
            registry.announceExit(_idOf(id));
            account.exitAt = _now() + 12 hours;
            return true;
        }
        if (account.exited || account.exitAt > _now()) {
            bytes4 error_ =
                account.exited
                    ? IProviderRegistry.RegistryExitState.selector
                    : IProviderRegistry.RegistryTooEarly.selector;
            vm.prank(account.owner);
            _refuse(address(registry), data, error_, "I20: a bond before its time, or twice");
            return false;
        }
        if (_draw(2) == 0) token.setHook(address(this), abi.encodeCall(this.onTransfer, ()));
        uint256 debt = _debtOf(id);
        uint256 bondUMor = account.bondWei / 1e12;
        uint256 covered = bondUMor < debt ? bondUMor : debt;
        uint256 balanceWei = token.balanceOf(account.owner);
        vm.prank(account.owner);
        registry.withdrawBond(_idOf(id));
        _unhook(false, 0);
        uint256 returnedWei = token.balanceOf(account.owner) - balanceWei;
        assertEq(returnedWei, account.bondWei - covered * 1e12, "I20: bond - min(bond, debt)");
        account.absorbedUMor += uint64(covered);
        coveredUMor[id] += covered;
        arrivedWei += covered * 1e12;
        account.bondWei = 0;
        account.exited = true;
        return true;
    }

    /// @dev What of a provider's debt its bond covered; the rest of `absorbedUMor` was netted.
    mapping(uint256 id => uint256) internal coveredUMor;

    // ---- Payout and owner ----

    /// @dev The owner proposes or withdraws another payout address, or anybody lets one take effect.
    function redirect(uint256 random) external {
        _begin(Step.Redirect, random);
        uint256 id = _draw(providers);
        Account storage account = accounts[id];
        bool done = true;
        if (account.nextPayout != address(0) && account.nextPayoutAt <= _now()) {
            vm.prank(_anyone());
            registry.applyPayout(_idOf(id));
            account.payout = account.nextPayout;
            (account.nextPayout, account.nextPayoutAt) = (address(0), 0);
        } else if (account.nextPayout != address(0) && _draw(3) != 0) {
            bytes memory data = abi.encodeCall(registry.applyPayout, (_idOf(id)));
            bytes4 error_ = IProviderRegistry.RegistryTooEarly.selector;
            _refuse(address(registry), data, error_, "I21: a payout address before its time");
            done = false;
        } else {
            bool withdraws = account.nextPayout != address(0);
            address next = withdraws ? address(0) : _nameOf("new payout", ++_names);
            vm.prank(account.owner);
            registry.proposePayout(_idOf(id), next);
            account.nextPayout = next;
            account.nextPayoutAt = withdraws ? 0 : _now() + 2 hours;
        }
        _end(Step.Redirect, done);
    }

    /// @dev The owner proposes another one, who accepts when it is time; that ends what the old one proposed.
    function handOver(uint256 random) external {
        _begin(Step.HandOver, random);
        uint256 id = _draw(providers);
        Account storage account = accounts[id];
        bool early = account.nextOwner != address(0) && account.nextOwnerAt > _now();
        if (account.nextOwner == address(0)) {
            account.nextOwner = _nameOf("new owner", ++_names);
            account.nextOwnerAt = _now() + 2 hours;
            vm.prank(account.owner);
            registry.proposeOwner(_idOf(id), account.nextOwner);
        } else if (early) {
            bytes memory data = abi.encodeCall(registry.acceptOwner, (_idOf(id)));
            bytes4 error_ = IProviderRegistry.RegistryTooEarly.selector;
            vm.prank(account.nextOwner);
            _refuse(address(registry), data, error_, "I21: an owner before its time");
        } else {
            vm.prank(account.nextOwner);
            registry.acceptOwner(_idOf(id));
            account.owner = account.nextOwner;
            (account.nextOwner, account.nextOwnerAt) = (address(0), 0);
            (account.nextPayout, account.nextPayoutAt) = (address(0), 0);
        }
        _end(Step.HandOver, !early);
    }

    // ---- Slashes ----

    function postSlash(uint256 random) external {
        _begin(Step.PostSlash, random);
        uint256 signers = _drawSigners();
        if (signers != 0) _postSlash(signers);
        _end(Step.PostSlash, signers != 0);
    }

    function _drawOrder() internal returns (SlashOrder memory order) {
        order.eventId = keccak256(abi.encode("slashed", orders.length));
        order.providerId = uint64(_draw(providers));
        order.amountWei = 1 + _edge(2 * accounts[order.providerId].bondWei + 1e18);
        order.routerSet = digestInForce;
        order.deadline = uint64(_now());
    }

    function _postSlash(uint256 signers) private {
        SlashOrder memory order = _drawOrder();
        bytes memory quorum = _seal(registry.hashSlashOrder(order), signers);
        vm.prank(_anyone());
        registry.postSlash(order, quorum);
        orders.push(Order(order.providerId, order.amountWei, _now() + DELAY, IProviderRegistry.SlashState.Pending));
        _spend(address(registry), abi.encodeCall(registry.postSlash, (order, quorum)));
    }

    /// @dev A slash is executed when its delay is over, or dropped by the guardian.
    function endSlash(uint256 random) external {
        _begin(Step.EndSlash, random);
        bool done = false;
        for (uint256 i = orders.length; i > 0 && !done; --i) {
            if (orders[i - 1].state == IProviderRegistry.SlashState.Pending) {
                done = _endSlash(i - 1);
                break;
            }
        }
        _end(Step.EndSlash, done);
    }

    function _endSlash(uint256 which) private returns (bool) {
        Order storage order = orders[which];
        bytes32 eventId = keccak256(abi.encode("slashed", which));
        if (!targetsClosed && _draw(4) == 0) {
            vm.prank(guardian);
            registry.vetoSlash(eventId);
            order.state = IProviderRegistry.SlashState.Vetoed;
            return true;
        }
        bytes memory data = abi.encodeCall(registry.executeSlash, (eventId));
        if (order.executableAt > _now()) {
            bytes4 error_ = IProviderRegistry.RegistryTooEarly.selector;
            _refuse(address(registry), data, error_, "I20: a slash before its time");
            return false;
        }
        Account storage account = accounts[order.id];
        uint256 takenWei = order.amountWei < account.bondWei ? order.amountWei : account.bondWei;
        vm.prank(_anyone());
        registry.executeSlash(eventId);
        order.state = IProviderRegistry.SlashState.Executed;
        account.bondWei -= takenWei;
        arrivedWei += takenWei;
        _spend(address(registry), data);
        return true;
    }
}
