// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../contracts/interfaces/IProviderRegistry.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice The ring of 256 records, the activation delay and the first block.
contract ComputeContractRingTest is ComputeFixture {
    function setUp() external {
        _deploy({providers: 4, poolWei: 1000e18});
    }

    // ---- Pending attestations ----

    /// @dev 256 may wait; the next one needs the slot of the first, which is free once that is active.
    function test_Attest_RevertsWhen_TooManyPending() external {
        uint256 firstActiveAt = vm.getBlockTimestamp() + DELAY;
        for (uint64 i = 0; i < 256; ++i) {
            _credit(_only(i % 4, 1, 4));
            if (i == 0) skip(1);
        }
        assertEq(compute.lastSeq(), 256, "256 wait");
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerTooManyPending.selector, 257, 1, firstActiveAt);
        _expectAttestRevert(_build(_only(0, 1, 4)), reason);
        vm.warp(firstActiveAt - 1);
        _expectAttestRevert(_build(_only(0, 1, 4)), reason);
        vm.warp(firstActiveAt);
        _credit(_only(0, 1, 4));
        reason = abi.encodeWithSelector(ILedger.LedgerTooManyPending.selector, 258, 2, firstActiveAt + 1);
        _expectAttestRevert(_build(_only(0, 1, 4)), reason);
    }

    /// @dev After more than 256 attestations the oldest have lost their records, not their roots nor their credits.
    function test_Claim_OfAnAttestationWhoseRecordWasReused() external {
        for (uint64 i = 0; i < 300; ++i) {
            _credit(_only(i % 4, 1, 4));
            skip(12);
        }
        assertEq(compute.recordOf(1).seq, 257, "slot reused");
        assertEq(compute.activeAtOf(1), 0, "long active");
        assertEq(compute.activeAtOf(44), 0, "long active, the last reused");
        assertGt(compute.activeAtOf(45), 0, "record still there");
        assertEq(compute.claim(1, _claimOf(1)), 1e12, "the first credit");
        assertEq(compute.claim(44, _claimOf(44)), 43e12, "the next 43");
        _activate();
        assertEq(compute.claim(300, _claimOf(300)), 256e12, "the rest");
        assertEq(compute.owedWei(), 0, "owed");
    }

    // ---- Activation delay ----

    function test_Constructor_RevertsWhen_ActivationDelayInvalid() external {
        uint256[3] memory wrong = [uint256(0), 30 days + 1, type(uint256).max];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerActivationDelayInvalid.selector, wrong[i]));
            _newCompute(wrong[i]);
        }
        _newCompute(1);
        IProviderRegistry.Parameters memory bonds = _bonds();
        bonds.unbondingDelay = 60 days;
        _newComputeOver(address(token), address(authority), 30 days, bonds);
    }

    // ---- The first block ----

    /// @dev Deployed in the first second of the emission: block 0 is open, nothing can be closed yet, not even nothing.
    function test_Attest_OfBlockZero() external {
        vm.warp(START);
        compute = _newCompute(DELAY);
        registry = compute.REGISTRY();
        _register(_payoutOf(0));
        token.mint(address(compute), 1e18);
        assertEq(compute.nextBlock(), 0, "next block");

        skip(11);
        Post memory post = _firstPost(0);
        bytes4 selector = IComputeContract.AttestationBlockIncomplete.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 0, 0));
        post = _firstPost(type(uint64).max);
        _expectAttestRevert(post, abi.encodeWithSelector(selector, type(uint64).max, 0));
        skip(1);
        _attest(_firstPost(0));
        assertEq(compute.nextBlock(), 1, "next block after it");
    }

    /// @dev The first attestation, from block 0 to `lastBlock`.
    function _firstPost(uint64 lastBlock) private returns (Post memory post) {
        uint256 now_ = vm.getBlockTimestamp();
        vm.warp(now_ + 12);
        post = _build(_only(0, 1, 1));
        post.message.lastBlock = lastBlock;
        _sign(post);
        vm.warp(now_);
    }
}
