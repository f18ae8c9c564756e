// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {ILedger} from "../contracts/interfaces/ILedger.sol";
import {DebitFixture} from "./utils/DebitFixture.sol";

/// @notice `veto`: what is pending can be dropped without a trace, what is active cannot be touched.
contract ComputeContractVetoTest is DebitFixture {
    /// @dev An attestation as the plain model keeps it.
    struct Plain {
        uint64 seq;
        uint64 creditedUMor;
        uint64 debitedUMor;
        uint64 lastBlock;
        uint256 day;
        uint256 activeAt;
    }

    Plain[] private _standing;

    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    // ---- Without a trace ----

    function testFuzz_Veto_UndoesAnAttestation(uint64 credit, uint64 debited) external {
        _creditWith(_each(5, 10), _debitOf(1, 7));
        Figures memory before = _figures();
        uint256 openingWei = compute.openingWei();
        credit = uint64(bound(credit, 1, 900e6));
        bytes memory debits = _debitOf(3, uint64(bound(debited, 1, 900e6)));
        uint64 seq = _creditWith(_only(4, credit, 10), debits);
        assertEq(compute.debitsOf(seq).hash, keccak256(debits), "debits kept");
        vm.expectEmit(address(compute));
        emit IComputeContract.AttestationsVetoed(seq, seq, seq - 1, credit, 50);
        _veto(seq);
        _assertFigures(before, "figures");
        assertEq(compute.openingWei(), openingWei, "opening");
        assertEq(compute.lastSeq(), seq, "last seq stays");
        assertEq(compute.rootOf(seq), 0, "root");
        assertEq(compute.debitsOf(seq).hash, 0, "debits");
    }

    /// @dev The day turned in between: only its opening, and so its room, is lower.
    function test_Veto_AfterTheDayTurned() external {
        uint256 state = vm.snapshotState();
        skip(1 days);
        compute.intake();
        Figures memory expected = _figures();
        uint256 openingWei = compute.openingWei();
        vm.revertToState(state);

        vm.warp(START + (FIRST_DAY + 1) * 1 days - 1);
        _creditWith(_only(4, 100e6, 10), _debitOf(3, 100e6));
        skip(1);
        compute.intake();
        _veto(1);
        _assertFigures(expected, "figures");
        assertEq(compute.openingWei(), openingWei - 100e18, "opening lower by what was pending");
        assertEq(compute.drawnTodayWei(), 0, "nothing drawn today");
        assertEq(compute.debitedTodayUMor(), 0, "nothing debited today");
    }

    function test_Veto_InTheMiddleDropsAllAfter() external {
        _credit(_each(1, 10));
        Figures memory before = _figures();
        for (uint256 i = 0; i < 4; ++i) {
            skip(12);
            _creditWith(_each(uint64(2 + i), 10), _debitOf(i, 5));
        }
        _veto(2);
        _assertFigures(before, "figures");
        assertEq(compute.lastSeq(), 5, "last seq");
        for (uint256 seq = 2; seq <= 5; ++seq) assertEq(compute.rootOf(seq), 0, "root");
        uint64 next = _credit(_each(9, 10));
        assertEq(next, 6, "next seq");
        assertEq(compute.recordOf(6).previousSeq, 1, "continues the standing one");
        _activate();
        bytes memory ranges = _claimOf(6);
        assertEq(compute.claim(6, ranges), 100e12, "1 and 9 for each");
        // A later one was found active: those dropped before it are none.
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, 3));
        compute.claim(3, ranges);
    }

    /// @dev No vetoed message can be posted again, nor any other with its seq.
    function test_Veto_TheMessageIsDead() external {
        Post memory post = _build(_each(1, 10));
        _attest(post);
        _veto(1);
        _expectAttestRevert(post, abi.encodeWithSelector(IComputeContract.AttestationSeqInvalid.selector, 1, 2));
        post.message.seq = 2;
        _sign(post);
        _attest(post);
        assertEq(compute.headRoot(), post.message.newRoot, "the same credits, signed again");
    }

    function test_Veto_RevertsWhen_Active() external {
        _credit(_each(1, 10));
        skip(12);
        _credit(_each(1, 10));
        uint256 activeAt = compute.activeAtOf(1);
        vm.warp(activeAt);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationActive.selector, 1, activeAt));
        compute.veto(1);
        _veto(2);
        assertEq(compute.headSeq(), 1, "head");
        assertEq(compute.claim(1, _claimOf(1)), 10e12, "the active one pays");
    }

    function test_Veto_RevertsWhen_Unknown() external {
        _credit(_each(1, 10));
        _veto(1);
        uint64[4] memory unknown = [uint64(0), 1, 2, type(uint64).max];
        for (uint256 i = 0; i < unknown.length; ++i) {
            vm.prank(guardian);
            vm.expectRevert(abi.encodeWithSelector(ILedger.LedgerAttestationUnknown.selector, unknown[i]));
            compute.veto(unknown[i]);
        }
    }

    function testFuzz_Veto_RevertsWhen_NotTheGuardian(address stranger) external {
        vm.assume(stranger != guardian);
        _credit(_each(1, 10));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        compute.veto(1);
    }

    // ---- Against a plain model ----

    /// @dev Any history of attestations, vetoes and turning days is what a model says that keeps every record.
    /// hardhat-config: fuzz.runs = 25
    function testFuzz_Veto_HistoriesEqualThePlainModel(bytes32 seed) external {
        token.mint(address(compute), 10_000e18);
        compute.intake();
        uint64 lastSeq = 0;
        for (uint256 step = 0; step < 24; ++step) {
            seed = keccak256(abi.encode(seed));
            uint256 choice = uint256(seed) % 8;
            if (choice < 4) {
                lastSeq = _attestPlain(uint256(seed >> 8));
            } else if (choice < 6) {
                _vetoPlain(uint256(seed >> 8));
            } else if (choice == 6) {
                skip(uint256(seed >> 8) % DELAY);
            } else {
                skip(uint256(seed >> 8) % 1 days);
            }
            _assertPlain(lastSeq);
        }
    }

    function _attestPlain(uint256 random) private returns (uint64 seq) {
        uint64 credit = 1 + uint64(random % 5e6);
        uint64 debited = random % 3 == 0 ? 0 : uint64(1 + ((random >> 64) % 1e6));
        bytes memory debits = debited == 0 ? bytes("") : _debitOf(random % 10, debited);
        seq = _creditWith(_only(random % 10, credit, 10), debits);
        uint256 time = vm.getBlockTimestamp();
        _standing.push(
            Plain(seq, credit, debited, uint64((time - START) / 12 - 1), (time - START) / 1 days, time + DELAY)
        );
    }

    function _vetoPlain(uint256 random) private {
        if (_standing.length == 0) return;
        uint256 from = random % _standing.length;
        uint64 seq = _standing[from].seq;
        if (_standing[from].activeAt <= vm.getBlockTimestamp()) {
            vm.prank(guardian);
            vm.expectRevert();
            compute.veto(seq);
            return;
        }
        _veto(seq);
        while (_standing.length > from) _standing.pop();
    }

    function _assertPlain(uint64 lastSeq) private view {
        uint256 attested = 0;
        uint256 drawn = 0;
        uint256 debited = 0;
        for (uint256 i = 0; i < _standing.length; ++i) {
            attested += _standing[i].creditedUMor;
            if (_standing[i].day == compute.day()) drawn += _standing[i].creditedUMor;
            if (_standing[i].day == compute.day()) debited += _standing[i].debitedUMor;
            assertTrue(compute.rootOf(_standing[i].seq) != 0, "root of a standing one");
        }
        uint256 count = _standing.length;
        uint256 head = count == 0 ? 0 : _standing[count - 1].seq;
        assertEq(compute.headSeq(), head, "head");
        assertEq(compute.lastSeq(), lastSeq, "last seq");
        assertEq(compute.attestedUMor(), attested, "attested");
        assertEq(compute.owedWei(), attested * 1e12, "owed");
        assertEq(compute.unusedWei(), 11_000e18 - attested * 1e12, "unused");
        assertEq(compute.drawnTodayWei(), drawn * 1e12, "drawn today");
        assertEq(compute.debitedTodayUMor(), debited, "debited today");
        assertEq(compute.headRoot(), compute.rootOf(head), "head root");
        if (count != 0) assertEq(compute.nextBlock(), _standing[count - 1].lastBlock + 1, "next block");
    }
}

