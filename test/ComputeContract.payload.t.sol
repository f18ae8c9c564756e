// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {PackedRange} from "../contracts/libraries/PackedRange.sol";
import {WordTree} from "../contracts/libraries/WordTree.sol";
import {PlainRange, PlainTree, PlainWordTree} from "./mocks/PlainWordTree.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `attest`: deltas and witness must lead from the head's root to the signed root and sum, for registered ids.
contract ComputeContractPayloadTest is ComputeFixture {
    using PlainWordTree for PlainTree;

    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
        _credit(_each(7, 10));
        skip(12);
    }

    // ---- Root and sum ----

    function testFuzz_Attest_RevertsWhen_SumDiffers(uint64 credited) external {
        Post memory post = _build(_each(3, 10));
        vm.assume(credited != 30 && credited != 0);
        post.message.credited = credited;
        _sign(post);
        bytes4 selector = IComputeContract.AttestationSumMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, credited, 30));
    }

    function testFuzz_Attest_RevertsWhen_NewRootDiffers(bytes32 newRoot) external {
        Post memory post = _build(_each(3, 10));
        bytes32 computed = post.message.newRoot;
        vm.assume(newRoot != computed);
        post.message.newRoot = newRoot;
        _sign(post);
        bytes4 selector = IComputeContract.AttestationRootMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, newRoot, computed));
    }

    /// @dev Whoever posts cannot credit another provider the same sum.
    function test_Attest_RevertsWhen_DeltasCreditAnother() external {
        Post memory post = _build(_only(1, 5, 10));
        Post memory other = _build(_only(2, 5, 10));
        post.deltas = other.deltas;
        bytes4 selector = IComputeContract.AttestationRootMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, post.message.newRoot, other.message.newRoot));
    }

    function test_Attest_RevertsWhen_SiblingIsWrong() external {
        PlainRange memory range = PlainRange({firstWord: 0, level: 0, count: 1});
        Post memory post = _buildRange(range, _only(0, 5, 4));
        post.witness[post.witness.length - 1] ^= 0x01;
        PlainTree memory tree = _headTree(10);
        // The last sibling is the node of words 2 and 3, at level 1.
        bytes32 left = keccak256(abi.encode(tree.wordAt(0), tree.wordAt(1)));
        bytes32 node = keccak256(abi.encode(left, tree.nodeAt(1, 1) ^ bytes32(uint256(1))));
        for (uint256 level = 2; level < 20; ++level) {
            node = keccak256(abi.encode(node, PlainWordTree.emptyNode(level)));
        }
        bytes4 selector = WordTree.LedgerRootMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 0, node, compute.headRoot()));
    }

    function test_Attest_RevertsWhen_RangeIsMisaligned() external {
        Post memory post = _build(_each(1, 10));
        post.deltas[2] = 0x01;
        _expectAttestRevert(post, abi.encodeWithSelector(PackedRange.LedgerRangeMisaligned.selector, 1, 2));
    }

    function test_Attest_RevertsWhen_RangeIsOutsideTheTree() external {
        Post memory post = _build(_each(1, 10));
        post.deltas[0] = 0x10;
        bytes4 selector = PackedRange.LedgerRangeOutsideTree.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 1 << 20, 2));
    }

    function test_Attest_RevertsWhen_BytesTrail() external {
        Post memory post = _build(_each(1, 10));
        post.witness = abi.encodePacked(post.witness, uint8(0));
        _expectAttestRevert(post, abi.encodeWithSelector(PackedRange.LedgerTrailingBytes.selector, 1));
    }

    /// @dev No quorum can reach a lane of 2^62: it takes 2^18 deltas of the largest width.
    function test_Attest_RevertsWhen_LaneOverflows() external {
        PlainRange memory range = PlainRange({firstWord: 0, level: 0, count: 1});
        uint64[] memory deltas = _only(3, (1 << 44) - 1, 4);
        bytes memory all = PlainWordTree.encodeDeltas(range, deltas, 44);
        PlainTree memory tree = _headTree(10);
        Post memory post = _buildRange(range, deltas);
        // The same range over and over, on a ledger that is nearly full: only the arithmetic can refuse it.
        tree.lanes[3] = (1 << 62) - 1;
        vm.store(address(compute), _rootSlotOf(1), tree.rootOf());
        post.deltas = all;
        post.witness = tree.encodeWitness(range, 62);
        post.message.previousRoot = tree.rootOf();
        _sign(post);
        _expectAttestRevert(post, abi.encodeWithSelector(WordTree.LedgerLaneOverflow.selector, 0));
    }

    /// @dev Storage slot of the root of `seq`, found by its value.
    function _rootSlotOf(uint256 seq) private view returns (bytes32 slot) {
        for (uint256 i = 0; i < 32; ++i) {
            slot = keccak256(abi.encode(seq, i));
            if (vm.load(address(compute), slot) == compute.rootOf(seq)) return slot;
        }
        revert("root not found in storage");
    }

    // ---- Registered providers ----

    function test_Attest_RevertsWhen_ProviderIsUnregistered() external {
        bytes4 selector = ILedger.LedgerProviderUnregistered.selector;
        _expectAttestRevert(_build(_only(10, 5, 12)), abi.encodeWithSelector(selector, 11, 10));
        _expectAttestRevert(_build(_only(11, 5, 12)), abi.encodeWithSelector(selector, 12, 10));
        _register(_payoutOf(10));
        _credit(_only(10, 5, 12));
        assertEq(compute.owedWei(), 75e12, "owed");
    }

    /// @dev Ids count from the first registration on, in whatever order words are credited.
    function test_Attest_OfAFarProviderThenANearOne() external {
        for (uint256 i = 10; i < 20; ++i) _register(_payoutOf(i));
        _credit(_only(19, 5, 20));
        _credit(_only(0, 5, 10));
        bytes4 selector = ILedger.LedgerProviderUnregistered.selector;
        _expectAttestRevert(_build(_only(20, 5, 21)), abi.encodeWithSelector(selector, 21, 20));
    }

    /// @dev A range far to the right of every provider, even one that credits nobody, names ids that do not exist.
    function test_Attest_RevertsWhen_ARangeStandsBehindAllProviders() external {
        Post memory post = _build(_each(1, 10));
        PlainRange memory far = PlainRange({firstWord: 100, level: 0, count: 1});
        PlainTree memory tree = _headTree(10);
        for (uint256 i = 0; i < 10; ++i) tree.lanes[i] += 1;
        post.deltas = abi.encodePacked(post.deltas, PlainWordTree.encodeDeltas(far, _each(0, 4), 0));
        post.witness = abi.encodePacked(post.witness, tree.encodeWitness(far, 0));
        bytes4 selector = ILedger.LedgerProviderUnregistered.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 400, 10));
    }

    // ---- Several ranges ----

    /// @dev Two words apart, as two ranges, are the same attestation as the whole tree at once.
    function test_Attest_SparseAndWholeAreTheSame() external {
        uint64[] memory deltas = new uint64[](10);
        deltas[1] = 4;
        deltas[8] = 6;
        Post memory post = _build(deltas);
        PlainRange memory first = PlainRange({firstWord: 0, level: 0, count: 1});
        PlainRange memory second = PlainRange({firstWord: 2, level: 0, count: 1});
        PlainTree memory tree = _headTree(12);
        uint64[] memory one = _only(1, 4, 4);
        uint64[] memory two = _only(0, 6, 4);
        post.deltas = PlainWordTree.encodeDeltas(first, one, 3);
        post.witness = tree.encodeWitness(first, 3);
        tree.credit(first, one);
        post.deltas = abi.encodePacked(post.deltas, PlainWordTree.encodeDeltas(second, two, 3));
        post.witness = abi.encodePacked(post.witness, tree.encodeWitness(second, 3));
        _attest(post);
        assertEq(compute.headRoot(), post.message.newRoot, "root");
    }
}
