// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {HookToken} from "../mocks/HookToken.sol";
import {ProgrammableRouter} from "../mocks/ProgrammableRouter.sol";
import {DebitFixture} from "../utils/DebitFixture.sol";

/// @notice A provider from its registration to its exit: bond, owner, payout address, models. This test owns all of them.
contract ProviderLifecycleTest is DebitFixture {
    ProviderId private constant ID = ProviderId.wrap(1);
    bytes32 private constant MODEL = keccak256("model");

    address private _stranger = makeAddr("stranger");
    address private _next = makeAddr("next");

    function setUp() external {
        _deploy({providers: 3, poolWei: 1000e18});
    }

    function _provider() private view returns (IProviderRegistry.Provider memory) {
        return registry.providerOf(ID);
    }

    function _expectNotOwner() private {
        bytes4 selector = IProviderRegistry.RegistryNotOwner.selector;
        vm.prank(_stranger);
        vm.expectRevert(abi.encodeWithSelector(selector, ID, _stranger, address(this)));
    }

    // ---- Bond ----

    function test_Register_ForAnother() external {
        token.mint(_stranger, BOND_WEI);
        vm.startPrank(_stranger);
        token.approve(address(registry), BOND_WEI);
        ProviderId id = registry.register(_next, _payoutOf(9), BOND_WEI, IProviderRegistry.Metadata("", 0));
        vm.stopPrank();
        assertEq(registry.providerOf(id).owner, _next, "owner is not who paid");
        assertTrue(registry.isBonded(id), "bonded");
    }

    /// @dev Anyone may add to a bond, at any time; no timer moves.
    function testFuzz_AddBond_ByAnyoneTouchesNoTimer(uint256 amountWei, uint256 wait) external {
        amountWei = bound(amountWei, 1, 1e27);
        registry.announceExit(ID);
        registry.proposeOwner(ID, _next);
        registry.proposePayout(ID, _payoutOf(9));
        IProviderRegistry.Provider memory expected = _provider();
        skip(bound(wait, 0, 30 days));
        token.mint(_stranger, amountWei);
        vm.startPrank(_stranger);
        token.approve(address(registry), amountWei);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.BondAdded(ID, _stranger, amountWei, BOND_WEI + amountWei);
        registry.addBond(ID, amountWei);
        vm.stopPrank();
        expected.bondWei += uint128(amountWei);
        assertEq(abi.encode(_provider()), abi.encode(expected), "only the bond grew");
    }

    function test_AddBond_RevertsWhen_ZeroUnknownOrExited() external {
        vm.expectRevert(IProviderRegistry.RegistryAmountZero.selector);
        registry.addBond(ID, 0);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryProviderUnknown.selector, 3, 3));
        registry.addBond(ProviderId.wrap(3), 1);
        registry.announceExit(ID);
        uint256 exitAt = _provider().exitAt;
        vm.warp(exitAt);
        registry.withdrawBond(ID);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryExitState.selector, ID, exitAt, true));
        registry.addBond(ID, 1);
    }

    function test_SetMetadata() external {
        IProviderRegistry.Metadata memory metadata = IProviderRegistry.Metadata(
            "https://new.example",
            keccak256("new")
        );
        _expectNotOwner();
        registry.setMetadata(ID, metadata);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.MetadataChanged(ID, metadata);
        registry.setMetadata(ID, metadata);
    }

    // ---- Owner ----

    function test_Owner_ChangesInTwoStepsAfterTheDelay() external {
        _expectNotOwner();
        registry.proposeOwner(ID, _stranger);
        uint256 effectiveAt = vm.getBlockTimestamp() + CHANGE_DELAY;
        vm.expectEmit(address(registry));
        emit IProviderRegistry.OwnerProposed(ID, _next, effectiveAt);
        registry.proposeOwner(ID, _next);
        assertEq(_provider().pendingOwner, _next, "pending owner");
        assertEq(_provider().pendingOwnerAt, effectiveAt, "moment");
        bytes4 selector = IProviderRegistry.RegistryNothingPending.selector;
        vm.prank(_stranger);
        vm.expectRevert(abi.encodeWithSelector(selector, ID, _stranger));
        registry.acceptOwner(ID);
        vm.warp(effectiveAt - 1);
        vm.prank(_next);
        selector = IProviderRegistry.RegistryTooEarly.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, effectiveAt - 1, effectiveAt));
        registry.acceptOwner(ID);
        assertEq(_provider().owner, address(this), "owner until then");
        skip(1);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.OwnerChanged(ID, address(this), _next);
        vm.prank(_next);
        registry.acceptOwner(ID);
        assertEq(_provider().owner, _next, "owner");
        assertEq(_provider().pendingOwner, address(0), "nothing pending");
        assertEq(_provider().pendingOwnerAt, 0, "no moment");
    }

    /// @dev What the old owner proposed cannot be applied behind the new one's back.
    function test_Owner_AcceptanceDropsAProposedPayout() external {
        registry.proposeOwner(ID, _next);
        skip(CHANGE_DELAY);
        registry.proposePayout(ID, _stranger);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PayoutProposed(ID, address(0), 0);
        vm.prank(_next);
        registry.acceptOwner(ID);
        assertEq(_provider().pendingPayout, address(0), "nothing pending");
        skip(CHANGE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNothingPending.selector, ID, address(this)));
        registry.applyPayout(ID);
    }

    function test_Owner_ProposalCanBeTakenBack() external {
        registry.proposeOwner(ID, _next);
        registry.proposeOwner(ID, address(0));
        assertEq(_provider().pendingOwnerAt, 0, "no moment");
        skip(CHANGE_DELAY);
        vm.prank(_next);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNothingPending.selector, ID, _next));
        registry.acceptOwner(ID);
    }

    // ---- Payout ----

    /// @dev While a change is pending claims go to the address in force: a stolen key cannot redirect them at once.
    function test_Payout_ChangesAfterTheDelay() external {
        _credit(_each(10, 3));
        skip(12);
        _credit(_each(10, 3));
        uint256 effectiveAt = vm.getBlockTimestamp() + CHANGE_DELAY;
        _expectNotOwner();
        registry.proposePayout(ID, _next);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PayoutProposed(ID, _next, effectiveAt);
        registry.proposePayout(ID, _next);
        assertEq(_provider().pendingPayout, _next, "pending payout");
        assertEq(_provider().pendingPayoutAt, effectiveAt, "moment");
        vm.warp(effectiveAt - 1);
        bytes4 selector = IProviderRegistry.RegistryTooEarly.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, effectiveAt - 1, effectiveAt));
        registry.applyPayout(ID);
        compute.claim(1, _claimOfOne(1, 1));
        assertEq(token.balanceOf(_payoutOf(1)), 10e12, "to the old address");
        skip(1);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PayoutChanged(ID, _payoutOf(1), _next);
        vm.prank(_stranger);
        registry.applyPayout(ID);
        compute.claim(2, _claimOfOne(2, 1));
        assertEq(token.balanceOf(_next), 10e12, "to the new address");
        assertEq(_provider().pendingPayout, address(0), "nothing pending");
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNothingPending.selector, ID, address(this)));
        registry.applyPayout(ID);
    }

    /// @dev A debt stays when the address changes; a proposal taken back can never be applied.
    function test_Payout_KeepsTheDebtAndCanBeTakenBack() external {
        vm.prank(address(compute));
        registry.bookDebt(ID, 77);
        registry.proposePayout(ID, _stranger);
        registry.proposePayout(ID, address(0));
        skip(CHANGE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNothingPending.selector, ID, address(this)));
        registry.applyPayout(ID);
        registry.proposePayout(ID, _next);
        skip(CHANGE_DELAY);
        registry.applyPayout(ID);
        assertEq(_provider().debtUMor, 77, "debt");
        assertEq(_provider().payout, _next, "payout");
    }

    function test_ProposePayout_RevertsWhen_Forbidden() external {
        address[6] memory forbidden = [
            address(token),
            address(compute),
            address(registry),
            address(routers),
            address(authority),
            address(compute.BOOTSTRAP())
        ];
        for (uint256 i = 0; i < forbidden.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryPayoutForbidden.selector, forbidden[i]));
            registry.proposePayout(ID, forbidden[i]);
        }
    }

    // ---- Debt ----

    function testFuzz_Debt_OnlyTheComputeContractMovesIt(address stranger) external {
        vm.assume(stranger != address(compute));
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNotCompute.selector, stranger));
        registry.bookDebt(ID, 1);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryNotCompute.selector, stranger));
        registry.absorbDebt(ID, 1);
        vm.stopPrank();
    }

    /// @dev It saturates at both ends: never negative, never wrapped.
    function testFuzz_Debt_SaturatesAtBothEnds(uint64 a, uint64 b, uint64 c) external {
        vm.startPrank(address(compute));
        registry.bookDebt(ID, a);
        registry.bookDebt(ID, b);
        uint256 sum = uint256(a) + b;
        uint64 debt = sum > type(uint64).max ? type(uint64).max : uint64(sum);
        assertEq(_provider().debtUMor, debt, "booked");
        registry.absorbDebt(ID, c);
        vm.stopPrank();
        assertEq(_provider().debtUMor, c < debt ? debt - c : 0, "absorbed");
        assertEq(_provider().payout, _payoutOf(1), "payout stays");
    }

    // ---- Exit ----

    function test_Exit_AfterTheUnbondingDelay() external {
        _credit(_each(10, 3));
        uint256 exitAt = vm.getBlockTimestamp() + UNBONDING_DELAY;
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryExitState.selector, ID, 0, false));
        registry.withdrawBond(ID);
        _expectNotOwner();
        registry.announceExit(ID);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.ExitAnnounced(ID, exitAt);
        registry.announceExit(ID);
        assertFalse(registry.isBonded(ID), "not bonded any more");
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryExitState.selector, ID, exitAt, false));
        registry.announceExit(ID);
        vm.warp(exitAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryTooEarly.selector, exitAt - 1, exitAt));
        registry.withdrawBond(ID);
        skip(1);
        _expectNotOwner();
        registry.withdrawBond(ID);
        // Without a debt the compute contract is sent nothing, not even a transfer of zero.
        token.setRefused(address(compute), true);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.BondWithdrawn(ID, address(this), BOND_WEI, 0);
        registry.withdrawBond(ID);
        assertEq(token.balanceOf(address(this)), BOND_WEI, "bond returned");
        assertTrue(_provider().exited, "exited");
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryExitState.selector, ID, exitAt, true));
        registry.withdrawBond(ID);
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryExitState.selector, ID, exitAt, true));
        registry.announceExit(ID);
        // The credit outlives the exit, and so does the id.
        compute.claim(1, _claimOfOne(1, 1));
        assertEq(token.balanceOf(_payoutOf(1)), 10e12, "credit paid after the exit");
        assertEq(_register(_payoutOf(3)), 3, "ids are never reused");
    }

    /// @dev The bond covers the debt in whole uMOR: no more is taken than the debt falls, and never more than the bond.
    function testFuzz_Exit_CoversTheDebt(uint256 extraWei, uint64 debt) external {
        extraWei = bound(extraWei, 1, 1e20);
        debt = uint64(bound(debt, 1, 300e6));
        token.mint(address(this), extraWei);
        token.approve(address(registry), extraWei);
        registry.addBond(ID, extraWei);
        vm.prank(address(compute));
        registry.bookDebt(ID, debt);
        registry.announceExit(ID);
        skip(UNBONDING_DELAY);
        uint256 bondWei = BOND_WEI + extraWei;
        uint256 covered = bondWei / 1e12 < debt ? bondWei / 1e12 : debt;
        uint256 heldBefore = compute.heldWei();
        registry.withdrawBond(ID);
        assertEq(token.balanceOf(address(this)), bondWei - covered * 1e12, "returned");
        assertEq(compute.heldWei() - heldBefore, covered * 1e12, "to the compute contract");
        assertEq(_provider().debtUMor, debt - covered, "debt left");
        assertEq(_provider().bondWei, 0, "bond");
        assertEq(token.balanceOf(address(registry)), 2 * BOND_WEI, "the others' bonds");
    }

    /// @dev A debt above the bond takes all of it: the owner is sent nothing, not even a transfer of zero.
    function testFuzz_Exit_OfABondThatTheDebtExceeds(uint64 aboveUMor) external {
        uint64 bondUMor = uint64(BOND_WEI / 1e12);
        aboveUMor = uint64(bound(aboveUMor, 0, type(uint64).max - bondUMor));
        vm.prank(address(compute));
        registry.bookDebt(ID, bondUMor + aboveUMor);
        registry.announceExit(ID);
        skip(UNBONDING_DELAY);
        token.setRefused(address(this), true);
        uint256 heldBefore = compute.heldWei();
        vm.expectEmit(address(registry));
        emit IProviderRegistry.BondWithdrawn(ID, address(this), 0, BOND_WEI);
        registry.withdrawBond(ID);
        assertEq(compute.heldWei() - heldBefore, BOND_WEI, "to the compute contract");
        assertEq(_provider().debtUMor, aboveUMor, "debt left");
        assertTrue(_provider().exited, "exited");
    }

    /// @dev An owner that the token refuses keeps its bond until another owner takes over.
    function test_Exit_OfARefusedOwner() external {
        registry.announceExit(ID);
        registry.proposeOwner(ID, _next);
        skip(UNBONDING_DELAY);
        token.setRefused(address(this), true);
        vm.expectRevert(abi.encodeWithSelector(HookToken.RecipientRefused.selector, address(this)));
        registry.withdrawBond(ID);
        assertEq(_provider().bondWei, BOND_WEI, "bond");
        assertFalse(_provider().exited, "not exited");
        vm.startPrank(_next);
        registry.acceptOwner(ID);
        registry.withdrawBond(ID);
        vm.stopPrank();
        assertEq(token.balanceOf(_next), BOND_WEI, "returned");
    }

    function test_Exit_MeetsALockWhenTheTokenCallsBack() external {
        registry.announceExit(ID);
        skip(UNBONDING_DELAY);
        token.setHook(address(registry), abi.encodeCall(IProviderRegistry.withdrawBond, (ID)));
        registry.withdrawBond(ID);
        assertFalse(token.answered(), "called back in vain");
        bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        assertEq(token.answer(), abi.encodeWithSelector(selector), "by the lock");
        assertEq(token.balanceOf(address(this)), BOND_WEI, "once");
    }

    /// @dev Every verb that moves tokens meets the lock while a bond comes in.
    function test_AddBond_ATokenThatCallsBackMeetsTheLock() external {
        bytes[5] memory verbs = [
            abi.encodeCall(
                IProviderRegistry.register,
                (_next, _payoutOf(9), BOND_WEI, IProviderRegistry.Metadata("", 0))
            ),
            abi.encodeCall(IProviderRegistry.addBond, (ID, 1)),
            abi.encodeCall(IProviderRegistry.withdrawBond, (ID)),
            abi.encodeCall(IProviderRegistry.executeSlash, (keccak256("event"))),
            abi.encodeCall(IProviderRegistry.rescue, (IERC20(address(compute)), _next, 1))
        ];
        _govern(address(authority), abi.encodeCall(authority.grantRole, (GOVERNANCE_ROLE, address(token), 0)));
        token.mint(address(this), verbs.length);
        token.approve(address(registry), verbs.length);
        for (uint256 i = 0; i < verbs.length; ++i) {
            token.setHook(address(registry), verbs[i]);
            registry.addBond(ID, 1);
            assertFalse(token.answered(), "called back in vain");
            bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
            assertEq(token.answer(), abi.encodeWithSelector(selector), "by the lock");
        }
        assertEq(_provider().bondWei, BOND_WEI + verbs.length, "bond");
    }

    // ---- Owner ----

    /// @dev Where no payout was proposed there is nothing to take back, and no event of it.
    function test_AcceptOwner_WithoutAProposedPayout() external {
        registry.proposeOwner(ID, _next);
        skip(CHANGE_DELAY);
        vm.recordLogs();
        vm.prank(_next);
        registry.acceptOwner(ID);
        assertEq(vm.getRecordedLogs().length, 1, "the change of the owner alone");
    }

    // ---- Models ----

    function _possession(uint256 key, ProviderId id, bytes32 model) private view returns (bytes memory) {
        bytes32 typeHash = keccak256("ModelPossession(uint64 providerId,bytes32 modelId)");
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Yellowstone Compute"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 message = keccak256(abi.encode(typeHash, uint256(ProviderId.unwrap(id)), model));
        return _signatureOf(key, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function test_RecordPossession_ByAKey() external {
        (address owner, uint256 key) = makeAddrAndKey("owner");
        registry.proposeOwner(ID, owner);
        skip(CHANGE_DELAY);
        vm.prank(owner);
        registry.acceptOwner(ID);
        bytes memory signature = _possession(key, ID, MODEL);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PossessionRecorded(ID, MODEL, owner);
        vm.prank(_stranger);
        registry.recordPossession(ID, MODEL, signature);
        assertTrue(registry.hasModel(ID, MODEL), "has the model");
        assertFalse(registry.hasModel(ID, keccak256("other")), "not another");
        bytes4 selector = IProviderRegistry.RegistryPossessionInvalid.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, ID, keccak256("other")));
        registry.recordPossession(ID, keccak256("other"), signature);
        bytes memory foreign = _possession(keys[0], ID, keccak256("other"));
        vm.expectRevert(abi.encodeWithSelector(selector, ID, keccak256("other")));
        registry.recordPossession(ID, keccak256("other"), foreign);
        vm.prank(owner);
        registry.proposeOwner(ID, _next);
        skip(CHANGE_DELAY);
        vm.prank(_next);
        registry.acceptOwner(ID);
        assertFalse(registry.hasModel(ID, MODEL), "the next owner has not signed");
    }

    /// @dev Whatever a contract owner answers: recorded, refused, or out of the caller's own gas.
    function test_RecordPossession_HostileOwnersRecordNothing() external {
        ProgrammableRouter owner = new ProgrammableRouter(ProgrammableRouter.Manner.Honest);
        registry.proposeOwner(ID, address(owner));
        skip(CHANGE_DELAY);
        vm.prank(address(owner));
        registry.acceptOwner(ID);
        for (uint256 i = 0; i <= uint256(type(ProgrammableRouter.Manner).max); ++i) {
            owner.setManner(ProgrammableRouter.Manner(i));
            bytes32 model = keccak256(abi.encode(i));
            bytes memory call = abi.encodeCall(registry.recordPossession, (ID, model, "yes"));
            (bool done, ) = address(registry).call{gas: 500_000}(call);
            // A yes is a yes however long it is.
            bool accepts =
                i == uint256(ProgrammableRouter.Manner.Honest) || i == uint256(ProgrammableRouter.Manner.ReturnsMuch);
            assertEq(done, accepts, "accepted");
            assertEq(registry.hasModel(ID, model), accepts, "recorded");
            assertEq(owner.written(), 0, "nothing written from a view");
        }
    }

    function test_RecordPossession_ByAContract() external {
        ProgrammableRouter owner = new ProgrammableRouter(ProgrammableRouter.Manner.Honest);
        registry.proposeOwner(ID, address(owner));
        skip(CHANGE_DELAY);
        vm.prank(address(owner));
        registry.acceptOwner(ID);
        bytes4 selector = IProviderRegistry.RegistryPossessionInvalid.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, ID, MODEL));
        registry.recordPossession(ID, MODEL, "no");
        registry.recordPossession(ID, MODEL, "yes");
        assertTrue(registry.hasModel(ID, MODEL), "has the model");
        owner.setManner(ProgrammableRouter.Manner.Reverts);
        vm.expectRevert(abi.encodeWithSelector(selector, ID, MODEL));
        registry.recordPossession(ID, MODEL, "yes");
    }
}
