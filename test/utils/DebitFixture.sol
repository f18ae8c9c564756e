// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PlainTree} from "../mocks/PlainWordTree.sol";
import {ComputeFixture} from "./ComputeFixture.sol";

/// @title DebitFixture
/// @notice Attestations that take back, and every figure of the books at once.
abstract contract DebitFixture is ComputeFixture {
    /// @dev What a veto must leave as it was. `openingWei` apart: the opening of a day already opened stays.
    struct Figures {
        uint256 unusedWei;
        uint256 owedWei;
        uint256 bootstrapWei;
        uint256 freshWei;
        uint256 day;
        uint256 attestedUMor;
        uint256 drawnTodayWei;
        uint256 debitedTodayUMor;
        uint256 headSeq;
        uint256 nextBlock;
        bytes32 headRoot;
        uint256 heldWei;
    }

    function _figures() internal view returns (Figures memory f) {
        f.unusedWei = compute.unusedWei();
        f.owedWei = compute.owedWei();
        f.bootstrapWei = compute.bootstrapWei();
        f.freshWei = compute.freshWei();
        f.day = compute.day();
        f.attestedUMor = compute.attestedUMor();
        f.drawnTodayWei = compute.drawnTodayWei();
        f.debitedTodayUMor = compute.debitedTodayUMor();
        f.headSeq = compute.headSeq();
        f.nextBlock = compute.nextBlock();
        f.headRoot = compute.headRoot();
        f.heldWei = compute.heldWei();
    }

    function _assertFigures(Figures memory expected, string memory what) internal view {
        assertEq(abi.encode(_figures()), abi.encode(expected), what);
    }

    /// @dev One debit as it travels.
    function _debitOf(uint256 id, uint64 amountUMor) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(id), amountUMor, keccak256("reason"));
    }

    /// @dev The next attestation with debits, signed.
    function _buildWith(uint64[] memory deltas, bytes memory debits) internal view returns (Post memory post) {
        post = _build(deltas);
        post.debits = debits;
        post.message.debitsHash = debits.length == 0 ? bytes32(0) : keccak256(debits);
        _sign(post);
    }

    /// @dev Posts the next attestation with debits and keeps its lanes.
    function _creditWith(uint64[] memory deltas, bytes memory debits) internal returns (uint64 seq) {
        Post memory post = _buildWith(deltas, debits);
        PlainTree memory tree = _headTree(deltas.length);
        for (uint256 i = 0; i < deltas.length; ++i) tree.lanes[i] += deltas[i];
        _attest(post);
        seq = post.message.seq;
        lanesAt[seq] = tree.lanes;
    }

    function _veto(uint64 seq) internal {
        vm.prank(guardian);
        compute.veto(seq);
    }

    /// @dev Prints a measured amount of gas in the report of the test run.
    function _print(string memory what, uint256 gas_) internal view {
        address console = 0x000000000000000000636F6e736F6c652e6c6f67;
        (bool sent, ) = console.staticcall(abi.encodeWithSignature("log(string,uint256)", what, gas_));
        assertTrue(sent, "printed");
    }
}
