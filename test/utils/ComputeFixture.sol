// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {LinearDecreaseSchedule} from "../../contracts/emission/LinearDecreaseSchedule.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {RouterSet} from "../../contracts/routers/RouterSet.sol";
import {Attestation} from "../../contracts/types/Attestation.sol";
import {BootstrapWindow} from "../../contracts/types/BootstrapWindow.sol";
import {HookToken} from "../mocks/HookToken.sol";
import {PlainRange, PlainTree, PlainWordTree} from "../mocks/PlainWordTree.sol";
import {AuthorityFixture} from "./AuthorityFixture.sol";

/// @title ComputeFixture
/// @notice The whole suite under a constant emission, with 2 of 3 routers, and the ledger kept beside it by the plain twin.
abstract contract ComputeFixture is AuthorityFixture {
    using PlainWordTree for PlainTree;

    /// @dev An attestation as it is sent.
    struct Post {
        Attestation message;
        bytes deltas;
        bytes witness;
        bytes debits;
        bytes quorum;
    }

    uint256 internal constant START = 1707393600;
    uint256 internal constant FIRST_DAY = 10;
    uint256 internal constant DAILY_WEI = 3456e18;
    uint256 internal constant DELAY = 600;
    uint256 internal constant BOND_WEI = 1e18;
    uint256 internal constant CHANGE_DELAY = 1 days;
    uint256 internal constant UNBONDING_DELAY = 7 days;
    bytes32 internal constant REPORTS_ROOT = keccak256("reports");

    HookToken internal token;
    LinearDecreaseSchedule internal schedule;
    RouterSet internal routers;
    IComputeContract internal compute;
    IProviderRegistry internal registry;

    /// @dev The lanes after each attestation; those of 0 are all zero.
    mapping(uint256 seq => uint64[]) internal lanesAt;

    /// @dev Deploys everything in the middle of block-day 10, where block 79,200 is open, with `providers` providers and
    /// `poolWei` that arrived and was booked.
    function _deploy(uint256 providers, uint256 poolWei) internal {
        vm.warp(START + FIRST_DAY * 1 days + 12 hours);
        token = HookToken(deployCode("HookToken.sol:HookToken", ""));
        schedule = LinearDecreaseSchedule(
            deployCode("LinearDecreaseSchedule.sol:LinearDecreaseSchedule", abi.encode(DAILY_WEI, 0, START, 1 days))
        );
        _createKeys(3);
        _deployAuthority();
        routers = _newRouterSet(_ecdsaSet(), 2, address(authority));
        compute = _newCompute(DELAY);
        registry = compute.REGISTRY();
        _handOver(compute, routers);
        for (uint256 i = 0; i < providers; ++i) _register(_payoutOf(i));
        if (poolWei != 0) {
            token.mint(address(compute), poolWei);
            compute.intake();
        }
        skip(12);
    }

    /// @dev A compute contract over the token, schedule and routers of this fixture.
    function _newCompute(uint256 activationDelay) internal returns (IComputeContract) {
        return _newComputeOver(address(token), address(authority), activationDelay, _bonds());
    }

    function _newComputeOver(
        address over,
        address underAuthority,
        uint256 activationDelay,
        IProviderRegistry.Parameters memory bonds
    ) internal returns (IComputeContract) {
        bytes memory arguments = abi.encode(over, schedule, routers, underAuthority, activationDelay, bonds, _window());
        return IComputeContract(deployCode("ComputeContract.sol:ComputeContract", arguments));
    }

    /// @dev Window of the bootstrap pool: none, unless a fixture names one.
    function _window() internal view virtual returns (BootstrapWindow memory window) {}

    function _bonds() internal pure virtual returns (IProviderRegistry.Parameters memory) {
        return IProviderRegistry.Parameters(BOND_WEI, CHANGE_DELAY, UNBONDING_DELAY);
    }

    // ---- Providers ----

    function _payoutOf(uint256 id) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("payout", id)))));
    }

    function _register(address payout) internal returns (uint256 id) {
        token.mint(address(this), BOND_WEI);
        token.approve(address(registry), BOND_WEI);
        id = registry.providerCount();
        registry.register(address(this), payout, BOND_WEI, IProviderRegistry.Metadata("", 0));
    }

    // ---- Attestations ----

    /// @dev Lanes of the standing ledger, of which `count` at least are given.
    function _headTree(uint256 count) internal view returns (PlainTree memory tree) {
        return _treeAt(compute.headSeq(), count);
    }

    function _treeAt(uint256 seq, uint256 count) internal view returns (PlainTree memory tree) {
        uint64[] memory lanes = lanesAt[seq];
        uint256 length = lanes.length > count ? lanes.length : count;
        tree.lanes = new uint64[]((length + 3) & ~uint256(3));
        for (uint256 i = 0; i < lanes.length; ++i) tree.lanes[i] = lanes[i];
    }

    /// @dev The range from word 0 that holds `lanes` lanes.
    function _rangeOf(uint256 lanes) internal pure returns (PlainRange memory range) {
        uint256 words = (lanes + 3) / 4;
        range.level = PlainWordTree.levelFor(words);
        range.count = words == 1 ? 1 : (words + 1) & ~uint256(1);
    }

    /// @dev `count` lanes of which only `id` is `amountUMor`.
    function _only(uint256 id, uint64 amountUMor, uint256 count) internal pure returns (uint64[] memory deltas) {
        deltas = new uint64[](count);
        deltas[id] = amountUMor;
    }

    /// @dev The first `count` lanes are each `amountUMor`.
    function _each(uint64 amountUMor, uint256 count) internal pure returns (uint64[] memory deltas) {
        deltas = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) deltas[i] = amountUMor;
    }

    /// @dev The next attestation: adds `deltas` from id 0 on, closes every complete block, signed by the first two.
    function _build(uint64[] memory deltas) internal view returns (Post memory post) {
        PlainRange memory range = _rangeOf(deltas.length);
        uint64[] memory padded = new uint64[](range.count * 4);
        for (uint256 i = 0; i < deltas.length; ++i) padded[i] = deltas[i];
        return _buildRange(range, padded);
    }

    /// @dev The next attestation: adds `deltas` in `range`, four a word.
    function _buildRange(PlainRange memory range, uint64[] memory deltas) internal view returns (Post memory post) {
        PlainTree memory tree = _headTree((range.firstWord + range.count) * 4);
        post.deltas = PlainWordTree.encodeDeltas(range, deltas, PlainWordTree.widthOf(deltas));
        post.witness = tree.encodeWitness(range, PlainWordTree.widthOf(tree.lanesIn(range)));
        post.message.previousRoot = tree.rootOf();
        (uint256 sumUMor, ) = tree.credit(range, deltas);
        post.message.newRoot = tree.rootOf();
        post.message.credited = uint64(sumUMor);
        post.message.seq = compute.lastSeq() + 1;
        post.message.firstBlock = compute.nextBlock();
        post.message.lastBlock = uint64((vm.getBlockTimestamp() - START) / 12 - 1);
        post.message.reportsRoot = REPORTS_ROOT;
        post.message.routerSet = routers.digest();
        post.message.deadline = uint64(vm.getBlockTimestamp() + 1 hours);
        _sign(post);
    }

    /// @dev Signs the message as it stands now.
    function _sign(Post memory post) internal view {
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 3);
    }

    function _attest(Post memory post) internal {
        compute.attest(post.message, post.deltas, post.witness, post.debits, post.quorum);
    }

    /// @dev Posts the next attestation and keeps its lanes.
    function _credit(uint64[] memory deltas) internal returns (uint64 seq) {
        Post memory post = _build(deltas);
        PlainTree memory tree = _headTree(deltas.length);
        for (uint256 i = 0; i < deltas.length; ++i) tree.lanes[i] += deltas[i];
        _attest(post);
        seq = post.message.seq;
        lanesAt[seq] = tree.lanes;
    }

    function _expectAttestRevert(Post memory post, bytes memory reason) internal {
        vm.expectRevert(reason);
        _attest(post);
    }

    // ---- Claims ----

    function _activate() internal {
        skip(DELAY);
    }

    /// @dev Every lane of attestation `seq`, as a claim.
    function _claimOf(uint256 seq) internal view returns (bytes memory) {
        PlainTree memory tree = _treeAt(seq, 1);
        return tree.encodeClaim(_rangeOf(tree.lanes.length), 15);
    }

    /// @dev The words of provider `id` at attestation `seq`, for its own lane.
    function _claimOfOne(uint256 seq, uint256 id) internal view returns (bytes memory) {
        PlainTree memory tree = _treeAt(seq, id + 1);
        return tree.encodeClaim(PlainRange({firstWord: id / 4, level: 0, count: 1}), 1 << (id % 4));
    }

    function _settledOf(uint256 id) internal view returns (uint64) {
        return uint64(compute.settledWord(id / 4) >> (64 * (id % 4)));
    }
}
