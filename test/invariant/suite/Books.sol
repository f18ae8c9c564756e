// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payee} from "../../../contracts/types/Payee.sol";
import {Builder} from "./Builder.sol";
import {Indexer} from "./Indexer.sol";

/// @title Books
/// @notice What stands in the suite, read in one go, and what is watched around every step.
abstract contract Books is Builder, Indexer {
    struct Figures {
        uint256 held;
        uint256 accounted;
        uint256 unused;
        uint256 owed;
        uint256 bootstrap;
        uint256 accrued;
        uint256 fresh;
        uint256 opening;
        uint256 budget;
        uint256 scheduled;
        uint256 drawn;
        uint256 attestedUMor;
        uint256 debitedUMor;
        uint256 day;
        uint256 lastSeq;
        uint256 headSeq;
        uint256 nextBlock;
        bytes32 headRoot;
        bool released;
    }

    /// @dev What stood after the step before this one.
    Figures private _before;
    /// @dev Everything that was replayed later: calls that went through once.
    bytes[] internal spent;
    address[] internal spentAt;

    /// @dev Steps after which arrivals may have been booked, or tokens owed or held may have moved.
    bool internal mayBook;

    function _figuresNow() internal view returns (Figures memory f) {
        f.held = compute.heldWei();
        f.unused = compute.unusedWei();
        f.owed = compute.owedWei();
        f.bootstrap = compute.bootstrapWei();
        f.accounted = f.unused + f.owed + f.bootstrap;
        f.accrued = compute.bootstrapAccruedWei();
        f.fresh = compute.freshWei();
        f.opening = compute.openingWei();
        f.budget = compute.budgetWei();
        f.scheduled = compute.scheduledTodayWei();
        f.drawn = compute.drawnTodayWei();
        f.attestedUMor = compute.attestedUMor();
        f.debitedUMor = compute.debitedTodayUMor();
        f.day = compute.day();
        f.lastSeq = compute.lastSeq();
        f.headSeq = compute.headSeq();
        f.nextBlock = compute.nextBlock();
        f.headRoot = compute.headRoot();
        f.released = compute.bootstrapReleased();
    }

    constructor() {
        _before = _figuresNow();
    }

    // ---- Around a step ----

    function _begin(Step step, uint256 random) internal {
        counts[step] += 1 << 128;
        _open(random);
    }

    function _open(uint256 random) internal {
        seed = random;
        mayBook = false;
        vm.recordLogs();
    }

    function _end(Step step, bool done) internal {
        if (done) ++counts[step];
        _shut();
    }

    function _shut() internal {
        _index(vm.getRecordedLogs());
        Figures memory then = _before;
        Figures memory f = _figuresNow();
        _before = f;
        if (f.day != then.day) {
            openingWei[f.day] = f.opening;
            sharesWei += f.opening / 100;
        }
        _requireNothingFell(then, f);
        _requireBooked(then, f);
    }

    function _requireNothingFell(Figures memory then, Figures memory f) private pure {
        assertGe(f.lastSeq, then.lastSeq, "I9: last seq");
        assertGe(f.day, then.day, "I9: day");
        assertGe(f.accrued, then.accrued, "I33: accrued");
        assertTrue(f.released || !then.released, "I33: released");
    }

    /// @dev Arrivals are booked by the steps that book, and by no other.
    function _requireBooked(Figures memory then, Figures memory f) private {
        uint256 total = f.accounted + paidWei;
        assertGe(total, bookedWei, "I2: booked arrivals stay");
        assertTrue(mayBook || total == bookedWei, "I2: booked by a step that does not book");
        assertLe(total, arrivedWei, "I2: no more booked than arrived");
        bookedWei = total;
        // Free arrivals raise a day's room, nothing else does; and they move no opening (I25).
        if (f.day != then.day) return;
        assertEq(f.opening, then.opening, "I25: opening");
        assertGe(f.budget, then.budget, "I4: a day's room never falls");
    }

    /// @dev Arrivals booked so far, and not one of them twice.
    uint256 internal bookedWei;

    // ---- Everything at once ----

    /// @dev A digest of all that a call which must change nothing could change.
    function _digest() internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _figuresNow(),
                    compute.settledWord(0),
                    compute.settledWord(1),
                    registry.payeesOf(0, 2, 15),
                    token.balanceOf(address(registry)),
                    pool.nextSeason(),
                    pool.allottedUMor(),
                    routers.digest(),
                    registry.providerCount()
                )
            );
    }

    function _payees() internal view returns (Payee[] memory) {
        return registry.payeesOf(0, 2, 15);
    }

    // ---- Refusals ----

    /// @dev A call that must fail with `selector`.
    function _refuse(address target, bytes memory data, bytes4 selector, string memory what) internal {
        (bool done, bytes memory answer) = _try(target, data);
        assertFalse(done, what);
        assertEq(bytes32(bytes4(answer)), bytes32(selector), what);
    }

    /// @dev A call that may fail. The recorder also keeps events of calls that fail, which no chain has: they are dropped.
    function _try(address target, bytes memory data) internal returns (bool done, bytes memory answer) {
        _index(vm.getRecordedLogs());
        (done, answer) = target.call(data);
        if (!done) vm.getRecordedLogs();
    }

    /// @dev Keeps a call that went through, to be sent again.
    function _spend(address target, bytes memory data) internal {
        if (spent.length < 6) {
            spent.push(data);
            spentAt.push(target);
        } else {
            uint256 place = _draw(6);
            (spent[place], spentAt[place]) = (data, target);
        }
    }
}
