// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {IReserve} from "../../contracts/interfaces/IReserve.sol";
import {IReserveBooks} from "../../contracts/interfaces/IReserveBooks.sol";
import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {ProviderId} from "../../contracts/types/ProviderId.sol";
import {SlashOrder} from "../../contracts/types/SlashOrder.sol";
import {DebitFixture} from "../utils/DebitFixture.sol";

/// @notice What went wrong elsewhere, tried here: a test for each incident, named after it.
contract IncidentsTest is DebitFixture {
    address private _stranger = makeAddr("stranger");

    function setUp() external {
        _deploy({providers: 8, poolWei: 1000e18});
    }

    function _id(uint256 id) private pure returns (ProviderId) {
        return ProviderId.wrap(uint32(id));
    }

    // ---- Quorum ----

    /// @dev Ronin 2024: an upgrade left the vote threshold at zero, and anything passed.
    function test_Ronin_AThresholdIsNeverZero() external {
        IRouterSet.Router[] memory set = _ecdsaSet();
        bytes4 selector = IRouterSet.RouterThresholdInvalid.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 3));
        _newRouterSet(set, 0, address(authority));
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 3));
        this.govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (set, 0)));
        bytes32 hash = keccak256("message");
        bytes32 digest = routers.digest();
        bytes memory quorum = _quorumOf(hash, 0);
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterQuorumMissing.selector, 0, 2));
        routers.requireQuorum(hash, digest, quorum);
        // The threshold that travels is part of the digest: posting a zero of one's own names another set.
        quorum = abi.encodePacked(_encodeSet(set, 0), uint32(0));
        bytes32 given = keccak256(_encodeSet(set, 0));
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterSetUnknown.selector, given, digest));
        routers.requireQuorum(hash, digest, quorum);
    }

    /// @dev Lido 2025: one of nine oracle keys was stolen. It signs nothing alone, and is removed while the others go on.
    function test_Lido_OneOfNineKeysIsStolen() external {
        _createKeys(9);
        _govern(address(routers), abi.encodeCall(IRouterSet.setRouters, (_ecdsaSet(), 5)));
        setEpoch = 2;
        Post memory post = _build(_each(1, 8));
        bytes32 hash = compute.hashAttestation(post.message);
        post.quorum = _quorumOf(hash, 1);
        _expectAttestRevert(post, abi.encodeWithSelector(IRouterSet.RouterQuorumMissing.selector, 1, 5));
        address stolen = vm.addr(keys[0]);
        vm.prank(guardian);
        routers.removeRouter(stolen);
        for (uint256 i = 1; i < 9; ++i) keys[i - 1] = keys[i];
        keys.pop();
        setEpoch = 3;
        post = _build(_each(1, 8));
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 31);
        _attest(post);
        assertEq(compute.lastSeq(), 1, "the rest signs");
    }

    /// @dev OpenZeppelin GHSA-4h98-2769-gh6h: signatures as replay keys. Another valid form, or other signers, are no new act.
    function test_SignatureBytesAreNoReplayKey() external {
        Post memory post = _build(_each(1, 8));
        _attest(post);
        bytes32 hash = compute.hashAttestation(post.message);
        bytes4 selector = IComputeContract.AttestationSeqInvalid.selector;
        for (uint256 signers = 3; signers <= 7; ++signers) {
            if (signers == 4) continue;
            post.quorum = _quorumOf(hash, signers);
            _expectAttestRevert(post, abi.encodeWithSelector(selector, 1, 2));
        }
        SlashOrder memory order = _order();
        registry.postSlash(order, _quorumOf(registry.hashSlashOrder(order), 3));
        bytes memory others = _quorumOf(registry.hashSlashOrder(order), 6);
        selector = IProviderRegistry.RegistrySlashState.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, order.eventId, IProviderRegistry.SlashState.Pending));
        registry.postSlash(order, others);
    }

    /// @dev The Graph, four times: the hashed type drifted from the struct. The digest is that of the fields as they are.
    function test_TheGraph_TheTypeHashIsThatOfTheStruct() external view {
        Post memory post = _build(_each(1, 8));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Yellowstone Compute"),
                keccak256("1"),
                block.chainid,
                address(compute)
            )
        );
        bytes32 typeHash = keccak256(
            "Attestation(uint64 seq,bytes32 previousRoot,bytes32 newRoot,uint64 credited,bytes32 debitsHash,uint64 firstBlock,uint64 lastBlock,bytes32 reportsRoot,bytes32 routerSet,uint64 deadline)"
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typeHash, post.message))));
        assertEq(compute.hashAttestation(post.message), digest, "digest");
    }

    // ---- Books ----

    /// @dev Compound 062: one comparison let a stale index pay again. A lane at, below and above what was settled.
    function test_Compound062_EachSideOfTheComparison() external {
        uint64 older = _credit(_each(10, 8));
        skip(12);
        uint64 newer = _credit(_only(3, 1, 8));
        _activate();
        assertEq(compute.claim(newer, _claimOf(newer)), 81e12, "everything");
        bytes4 selector = IComputeContract.ClaimNothingDue.selector;
        bytes memory ranges = _claimOf(newer);
        vm.expectRevert(abi.encodeWithSelector(selector, newer));
        compute.claim(newer, ranges);
        ranges = _claimOf(older);
        vm.expectRevert(abi.encodeWithSelector(selector, older));
        compute.claim(older, ranges);
        skip(12);
        uint64 one = _credit(_only(3, 1, 8));
        _activate();
        assertEq(compute.claim(one, _claimOf(one)), 1e12, "exactly one more");
    }

    /// @dev Balancer 2025: rounding that favours the caller, a wei at a time. Here a payment is whole uMOR, the bond covers no
    /// more debt than falls, and the day's hundredth is rounded down.
    function test_Balancer_RoundingIsNeverTheCallers() external {
        uint64 seq = _creditWith(_each(10, 8), _debitOf(1, 20));
        _activate();
        compute.debit(seq, _debitOf(1, 20));
        token.mint(address(this), 5e11);
        token.approve(address(registry), 5e11);
        registry.addBond(_id(1), 5e11);
        registry.announceExit(_id(1));
        skip(UNBONDING_DELAY);
        uint256 before = token.balanceOf(address(this));
        registry.withdrawBond(_id(1));
        assertEq(token.balanceOf(address(this)) - before, BOND_WEI + 5e11 - 20e12, "the debt, to the uMOR");
        token.mint(address(compute), 99);
        skip(1 days);
        compute.intake();
        uint256 opening = compute.openingWei();
        assertLe(
            compute.budgetWei() - _min(compute.freshWei(), compute.scheduledTodayWei()),
            opening / 100,
            "a hundredth at the most"
        );
    }

    /// @dev UMA: pools that shared one balance drained each other. Credits, bonds and the bootstrap pool stand apart.
    function test_Uma_PoolsDoNotRobEachOther() external {
        uint256 bonds = token.balanceOf(address(registry));
        uint64 seq;
        for (uint256 day = 0; day < 5; ++day) {
            skip(1 days);
            compute.intake();
            seq = _credit(_only(0, uint64(compute.allowanceWei() / 1e12), 8));
        }
        _activate();
        uint256 paid = compute.claim(seq, _claimOf(seq));
        assertEq(token.balanceOf(_payoutOf(0)), paid, "paid");
        assertEq(token.balanceOf(address(registry)), bonds, "bonds");
        assertEq(compute.heldWei(), compute.unusedWei() + compute.bootstrapWei(), "the rest is there");
        for (uint256 i = 0; i < 8; ++i) registry.announceExit(_id(i));
        skip(UNBONDING_DELAY);
        for (uint256 i = 0; i < 8; ++i) registry.withdrawBond(_id(i));
        assertEq(token.balanceOf(address(this)), 8 * BOND_WEI, "every bond");
    }

    /// @dev Nomad: the zero root was taken as proven. Here an unknown, a vetoed and the zero root prove nothing.
    function test_Nomad_TheZeroRootProvesNothing() external {
        uint64 seq = _credit(_each(10, 8));
        bytes memory ranges = _claimOf(seq);
        vm.prank(guardian);
        compute.veto(seq);
        _activate();
        bytes4 selector = ILedger.LedgerAttestationUnknown.selector;
        uint64[3] memory unknown = [seq, seq + 1, type(uint64).max];
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(compute.rootOf(unknown[i]), 0, "no root");
            vm.expectRevert(abi.encodeWithSelector(selector, unknown[i]));
            compute.claim(unknown[i], ranges);
        }
        Post memory post = _build(_each(1, 8));
        bytes32 head = compute.headRoot();
        post.message.previousRoot = 0;
        _sign(post);
        _expectAttestRevert(post, abi.encodeWithSelector(IComputeContract.AttestationRootStale.selector, 0, head));
    }

    /// @dev Morpheus: an emission cursor that reverted at the schedule's end, and pokes at a day's boundary that paid.
    function test_Morpheus_TheScheduleEndsAndNobodyGainsAtABoundary() external {
        uint64 seq = _credit(_each(10, 8));
        _activate();
        uint256 day = compute.day() + 1;
        vm.warp(START + day * 1 days - 1);
        compute.intake();
        skip(1);
        compute.intake();
        uint256 budget = compute.budgetWei();
        for (uint256 i = 0; i < 3; ++i) {
            skip(1);
            compute.intake();
            assertEq(compute.budgetWei(), budget, "a poke changes nothing");
        }
        // Centuries later, and with a schedule that answers nothing.
        skip(300 * 365 days);
        compute.intake();
        vm.etch(address(schedule), "");
        assertEq(compute.claim(seq, _claimOf(seq)), 80e12, "still paid");
    }

    /// @dev Morpheus and Lumerin: a budget that was only a view. The guard refuses what the view does not show.
    function test_Lumerin_TheBudgetIsEnforced() external {
        uint256 allowance = compute.allowanceWei();
        uint64 more = uint64(allowance / 1e12) + 1;
        Post memory post = _build(_only(0, more, 8));
        bytes4 selector = IReserveBooks.ReserveAllowanceExceeded.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, uint256(more) * 1e12, allowance));
    }

    // ---- Parties ----

    /// @dev Morpheus and Lumerin: an approval that another user could spend. A bond comes from whoever calls.
    function test_Lumerin_AnApprovalIsItsGiversAlone() external {
        token.mint(address(this), 5 * BOND_WEI);
        token.approve(address(registry), type(uint256).max);
        vm.prank(_stranger);
        (bool done, ) = address(registry).call(
            abi.encodeCall(registry.register, (_stranger, _stranger, BOND_WEI, IProviderRegistry.Metadata("", 0)))
        );
        assertFalse(done, "registered");
        vm.prank(_stranger);
        (done, ) = address(registry).call(abi.encodeCall(registry.addBond, (_id(0), BOND_WEI)));
        assertFalse(done, "added");
        assertEq(token.balanceOf(address(this)), 5 * BOND_WEI, "untouched");
    }

    /// @dev The Graph: a counter kept by a party that could be changed. What is settled and slashed stays with the id.
    function test_TheGraph_CountersSurviveEveryChangeOfParty() external {
        uint64 seq = _credit(_each(10, 8));
        _activate();
        compute.claim(seq, _claimOf(seq));
        SlashOrder memory order = _order();
        registry.postSlash(order, _quorumOf(registry.hashSlashOrder(order), 3));
        registry.proposePayout(_id(1), _stranger);
        registry.proposeOwner(_id(1), _stranger);
        skip(CHANGE_DELAY);
        registry.applyPayout(_id(1));
        vm.prank(_stranger);
        registry.acceptOwner(_id(1));
        bytes memory ranges = _claimOf(seq);
        vm.expectRevert(abi.encodeWithSelector(IComputeContract.ClaimNothingDue.selector, seq));
        compute.claim(seq, ranges);
        order.deadline = uint64(vm.getBlockTimestamp() + 1);
        bytes memory quorum = _quorumOf(registry.hashSlashOrder(order), 3);
        bytes4 selector = IProviderRegistry.RegistrySlashState.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, order.eventId, IProviderRegistry.SlashState.Pending));
        registry.postSlash(order, quorum);
    }

    /// @dev Livepeer: a call of value zero moved another's timer. Nobody but the owner moves one here.
    function test_Livepeer_NobodyMovesAnothersTimer() external {
        registry.announceExit(_id(0));
        registry.proposePayout(_id(0), _stranger);
        bytes memory before = abi.encode(registry.providerOf(_id(0)));
        token.mint(_stranger, 1);
        vm.startPrank(_stranger);
        token.approve(address(registry), 1);
        vm.expectRevert(IProviderRegistry.RegistryAmountZero.selector);
        registry.addBond(_id(0), 0);
        bytes memory refused = abi.encodeWithSelector(
            IProviderRegistry.RegistryNotOwner.selector,
            _id(0),
            _stranger,
            address(this)
        );
        vm.expectRevert(refused);
        registry.announceExit(_id(0));
        vm.expectRevert(refused);
        registry.proposePayout(_id(0), _stranger);
        assertEq(abi.encode(registry.providerOf(_id(0))), before, "as it was");
        registry.addBond(_id(0), 1);
        vm.stopPrank();
        skip(UNBONDING_DELAY);
        registry.withdrawBond(_id(0));
        assertEq(token.balanceOf(address(this)), BOND_WEI + 1, "on time, gift included");
    }

    /// @dev ZKsync 2025: an admin's sweep of a distributor. No key moves MOR out of any contract of the suite.
    function test_Zksync_NoAdminSweepsMor() external {
        _credit(_each(10, 8));
        bytes memory call = abi.encodeCall(IComputeContract.rescue, (token, governance, 1));
        vm.expectRevert(abi.encodeWithSelector(IReserve.ReserveTokenNotRescuable.selector, address(token)));
        this.govern(address(compute), call);
        call = abi.encodeCall(IProviderRegistry.rescue, (token, governance, 1));
        vm.expectRevert(abi.encodeWithSelector(IProviderRegistry.RegistryTokenNotRescuable.selector, address(token)));
        this.govern(address(registry), call);
        assertEq(token.allowance(address(compute), governance), 0, "no allowance");
        assertEq(token.allowance(address(registry), governance), 0, "no allowance");
    }

    function govern(address target, bytes calldata data) external {
        _govern(target, data);
    }

    function _order() private view returns (SlashOrder memory order) {
        order.eventId = keccak256("event");
        order.providerId = 1;
        order.amountWei = 1;
        order.reasonHash = keccak256("reason");
        order.routerSet = routers.digest();
        order.deadline = uint64(vm.getBlockTimestamp() + 1 hours);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
