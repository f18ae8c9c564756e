// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {ProviderRegistry} from "../../contracts/providers/ProviderRegistry.sol";
import {Payee} from "../../contracts/types/Payee.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {HookToken} from "../mocks/HookToken.sol";
import {Test} from "../utils/Test.sol";

/// @notice Registration, bonds and payees. This test stands in for the compute contract, which deploys the registry.
contract ProviderRegistryTest is Test {
    uint256 private constant MAX_PROVIDERS = 1 << 22;
    uint256 private constant MIN_BOND = 1e18;
    /// @dev Storage slot of `providerCount`.
    bytes32 private constant COUNT_SLOT = bytes32(uint256(0));
    uint256 private constant DELAY = 600;

    /// @dev This test stands for the compute contract, which knows its bootstrap pool.
    address public constant BOOTSTRAP = address(0xB00757);

    HookToken private _token;
    ProviderRegistry private _registry;
    IRouterSet private _routers = IRouterSet(makeAddr("routers"));
    address private _schedule = makeAddr("schedule");
    address private _authority = makeAddr("authority");
    address private _owner = makeAddr("owner");
    address private _payout = makeAddr("payout");

    function setUp() external {
        _token = new HookToken();
        _registry = _newRegistry(MIN_BOND, 1 days, 2 * DELAY);
        _token.mint(address(this), 1e30);
        _token.approve(address(_registry), type(uint256).max);
    }

    function _newRegistry(uint256 minBond, uint256 changeDelay, uint256 unbonding) private returns (ProviderRegistry) {
        IProviderRegistry.Parameters memory bonds = IProviderRegistry.Parameters(minBond, changeDelay, unbonding);
        bytes memory arguments = abi.encode(_token, _routers, _schedule, _authority, DELAY, bonds);
        return ProviderRegistry(deployCode("ProviderRegistry.sol:ProviderRegistry", arguments));
    }

    function _metadata() private pure returns (IProviderRegistry.Metadata memory) {
        return IProviderRegistry.Metadata("https://provider.example", keccak256("document"));
    }

    function _register(address payout) private returns (uint256) {
        return ProviderId.unwrap(_registry.register(_owner, payout, MIN_BOND, _metadata()));
    }

    // ---- Wiring ----

    function test_Constructor_KnowsItsSuite() external view {
        assertEq(address(_registry.TOKEN()), address(_token), "token");
        assertEq(_registry.COMPUTE(), address(this), "compute");
        assertEq(_registry.minBondWei(), MIN_BOND, "least bond");
        assertEq(_registry.providerCount(), 0, "count");
    }

    function test_Constructor_RevertsWhen_MinBondInvalid() external {
        uint256[2] memory wrong = [uint256(0), 100_000 ether + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryMinBondInvalid.selector, wrong[i]));
            _newRegistry(wrong[i], 1 days, 2 * DELAY);
        }
        _newRegistry(100_000 ether, 1 days, 2 * DELAY);
    }

    function test_Constructor_RevertsWhen_ADelayIsInvalid() external {
        bytes4 selector = IProviderRegistry.RegistryDelayInvalid.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 30 days + 1, 1 hours, 30 days));
        _newRegistry(MIN_BOND, 30 days + 1, 2 * DELAY);
        vm.expectRevert(abi.encodeWithSelector(selector, 1 hours - 1, 1 hours, 30 days));
        _newRegistry(MIN_BOND, 1 hours - 1, 2 * DELAY);
        vm.expectRevert(abi.encodeWithSelector(selector, 2 * DELAY - 1, 2 * DELAY, 90 days));
        _newRegistry(MIN_BOND, 1 days, 2 * DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(selector, 90 days + 1, 2 * DELAY, 90 days));
        _newRegistry(MIN_BOND, 1 days, 90 days + 1);
        ProviderRegistry registry = _newRegistry(MIN_BOND, 30 days, 90 days);
        assertEq(registry.CHANGE_DELAY(), 30 days, "change delay");
        assertEq(registry.UNBONDING_DELAY(), 90 days, "unbonding delay");
        assertEq(registry.SLASH_DELAY(), DELAY, "slash delay");
    }

    // ---- Registration ----

    function testFuzz_Register_TakesTheBondAndKeepsTheRecord(uint256 bondWei, address payout) external {
        bondWei = bound(bondWei, MIN_BOND, 1e29);
        vm.assume(!_isForbidden(payout));
        uint256 before = _token.balanceOf(address(this));
        vm.expectEmit(address(_registry));
        emit IProviderRegistry.ProviderRegistered(ProviderId.wrap(0), _owner, payout, bondWei, _metadata());
        _registry.register(_owner, payout, bondWei, _metadata());

        assertEq(_token.balanceOf(address(_registry)), bondWei, "bond held");
        assertEq(_token.balanceOf(address(this)), before - bondWei, "bond paid");
        IProviderRegistry.Provider memory provider = _registry.providerOf(ProviderId.wrap(0));
        assertEq(provider.owner, _owner, "owner");
        assertEq(provider.payout, payout, "payout");
        assertEq(provider.bondWei, bondWei, "bond");
        assertEq(provider.debtUMor, 0, "debt");
    }

    function _isForbidden(address payout) private view returns (bool) {
        return
            payout == address(0) ||
            payout == address(_token) ||
            payout == address(_registry) ||
            payout == address(this) ||
            payout == address(_routers) ||
            payout == _schedule ||
            payout == _authority;
    }

    function test_Register_GivesDenseIds() external {
        for (uint256 i = 0; i < 9; ++i) {
            assertEq(_register(_payout), i, "id");
            assertEq(_registry.providerCount(), i + 1, "count");
        }
        assertEq(_token.balanceOf(address(_registry)), 9 * MIN_BOND, "bonds held");
    }

    function test_Register_RevertsWhen_OwnerZero() external {
        vm.expectRevert(IProviderRegistry.RegistryOwnerZero.selector);
        _registry.register(address(0), _payout, MIN_BOND, _metadata());
    }

    /// @dev Zero, the token, and every contract of the suite.
    function test_Register_RevertsWhen_PayoutForbidden() external {
        address[8] memory forbidden = [
            address(0),
            BOOTSTRAP,
            address(_token),
            address(_registry),
            address(this),
            address(_routers),
            _schedule,
            _authority
        ];
        for (uint256 i = 0; i < forbidden.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryPayoutForbidden.selector, forbidden[i]));
            _registry.register(_owner, forbidden[i], MIN_BOND, _metadata());
        }
    }

    function testFuzz_Register_RevertsWhen_BondTooSmall(uint256 bondWei) external {
        bondWei = bound(bondWei, 0, MIN_BOND - 1);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryBondTooSmall.selector, bondWei, MIN_BOND));
        _registry.register(_owner, _payout, bondWei, _metadata());
    }

    /// @dev A bond that cannot be moved registers nobody.
    function test_Register_RevertsWhen_TheBondDoesNotArrive() external {
        bytes4 selector = IERC20Errors.ERC20InsufficientAllowance.selector;
        vm.prank(makeAddr("poor"));
        vm.expectRevert(abi.encodeWithSelector(selector, address(_registry), 0, MIN_BOND));
        _registry.register(_owner, _payout, MIN_BOND, _metadata());
        assertEq(_registry.providerCount(), 0, "count");
    }

    /// @dev A bond above 128 bits has no place in the record.
    function test_Register_RevertsWhen_TheBondDoesNotFit() external {
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 128, 1 << 128));
        _registry.register(_owner, _payout, 1 << 128, _metadata());
    }

    function test_Register_RevertsWhen_Full() external {
        vm.store(address(_registry), COUNT_SLOT, bytes32(MAX_PROVIDERS - 1));
        assertEq(_register(_payout), MAX_PROVIDERS - 1, "last id");
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryFull.selector, MAX_PROVIDERS));
        _registry.register(_owner, _payout, MIN_BOND, _metadata());
    }

    /// @dev Everything is written before the bond is called for: a token that calls back finds the provider registered.
    function test_Register_IsCompleteBeforeTheTokenIsCalled() external {
        _token.setHook(address(_registry), abi.encodeCall(IProviderRegistry.providerOf, (ProviderId.wrap(0))));
        _register(_payout);
        assertTrue(_token.answered(), "provider known during the transfer");
        IProviderRegistry.Provider memory seen = abi.decode(_token.answer(), (IProviderRegistry.Provider));
        assertEq(seen.bondWei, MIN_BOND, "bond during the transfer");
    }

    // ---- Views ----

    function test_ProviderOf_RevertsWhen_Unknown() external {
        _register(_payout);
        bytes4 selector = IProviderRegistry.RegistryProviderUnknown.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 1));
        _registry.providerOf(ProviderId.wrap(1));
        vm.expectRevert(abi.encodeWithSelector(selector, type(uint32).max, 1));
        _registry.providerOf(ProviderId.wrap(type(uint32).max));
    }

    function testFuzz_PayeesOf_GivesTheLanesAskedFor(
        uint256 registered,
        uint256 first,
        uint256 count,
        uint8 lanes
    ) external {
        registered = bound(registered, 0, 24);
        for (uint256 i = 0; i < registered; ++i) _register(address(uint160(0x1000 + i)));
        first = bound(first, 0, 6);
        count = bound(count, 0, 4);
        (bool answered, bytes memory answer) = address(_registry).staticcall(
            abi.encodeCall(_registry.payeesOf, (first, count, lanes))
        );
        assertTrue(answered, "answered");
        assertEq(answer.length, 0x40 + count * 0x80, "nothing behind the array");
        Payee[] memory payees = abi.decode(answer, (Payee[]));
        assertEq(payees.length, count * 4, "length");
        for (uint256 i = 0; i < payees.length; ++i) {
            uint256 id = first * 4 + i;
            bool given = id < registered && (lanes >> (i % 4)) & 1 == 1;
            assertEq(payees[i].payout(), given ? address(uint160(0x1000 + id)) : address(0), "payout");
            assertEq(payees[i].debtUMor(), 0, "debt");
        }
    }

    function test_PayeesOf_RevertsWhen_OutsideTheTree() external {
        bytes4 selector = IProviderRegistry.RegistryWordsOutside.selector;
        assertEq(_registry.payeesOf((1 << 20) - 1, 1, 15).length, 4, "last word");
        vm.expectRevert(abi.encodeWithSelector(selector, 1 << 20, 1));
        _registry.payeesOf(1 << 20, 1, 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, (1 << 20) + 1));
        _registry.payeesOf(0, (1 << 20) + 1, 15);
    }

    function _payee(address payout, uint64 debtUMor) private pure returns (Payee) {
        return Payee.wrap(uint256(uint160(payout)) | (uint256(debtUMor) << 160));
    }

    function testFuzz_Payee_HoldsPayoutAndDebt(address payout, uint64 debtUMor) external pure {
        Payee payee = _payee(payout, debtUMor);
        assertEq(payee.payout(), payout, "payout");
        assertEq(payee.debtUMor(), debtUMor, "debt");
    }

    /// @dev Four payees share three slots: whatever happens to one of them, the others stay what they were.
    function testFuzz_PackedPayees_AreThoseOfAPlainList(uint256 seed) external {
        address[10] memory payouts;
        uint64[10] memory debts;
        for (uint256 i = 0; i < 10; ++i) {
            payouts[i] = address(uint160(uint256(keccak256(abi.encode(seed, i)))));
            _register(payouts[i]);
        }
        for (uint256 step = 0; step < 24; ++step) {
            uint256 random = uint256(keccak256(abi.encode(seed, "step", step)));
            uint256 i = random % 10;
            ProviderId id = ProviderId.wrap(uint32(i));
            uint64 amount = uint64(random >> 64) >> (random % 61);
            if (random & 0x700 == 0) {
                payouts[i] = address(uint160(random >> 96));
                vm.prank(_owner);
                _registry.proposePayout(id, payouts[i]);
                vm.warp(block.timestamp + 1 days);
                _registry.applyPayout(id);
            } else if (random & 0x100 == 0) {
                unchecked {
                    // Saturates.
                    debts[i] = debts[i] + amount < debts[i] ? type(uint64).max : debts[i] + amount;
                }
                _registry.bookDebt(id, amount);
            } else {
                debts[i] -= amount < debts[i] ? amount : debts[i];
                _registry.absorbDebt(id, amount);
            }
            uint256 lanes = random >> 250;
            Payee[] memory words = _registry.payeesOf(0, 3, lanes);
            uint256[] memory ids = new uint256[](12);
            for (uint256 j = 0; j < 12; ++j) ids[j] = j;
            Payee[] memory all = _registry.payeesAt(ids);
            for (uint256 j = 0; j < 12; ++j) {
                Payee expected = j < 10 ? _payee(payouts[j], debts[j]) : _payee(address(0), 0);
                bool asked = (lanes >> (j % 4)) & 1 == 1;
                assertEq(Payee.unwrap(words[j]), asked ? Payee.unwrap(expected) : 0, "of words");
                assertEq(Payee.unwrap(all[j]), Payee.unwrap(expected), "by id");
            }
            IProviderRegistry.Provider memory provider = _registry.providerOf(id);
            assertEq(provider.payout, payouts[i], "payout of the record");
            assertEq(provider.debtUMor, debts[i], "debt of the record");
        }
    }

    /// @dev What the layout is for: three of four payees are one slot, the fourth is two, a whole word three.
    function test_PayeesOf_ReadsAsFewSlotsAsDocumented() external {
        for (uint256 i = 0; i < 4; ++i) _register(address(uint160(uint256(keccak256(abi.encode(i))))));
        uint8[6] memory lanes = [1, 2, 4, 8, 9, 15];
        uint8[6] memory slots = [1, 1, 1, 2, 2, 3];
        for (uint256 i = 0; i < 6; ++i) {
            vm.record();
            _registry.payeesOf(0, 1, lanes[i]);
            (bytes32[] memory reads, ) = vm.accesses(address(_registry));
            assertEq(reads.length, slots[i], "slots");
        }
        _registry.bookDebt(ProviderId.wrap(3), 5);
        vm.record();
        _registry.payeesOf(0, 1, 15);
        (bytes32[] memory withDebts, ) = vm.accesses(address(_registry));
        assertEq(withDebts.length, 4, "and the debts, once there is one");
        _registry.absorbDebt(ProviderId.wrap(3), 5);
        vm.record();
        _registry.payeesOf(0, 1, 15);
        (bytes32[] memory without, ) = vm.accesses(address(_registry));
        assertEq(without.length, 3, "not any more");
    }
}
