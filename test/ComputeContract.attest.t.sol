// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {IReserveBooks} from "../contracts/interfaces/IReserveBooks.sol";
import {WordTree} from "../contracts/libraries/WordTree.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `attest`: what an accepted attestation does, and the head it must continue.
contract ComputeContractAttestTest is ComputeFixture {
    /// @dev Block 79,200 was open at deployment: the first that can be closed, and complete by now.
    uint64 private constant FIRST_BLOCK = uint64((FIRST_DAY * 1 days + 12 hours) / 12);

    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    // ---- Accepted ----

    function test_Constructor_StartsAtTheOpenBlock() external view {
        assertEq(compute.nextBlock(), FIRST_BLOCK, "next block");
        assertEq(compute.lastSeq(), 0, "last seq");
        assertEq(compute.headSeq(), 0, "head seq");
        assertEq(compute.headRoot(), WordTree.EMPTY_ROOT, "root");
        assertEq(compute.ACTIVATION_DELAY(), DELAY, "activation delay");
        assertEq(address(compute.ROUTERS()), address(routers), "routers");
        assertEq(compute.version(), "1", "version");
        assertEq(registry.COMPUTE(), address(compute), "registry's compute contract");
    }

    function test_Attest() external {
        Post memory post = _build(_only(9, 5e6, 10));
        uint256 activeAt = vm.getBlockTimestamp() + DELAY;
        vm.expectEmit(address(compute));
        emit IComputeContract.Attested(
            1,
            post.message.newRoot,
            5e6,
            5e6,
            0,
            FIRST_BLOCK,
            FIRST_BLOCK,
            REPORTS_ROOT,
            activeAt,
            post.deltas
        );
        _attest(post);

        assertEq(compute.lastSeq(), 1, "last seq");
        assertEq(compute.headSeq(), 1, "head seq");
        assertEq(compute.nextBlock(), FIRST_BLOCK + 1, "next block");
        assertEq(compute.headRoot(), post.message.newRoot, "head root");
        assertEq(compute.rootOf(1), post.message.newRoot, "root of 1");
        assertEq(compute.rootOf(0), WordTree.EMPTY_ROOT, "root of 0 stays");
        assertEq(compute.activeAtOf(1), activeAt, "active at");
        assertEq(compute.attestedUMor(), 5e6, "attested");
        assertEq(compute.owedWei(), 5e18, "owed");
        assertEq(compute.unusedWei(), 995e18, "unused");
    }

    function test_Attest_KeepsARecord() external {
        _credit(_each(3, 10));
        skip(24);
        _credit(_each(4, 10));
        ILedger.Record memory record = compute.recordOf(2);
        assertEq(record.seq, 2, "seq");
        assertEq(record.previousSeq, 1, "previous seq");
        assertEq(record.attestedBeforeUMor, 30, "attested before");
        assertEq(record.firstBlock, FIRST_BLOCK + 1, "first block");
        assertEq(record.activeAt, vm.getBlockTimestamp() + DELAY, "active at");
    }

    /// @dev Whoever posts is nobody.
    function testFuzz_Attest_ByAnyone(address sender) external {
        Post memory post = _build(_each(1, 10));
        vm.prank(sender);
        _attest(post);
        assertEq(compute.lastSeq(), 1, "last seq");
    }

    /// @dev Random credits, several in a row: the twin and the contract agree on every root and sum.
    /// hardhat-config: fuzz.runs = 100
    function testFuzz_Attest_SumsAreExact(bytes32 seed) external {
        uint256 totalUMor = 0;
        for (uint64 seq = 1; seq <= 4; ++seq) {
            uint64[] memory deltas = new uint64[](10);
            for (uint256 i = 0; i < 10; ++i) {
                seed = keccak256(abi.encode(seed));
                deltas[i] = uint64(uint256(seed) % 20e6);
                totalUMor += deltas[i];
            }
            deltas[0] += 1;
            ++totalUMor;
            _credit(deltas);
            skip(uint256(seed) % 2 == 0 ? 0 : 12);
        }
        assertEq(compute.attestedUMor(), totalUMor, "attested");
        assertEq(compute.owedWei(), totalUMor * 1e12, "owed");
    }

    /// @dev (head + 1, head) closes nothing.
    function test_Attest_WithoutBlocks() external {
        _credit(_each(1, 10));
        Post memory post = _build(_each(1, 10));
        assertEq(post.message.lastBlock + 1, post.message.firstBlock, "an empty range");
        _attest(post);
        assertEq(compute.nextBlock(), FIRST_BLOCK + 1, "next block");
        assertEq(compute.recordOf(2).firstBlock, FIRST_BLOCK + 1, "first block of the record");
    }

    /// @dev In its last second it is accepted.
    function test_Attest_AtItsDeadline() external {
        Post memory post = _build(_each(1, 10));
        vm.warp(post.message.deadline);
        _attest(post);
        assertEq(compute.lastSeq(), 1, "last seq");
    }

    /// @dev One block at a time, each as soon as its last second is over.
    function test_Attest_AtTheEdgeOfABlock() external {
        _credit(_each(1, 10));
        for (uint256 i = 0; i < 3; ++i) {
            Post memory post = _build(_each(1, 10));
            post.message.lastBlock = post.message.firstBlock;
            _sign(post);
            skip(11);
            bytes4 selector = IComputeContract.AttestationBlockIncomplete.selector;
            _expectAttestRevert(post, abi.encodeWithSelector(selector, post.message.lastBlock, post.message.lastBlock));
            skip(1);
            _attest(post);
            lanesAt[post.message.seq] = _each(uint64(post.message.seq), 10);
        }
        assertEq(compute.nextBlock(), FIRST_BLOCK + 4, "next block");
    }

    // ---- The head ----

    function test_Attest_RevertsWhen_Expired() external {
        Post memory post = _build(_each(1, 10));
        vm.warp(post.message.deadline + 1);
        bytes4 selector = IComputeContract.AttestationExpired.selector;
        _expectAttestRevert(
            post,
            abi.encodeWithSelector(selector, post.message.deadline, uint256(post.message.deadline) + 1)
        );
    }

    function test_Attest_RevertsWhen_SeqReused() external {
        Post memory post = _build(_each(1, 10));
        _attest(post);
        _expectAttestRevert(post, abi.encodeWithSelector(IComputeContract.AttestationSeqInvalid.selector, 1, 2));
    }

    function testFuzz_Attest_RevertsWhen_SeqIsNotTheNext(uint64 seq) external {
        vm.assume(seq != 1);
        Post memory post = _build(_each(1, 10));
        post.message.seq = seq;
        _sign(post);
        _expectAttestRevert(post, abi.encodeWithSelector(IComputeContract.AttestationSeqInvalid.selector, seq, 1));
    }

    /// @dev Two proposals for the same head: the second finds another root.
    function test_Attest_RevertsWhen_RootStale() external {
        Post memory late = _build(_each(2, 10));
        _credit(_each(1, 10));
        late.message.seq = 2;
        _sign(late);
        bytes4 selector = IComputeContract.AttestationRootStale.selector;
        _expectAttestRevert(late, abi.encodeWithSelector(selector, WordTree.EMPTY_ROOT, compute.headRoot()));
    }

    function test_Attest_RevertsWhen_BlocksAreLeftOutOrClosedAgain() external {
        skip(120);
        Post memory post = _build(_each(1, 10));
        bytes4 selector = IComputeContract.AttestationBlockGap.selector;
        post.message.firstBlock = FIRST_BLOCK + 1;
        _sign(post);
        _expectAttestRevert(post, abi.encodeWithSelector(selector, FIRST_BLOCK + 1, FIRST_BLOCK));
        post.message.firstBlock = FIRST_BLOCK - 1;
        _sign(post);
        _expectAttestRevert(post, abi.encodeWithSelector(selector, FIRST_BLOCK - 1, FIRST_BLOCK));
    }

    function testFuzz_Attest_RevertsWhen_BlockIncomplete(uint64 lastBlock) external {
        skip(120);
        uint64 openBlock = uint64((vm.getBlockTimestamp() - START) / 12);
        lastBlock = uint64(bound(lastBlock, openBlock, type(uint64).max));
        Post memory post = _build(_each(1, 10));
        post.message.lastBlock = lastBlock;
        _sign(post);
        bytes4 selector = IComputeContract.AttestationBlockIncomplete.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, lastBlock, openBlock));
    }

    /// @dev The least step back: a range of no block ends one before its first, not two.
    function test_Attest_RevertsWhen_LastBlockIsTwoBeforeTheFirst() external {
        Post memory post = _build(_each(1, 10));
        post.message.lastBlock = FIRST_BLOCK - 2;
        _sign(post);
        bytes4 selector = IComputeContract.AttestationBlockOrder.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, FIRST_BLOCK, FIRST_BLOCK - 2));
        ++post.message.lastBlock;
        _sign(post);
        _attest(post);
        assertEq(compute.nextBlock(), FIRST_BLOCK, "no block closed");
    }

    /// @dev How many providers there are is remembered: up to the last of them, nothing is asked again.
    function test_Attest_OverKnownProvidersAsksTheRegistryNothing() external {
        _credit(_each(1, 10));
        Post memory post = _build(_each(1, 10));
        vm.record();
        _attest(post);
        (bytes32[] memory readSlots, ) = vm.accesses(address(registry));
        assertEq(readSlots.length, 0, "slots of the registry");
    }

    function testFuzz_Attest_RevertsWhen_BlocksAreInWrongOrder(uint64 lastBlock) external {
        Post memory post = _build(_each(1, 10));
        post.message.lastBlock = uint64(bound(lastBlock, 0, FIRST_BLOCK - 2));
        _sign(post);
        bytes4 selector = IComputeContract.AttestationBlockOrder.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, FIRST_BLOCK, post.message.lastBlock));
    }

    /// @dev A hash without the debits that it stands for.
    function testFuzz_Attest_RevertsWhen_DebitsAreNamed(bytes32 debitsHash) external {
        vm.assume(debitsHash != 0);
        Post memory post = _build(_each(1, 10));
        post.message.debitsHash = debitsHash;
        _sign(post);
        bytes4 selector = IComputeContract.AttestationDebitsMismatch.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, debitsHash, 0));
    }

    function test_Attest_RevertsWhen_Empty() external {
        _expectAttestRevert(_build(_each(0, 10)), abi.encodeWithSelector(IComputeContract.AttestationEmpty.selector));
    }

    // ---- The guard ----

    /// @dev The whole allowance fits; 1 uMOR more does not.
    function test_Attest_RevertsWhen_AllowanceExceeded() external {
        uint64 allowanceUMor = uint64(compute.allowanceWei() / 1e12);
        assertEq(allowanceUMor, 1000e6, "first day: what arrived");
        bytes4 selector = IReserveBooks.ReserveAllowanceExceeded.selector;
        bytes memory reason = abi.encodeWithSelector(selector, 1000e18 + 1e12, 1000e18);
        _expectAttestRevert(_build(_only(0, allowanceUMor + 1, 10)), reason);
        _credit(_only(0, allowanceUMor, 10));
        assertEq(compute.allowanceWei(), 0, "allowance left");
        reason = abi.encodeWithSelector(selector, 1e12, 0);
        _expectAttestRevert(_build(_only(0, 1, 10)), reason);
    }

    /// @dev Arrivals that nobody booked count as soon as an attestation needs them, to the uMOR.
    function test_Attest_BooksArrivalsOnlyWhenNeeded() external {
        token.mint(address(compute), 50e18);
        _credit(_only(0, 1000e6, 10));
        assertEq(compute.unbookedWei(), 50e18, "not booked without need");
        _credit(_only(0, 50e6, 10));
        assertEq(compute.unbookedWei(), 0, "booked");
        assertEq(compute.unusedWei(), 0, "all of it reserved");
    }
}