/// @notice A full ring of pending attestations, each with debits, dropped at once.
contract ComputeContractVetoAllTest is DebitFixture {
    Figures private _before;

    function setUp() external {
        _deploy({providers: 4, poolWei: 1000e18});
        _before = _figures();
        for (uint256 i = 0; i < 256; ++i) _creditWith(_each(1, 4), _debitOf(i % 4, 1));
    }

    /// @dev In a transaction of its own, so with cold storage and real clearing costs.
    function test_Veto_Of256FitsOneTransaction() external {
        vm.prank(guardian);
        uint256 gasBefore = gasleft();
        compute.veto(1);
        uint256 used = gasBefore - gasleft();
        _print("veto of 256 pending attestations with debits, gas", used);
        assertLt(used, 16_700_000, "gas of one transaction");
        _assertFigures(_before, "figures");
    }

    /// @dev The places of vetoed attestations are free at once: 256 more can wait.
    function test_Veto_FreesTheRing() external {
        _veto(1);
        for (uint256 i = 0; i < 256; ++i) _credit(_each(2, 4));
        Post memory post = _build(_each(2, 4));
        bytes4 selector = ILedger.LedgerTooManyPending.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 513, 257, compute.activeAtOf(257)));
        _activate();
        assertEq(compute.claim(512, _claimOf(512)), 2048e12, "all of them are paid");
    }

    /// @dev A veto in the middle frees no place before the oldest pending one is active: places go round with the seq.
    function test_Veto_InTheMiddleOfAFullRingWaitsForTheOldest() external {
        _veto(129);
        Post memory post = _build(_each(1, 4));
        bytes4 selector = ILedger.LedgerTooManyPending.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 257, 1, compute.activeAtOf(1)));
        _activate();
        assertEq(_credit(_each(1, 4)), 257, "goes on");
    }
}
