// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ProviderId} from "../contracts/types/ProviderId.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `claim`: payees that cannot be paid, and tokens that call back.
contract ComputeContractPayeesTest is ComputeFixture {
    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    // ---- Unpayable ----

    /// @dev One of ten is refused by the token: it is skipped, stays owed, and is paid when it can be.
    function test_Claim_SkipsAPayeeThatCannotBePaid() external {
        uint64 seq = _credit(_each(5, 10));
        _activate();
        token.setRefused(_payoutOf(6), true);
        bytes memory ranges = _claimOf(seq);
        bytes memory payments;
        for (uint32 i = 0; i < 10; ++i) {
            if (i != 6) payments = abi.encodePacked(payments, i, uint64(5));
        }
        vm.expectEmit(address(compute));
        emit IComputeContract.PaymentFailed(ProviderId.wrap(6), _payoutOf(6), 5);
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, 45, payments);
        assertEq(compute.claim(seq, ranges), 45e12, "paid");

        assertEq(compute.owedWei(), 5e12, "stays owed");
        assertEq(_settledOf(6), 0, "stays unsettled");
        for (uint256 i = 0; i < 10; ++i) {
            assertEq(token.balanceOf(_payoutOf(i)), i == 6 ? 0 : 5e12, "balance of a provider");
        }

        token.setRefused(_payoutOf(6), false);
        assertEq(compute.claim(seq, ranges), 5e12, "paid later");
        assertEq(compute.owedWei(), 0, "owed");
    }

    /// @dev A batch that fills its memory to the brim: what stands behind it, here the list of payments with odd amounts, is not
    /// taken for one more payment that failed.
    function test_Claim_OfAWholeWordWithOneUnpayable() external {
        uint64 seq = _credit(_each(5, 4));
        _activate();
        token.setRefused(_payoutOf(2), true);
        assertEq(compute.claim(seq, _claimOf(seq)), 15e12, "paid");
        for (uint256 i = 0; i < 4; ++i) assertEq(_settledOf(i), i == 2 ? 0 : 5, "settled");
        assertEq(compute.owedWei(), 5e12, "owed");
    }

    /// @dev A credit that failed stays on top of what was settled before, and grows on.
    function test_Claim_OfAFailedCreditWithLaterOnes() external {
        _credit(_each(5, 10));
        _activate();
        compute.claim(1, _claimOf(1));
        _credit(_each(7, 10));
        _activate();
        token.setRefused(_payoutOf(3), true);
        compute.claim(2, _claimOf(2));
        assertEq(_settledOf(3), 5, "only the first credit is settled");
        _credit(_each(9, 10));
        _activate();
        token.setRefused(_payoutOf(3), false);
        assertEq(compute.claim(3, _claimOfOne(3, 3)), 16e12, "second and third credit");
        assertEq(compute.owedWei(), 81e12, "owed to the others");
    }

    /// @dev All fail: the call succeeds, reports each, and changes nothing.
    function test_Claim_WhenNobodyCanBePaid() external {
        uint64 seq = _credit(_each(5, 10));
        _activate();
        for (uint256 i = 0; i < 10; ++i) token.setRefused(_payoutOf(i), true);
        bytes memory ranges = _claimOf(seq);
        for (uint32 i = 0; i < 10; ++i) {
            vm.expectEmit(address(compute));
            emit IComputeContract.PaymentFailed(ProviderId.wrap(i), _payoutOf(i), 5);
        }
        vm.expectEmit(address(compute));
        emit IComputeContract.Claimed(seq, 0, "");
        assertEq(compute.claim(seq, ranges), 0, "paid");
        assertEq(compute.owedWei(), 50e12, "owed");
        for (uint256 w = 0; w < 3; ++w) assertEq(compute.settledWord(w), 0, "settled");
    }

    /// @dev Any set of payees fails: paid, settled and owed always add up.
    /// hardhat-config: fuzz.runs = 100
    function testFuzz_Claim_AnySubsetFails(uint256 failing, bytes32 seed) external {
        uint64[] memory deltas = new uint64[](10);
        uint256 totalUMor = 0;
        for (uint256 i = 0; i < 10; ++i) {
            deltas[i] = uint64(uint256(keccak256(abi.encode(seed, i))) % 50e6) + 1;
            totalUMor += deltas[i];
            if ((failing >> i) & 1 == 1) token.setRefused(_payoutOf(i), true);
        }
        uint64 seq = _credit(deltas);
        _activate();
        uint256 paidWei = compute.claim(seq, _claimOf(seq));
        uint256 sumWei = 0;
        for (uint256 i = 0; i < 10; ++i) {
            bool fails = (failing >> i) & 1 == 1;
            assertEq(_settledOf(i), fails ? 0 : deltas[i], "settled");
            assertEq(token.balanceOf(_payoutOf(i)), fails ? 0 : uint256(deltas[i]) * 1e12, "balance");
            if (!fails) sumWei += uint256(deltas[i]) * 1e12;
        }
        assertEq(paidWei, sumWei, "paid");
        assertEq(compute.owedWei(), totalUMor * 1e12 - sumWei, "owed");
        assertEq(compute.heldWei(), compute.accountedWei(), "held");
    }

    // ---- Calling back ----

    /// @dev Every verb meets the lock while a claim pays, also those for which the token has the roles.
    function test_Claim_ATokenThatCallsBackMeetsTheLock() external {
        for (uint64 role = GUARDIAN_ROLE; role <= GOVERNANCE_ROLE; ++role) {
            _govern(address(authority), abi.encodeCall(authority.grantRole, (role, address(token), 0)));
        }
        uint64 seq = _credit(_each(5, 10));
        skip(DELAY);
        Post memory next = _build(_each(1, 10));
        bytes memory ranges = _claimOf(seq);
        bytes[8] memory verbs = [
            abi.encodeCall(IComputeContract.claim, (seq, ranges)),
            abi.encodeCall(IComputeContract.intake, ()),
            abi.encodeCall(
                IComputeContract.attest,
                (next.message, next.deltas, next.witness, next.debits, next.quorum)
            ),
            abi.encodeCall(IComputeContract.debit, (seq, new bytes(44))),
            abi.encodeCall(IComputeContract.veto, (seq + 1)),
            abi.encodeCall(IComputeContract.rescue, (IERC20(address(registry)), address(this), 1)),
            abi.encodeCall(IComputeContract.reserveAwards, (1, false)),
            abi.encodeCall(IComputeContract.payAwards, (0, new uint256[](0), new uint256[](0)))
        ];
        for (uint256 i = 0; i < verbs.length; ++i) {
            token.setHook(address(compute), verbs[i]);
            bytes memory one = _claimOfOne(seq, i);
            assertEq(compute.claim(seq, one), 5e12, "paid once");
            assertFalse(token.answered(), "the call back was refused");
            assertEq(
                token.answer(),
                abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
                "by the lock"
            );
        }
        assertEq(compute.lastSeq(), 1, "no attestation slipped in");
        assertEq(compute.owedWei(), 10e12, "owed");
    }

    /// @dev What a token sees when it calls back: books that are settled already.
    function test_Claim_ATokenThatLooksBackSeesSettledBooks() external {
        uint64 seq = _credit(_each(5, 10));
        _activate();
        token.setHook(address(compute), abi.encodeWithSignature("owedWei()"));
        compute.claim(seq, _claimOf(seq));
        assertEq(abi.decode(token.answer(), (uint104)), 0, "owed during the payments");
        token.setHook(address(compute), abi.encodeCall(compute.settledWord, (0)));
        skip(12);
        _credit(_each(1, 10));
        _activate();
        compute.claim(2, _claimOf(2));
        assertEq(uint64(abi.decode(token.answer(), (uint256))), 6, "settled during the payments");
    }
}
