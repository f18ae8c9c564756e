// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {IReserve} from "../../contracts/interfaces/IReserve.sol";
import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {HookToken} from "../mocks/HookToken.sol";
import {DebitFixture} from "../utils/DebitFixture.sol";

/// @notice What guardian and governance can do, what they cannot, and that nobody else can do any of it.
contract RolesTest is DebitFixture {
    /// @dev A restricted function, called with arguments of no importance.
    struct Power {
        address target;
        bytes call;
    }

    address private _stranger = makeAddr("stranger");

    function setUp() external {
        _deploy({providers: 3, poolWei: 1000e18});
    }

    function _guardianPowers() private view returns (Power[] memory powers) {
        powers = new Power[](5);
        powers[0] = Power(address(compute), abi.encodeCall(IComputeContract.veto, (1)));
        powers[1] = Power(address(compute), abi.encodeCall(IComputeContract.pauseAttestations, (1 days)));
        powers[2] = Power(address(compute), abi.encodeCall(IComputeContract.resumeAttestations, ()));
        powers[3] = Power(address(registry), abi.encodeCall(IProviderRegistry.vetoSlash, (bytes32(0))));
        powers[4] = Power(address(routers), abi.encodeCall(IRouterSet.removeRouter, (vm.addr(keys[0]))));
    }

    function _governancePowers() private view returns (Power[] memory powers) {
        powers = new Power[](5);
        powers[0] = Power(address(routers), abi.encodeCall(IRouterSet.setRouters, (_ecdsaSet(), 3)));
        powers[1] = Power(address(compute), abi.encodeCall(IComputeContract.rearmPause, ()));
        powers[2] = Power(address(compute), abi.encodeCall(IComputeContract.rescue, (token, _stranger, 1)));
        powers[3] = Power(address(registry), abi.encodeCall(IProviderRegistry.setMinBond, (5e18)));
        powers[4] = Power(address(registry), abi.encodeCall(IProviderRegistry.rescue, (token, _stranger, 1)));
    }

    function _assertUnauthorized(Power[] memory powers, address caller) private {
        for (uint256 i = 0; i < powers.length; ++i) {
            vm.prank(caller);
            (bool done, bytes memory answer) = powers[i].target.call(powers[i].call);
            assertFalse(done, "refused");
            bytes4 selector = IAccessManaged.AccessManagedUnauthorized.selector;
            assertEq(answer, abi.encodeWithSelector(selector, caller), "unauthorized");
        }
    }

    // ---- Who may ----

    function testFuzz_Restricted_RefusesStrangers(address stranger) external {
        vm.assume(stranger != guardian && stranger != governance && stranger != address(authority));
        _assertUnauthorized(_guardianPowers(), stranger);
        _assertUnauthorized(_governancePowers(), stranger);
    }

    function test_Restricted_RefusesTheOtherRole() external {
        _assertUnauthorized(_governancePowers(), guardian);
        _assertUnauthorized(_guardianPowers(), governance);
        _assertUnauthorized(_governancePowers(), address(this));
    }

    /// @dev Governance cannot act before its delay, and then only as it scheduled.
    function test_Governance_WaitsItsDelay() external {
        Power[] memory powers = _governancePowers();
        for (uint256 i = 0; i < powers.length; ++i) {
            bytes32 operation = authority.hashOperation(governance, powers[i].target, powers[i].call);
            bytes4 selector = IAccessManager.AccessManagerNotScheduled.selector;
            vm.startPrank(governance);
            vm.expectRevert(abi.encodeWithSelector(selector, operation));
            authority.execute(powers[i].target, powers[i].call);
            authority.schedule(powers[i].target, powers[i].call, 0);
            skip(GOVERNANCE_DELAY - 1);
            selector = IAccessManager.AccessManagerNotReady.selector;
            vm.expectRevert(abi.encodeWithSelector(selector, operation));
            authority.execute(powers[i].target, powers[i].call);
            vm.stopPrank();
            skip(1);
        }
        vm.prank(governance);
        authority.execute(powers[3].target, powers[3].call);
        assertEq(registry.minBondWei(), 5e18, "after the delay");
    }

    function test_SetMinBond() external {
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryMinBondInvalid.selector, 0));
        this.govern(address(registry), abi.encodeCall(IProviderRegistry.setMinBond, (0)));
        _govern(address(registry), abi.encodeCall(IProviderRegistry.setMinBond, (2e18)));
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryBondTooSmall.selector, BOND_WEI, 2e18));
        registry.register(address(this), _stranger, BOND_WEI, IProviderRegistry.Metadata("", 0));
    }

    function govern(address target, bytes calldata data) external {
        _govern(target, data);
    }

    /// @dev The admin with every power of the manager: no restricted function moves what is owed, bonded or debited.
    /// hardhat-config: fuzz.runs = 50
    function testFuzz_Admin_CannotTouchMoney(address to, uint256 amount, uint64 seq, bytes32 eventId) external {
        _creditWith(_each(10, 3), _debitOf(1, 4));
        _activate();
        compute.debit(1, _debitOf(1, 4));
        vm.startPrank(governance);
        bytes memory grant = abi.encodeCall(authority.grantRole, (GUARDIAN_ROLE, governance, 0));
        authority.schedule(address(authority), grant, 0);
        skip(GOVERNANCE_DELAY);
        authority.execute(address(authority), grant);
        vm.stopPrank();
        bytes memory before = _money();
        Power[] memory powers = new Power[](5);
        powers[0] = Power(address(compute), abi.encodeCall(IComputeContract.veto, (seq)));
        powers[1] = Power(address(compute), abi.encodeCall(IComputeContract.pauseAttestations, (amount)));
        powers[2] = Power(address(registry), abi.encodeCall(IProviderRegistry.vetoSlash, (eventId)));
        powers[3] = Power(address(routers), abi.encodeCall(IRouterSet.removeRouter, (to)));
        powers[4] = Power(address(compute), abi.encodeCall(IComputeContract.resumeAttestations, ()));
        for (uint256 i = 0; i < powers.length; ++i) {
            vm.prank(governance);
            (bool done, ) = powers[i].target.call(powers[i].call);
            done;
        }
        powers = _governancePowers();
        powers[2].call = abi.encodeCall(IComputeContract.rescue, (token, to, amount));
        powers[4].call = abi.encodeCall(IProviderRegistry.rescue, (token, to, amount));
        for (uint256 i = 0; i < powers.length; ++i) {
            try this.govern(powers[i].target, powers[i].call) {} catch {}
        }
        assertEq(_money(), before, "money, debts and payees");
        assertEq(compute.claim(1, _claimOf(1)), 26e12, "claims go on");
    }

    /// @dev The admin closes every contract and puts them under an authority that answers nobody: what has no role goes on.
    function test_Admin_ClosingEverythingStopsNoPayment() external {
        _creditWith(_each(10, 3), _debitOf(1, 4));
        registry.announceExit(ProviderId.wrap(2));
        address[3] memory targets = [address(compute), address(registry), address(routers)];
        for (uint256 i = 0; i < 3; ++i) {
            _govern(address(authority), abi.encodeCall(authority.setTargetClosed, (targets[i], true)));
        }
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        compute.pauseAttestations(1);
        for (uint256 i = 0; i < 3; ++i) {
            _govern(address(authority), abi.encodeCall(authority.updateAuthority, (targets[i], address(token))));
        }
        assertEq(IAccessManaged(address(compute)).authority(), address(token), "another authority");
        compute.debit(1, _debitOf(1, 4));
        assertEq(compute.claim(1, _claimOf(1)), 26e12, "claimed");
        skip(UNBONDING_DELAY);
        registry.withdrawBond(ProviderId.wrap(2));
        assertEq(token.balanceOf(address(this)), BOND_WEI, "bond returned");
    }

    function _money() private view returns (bytes memory money) {
        money = abi.encode(
            compute.owedWei(),
            compute.unusedWei(),
            compute.heldWei(),
            token.balanceOf(address(registry))
        );
        for (uint32 i = 0; i < 3; ++i) money = abi.encode(money, registry.providerOf(ProviderId.wrap(i)));
    }

    // ---- Pause ----

    function _pause(uint256 duration) private {
        vm.prank(guardian);
        compute.pauseAttestations(duration);
    }

    /// @dev Attestations alone stop, and go on by themselves.
    function test_Pause_StopsAttestationsOnlyAndExpires() external {
        uint64 seq = _creditWith(_each(10, 3), _debitOf(1, 4));
        registry.announceExit(ProviderId.wrap(2));
        registry.proposePayout(ProviderId.wrap(0), _stranger);
        uint256 pausedUntil = vm.getBlockTimestamp() + 7 days;
        vm.expectEmit(address(compute));
        emit IComputeContract.AttestationsPaused(pausedUntil);
        _pause(7 days);
        skip(UNBONDING_DELAY - 1);
        Post memory post = _build(_each(10, 3));
        _expectAttestRevert(post, abi.encodeWithSelector(IComputeContract.AttestationPaused.selector, pausedUntil));
        compute.intake();
        compute.debit(seq, _debitOf(1, 4));
        registry.applyPayout(ProviderId.wrap(0));
        assertEq(compute.claim(seq, _claimOf(seq)), 26e12, "claimed while paused");
        skip(1);
        registry.withdrawBond(ProviderId.wrap(2));
        assertEq(vm.getBlockTimestamp(), pausedUntil, "the last moment");
        _attest(post);
    }

    /// @dev Bonds and exits move while paused, for the pause is about attestations.
    function test_Pause_DoesNotStopRegistrationsOrExits() external {
        registry.announceExit(ProviderId.wrap(2));
        skip(UNBONDING_DELAY);
        _pause(1 days);
        registry.withdrawBond(ProviderId.wrap(2));
        registry.announceExit(ProviderId.wrap(1));
        assertEq(token.balanceOf(address(this)), BOND_WEI, "bond returned");
        _register(_payoutOf(3));
    }

    function test_Pause_OnceUntilGovernanceAllowsAnother() external {
        _pause(1);
        skip(1 days);
        vm.prank(guardian);
        vm.expectRevert(IComputeContract.PauseSpent.selector);
        compute.pauseAttestations(1);
        (uint256 pausedUntil, bool armed) = compute.pauseState();
        assertFalse(armed, "spent");
        assertLt(pausedUntil, vm.getBlockTimestamp(), "over");
        bytes memory rearm = abi.encodeCall(IComputeContract.rearmPause, ());
        vm.startPrank(governance);
        authority.schedule(address(compute), rearm, 0);
        skip(GOVERNANCE_DELAY);
        vm.expectEmit(address(compute));
        emit IComputeContract.PauseRearmed();
        authority.execute(address(compute), rearm);
        vm.stopPrank();
        (, armed) = compute.pauseState();
        assertTrue(armed, "armed again");
        _pause(7 days);
        vm.prank(guardian);
        compute.resumeAttestations();
        (pausedUntil, armed) = compute.pauseState();
        assertEq(pausedUntil, 0, "ended early");
        assertFalse(armed, "still spent");
        _credit(_each(1, 3));
    }

    function testFuzz_Pause_RevertsWhen_TooLong(uint256 duration) external {
        if (duration != 0) duration = bound(duration, 7 days + 1, type(uint256).max);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IComputeContract.PauseTooLong.selector, duration, 7 days));
        compute.pauseAttestations(duration);
    }

    function test_Pause_RevertsWhen_OfNoDuration() external {
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IComputeContract.PauseTooLong.selector, 0, 7 days));
        compute.pauseAttestations(0);
        (uint256 pausedUntil, bool armed) = compute.pauseState();
        assertEq(pausedUntil, 0, "no pause");
        assertTrue(armed, "not spent");
    }

    // ---- Rescue ----

    function test_Rescue_OtherTokensOnly() external {
        HookToken other = new HookToken();
        other.mint(address(compute), 7);
        other.mint(address(registry), 8);
        bytes memory ofCompute = abi.encodeCall(IComputeContract.rescue, (other, _stranger, 7));
        bytes memory ofRegistry = abi.encodeCall(IProviderRegistry.rescue, (other, _stranger, 8));
        vm.startPrank(governance);
        authority.schedule(address(compute), ofCompute, 0);
        authority.schedule(address(registry), ofRegistry, 0);
        skip(GOVERNANCE_DELAY);
        vm.expectEmit(address(compute));
        emit IReserve.TokenRescued(address(other), _stranger, 7);
        authority.execute(address(compute), ofCompute);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.RegistryTokenRescued(address(other), _stranger, 8);
        authority.execute(address(registry), ofRegistry);
        vm.stopPrank();
        assertEq(other.balanceOf(_stranger), 15, "rescued");
        vm.expectRevert(abi.encodeWithSelector(IReserve.ReserveTokenNotRescuable.selector, address(token)));
        this.govern(address(compute), abi.encodeCall(IComputeContract.rescue, (token, _stranger, 1)));
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryTokenNotRescuable.selector, address(token)));
        this.govern(address(registry), abi.encodeCall(IProviderRegistry.rescue, (token, _stranger, 1)));
    }

    function test_Constructor_RevertsWhen_TheAuthorityHasNoCode() external {
        vm.expectRevert(abi.encodeWithSelector(IComputeContract.AuthorityWithoutCode.selector, _stranger));
        _newComputeOver(address(token), _stranger, DELAY, _bonds());
    }

    // ---- Rotation of routers ----

    /// @dev Another set in one step: what the old one signed dies with it.
    function test_SetRouters_OldSignaturesDie() external {
        Post memory post = _build(_each(1, 3));
        bytes32 oldDigest = routers.digest();
        bytes memory oldQuorum = _quorumOf(keccak256("message"), 3);
        IRouterSet.Router[] memory next = new IRouterSet.Router[](1);
        next[0] = IRouterSet.Router(vm.addr(keys[1]), false);
        _govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (next, 1)));
        post.message.deadline = type(uint64).max;
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 3);
        bytes4 selector = IRouterSet.RouterSetStale.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, oldDigest, routers.digest()));
        bytes32 inForce = routers.digest();
        selector = IRouterSet.RouterSetUnknown.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, oldDigest, inForce));
        routers.requireQuorum(keccak256("message"), inForce, oldQuorum);

        setEpoch = 2;
        (keys[0], setThreshold) = (keys[1], 1);
        keys.pop();
        keys.pop();
        post = _build(_each(1, 3));
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 1);
        _attest(post);
        assertEq(compute.lastSeq(), 1, "the new set signs");
    }

    /// @dev The same routers come back, within the deadline of what they signed before: it stays dead.
    function test_SetRouters_TheSameSetRevivesNoSignature() external {
        Post memory post = _build(_each(1, 3));
        post.message.deadline = type(uint64).max;
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 3);
        bytes32 oldDigest = routers.digest();
        IRouterSet.Router[] memory other = new IRouterSet.Router[](1);
        other[0] = IRouterSet.Router(_stranger, false);
        _govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (other, 1)));
        _govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (_ecdsaSet(), 2)));
        assertEq(routers.epoch(), 3, "epoch");
        bytes4 selector = IRouterSet.RouterSetStale.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, oldDigest, routers.digest()));
        setEpoch = 3;
        _credit(_each(1, 3));
    }

    /// @dev A contract router that lost its code keeps no other from being removed.
    function test_RemoveRouter_BesideAContractWithoutCode() external {
        IRouterSet.Router[] memory next = new IRouterSet.Router[](3);
        for (uint160 i = 0; i < 3; ++i) {
            next[i] = IRouterSet.Router(address((i + 1) << 32), i < 2);
            if (next[i].isContract) vm.etch(next[i].account, address(token).code);
        }
        _govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (next, 2)));
        for (uint256 i = 0; i < 2; ++i) vm.etch(next[i].account, "");
        vm.prank(guardian);
        routers.removeRouter(next[0].account);
        assertEq(routers.routers().length, 2, "removed");
    }

    /// @dev The guardian removes a router at once; the threshold stays, and the rest must be able to sign.
    function test_RemoveRouter() external {
        address gone = vm.addr(keys[1]);
        address stranger = _stranger;
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterUnknown.selector, stranger));
        routers.removeRouter(stranger);
        vm.prank(guardian);
        routers.removeRouter(gone);
        assertEq(routers.threshold(), 2, "threshold");
        assertEq(routers.routers().length, 2, "routers");
        (keys[1], keys[2]) = (keys[2], keys[1]);
        keys.pop();
        setEpoch = 2;
        assertEq(routers.digest(), keccak256(_encodeSet(_ecdsaSet(), 2)), "digest of the rest");
        _credit(_each(1, 3));
        address last = vm.addr(keys[0]);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterRemovalBlocked.selector, last, 1, 2));
        routers.removeRouter(last);
    }
}
