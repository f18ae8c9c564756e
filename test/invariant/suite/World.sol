// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBootstrapPool} from "../../../contracts/interfaces/IBootstrapPool.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../../../contracts/interfaces/IRouterSet.sol";
import {ComputeLens} from "../../../contracts/periphery/ComputeLens.sol";
import {BootstrapWindow} from "../../../contracts/types/BootstrapWindow.sol";
import {ProgrammableRouter} from "../../mocks/ProgrammableRouter.sol";
import {ComputeFixture} from "../../utils/ComputeFixture.sol";

/// @title World
/// @notice The whole suite with a bootstrap pool and a hostile token, and what an observer of every step remembers of it.
///
/// OBSERVER
/// @dev Nothing here is read back from the suite: it follows from the steps that were taken and from SPEC.md alone.
/// @dev Two words of the ledger, eight providers: small enough that every figure is compared after every step.
abstract contract World is ComputeFixture {
    /// @dev The actions of the campaign, in the order of the printed table.
    enum Step {
        Arrive,
        Intake,
        Attest,
        AttestSplit,
        AttestRefused,
        Veto,
        VetoAtOnce,
        Debit,
        Claim,
        ClaimSplit,
        Refuse,
        Register,
        AddBond,
        Leave,
        Redirect,
        HandOver,
        PostSlash,
        EndSlash,
        Pause,
        Routers,
        Hostility,
        Meddle,
        Enter,
        Close,
        Award,
        Stranger,
        Replay,
        Twin,
        Pass
    }

    /// @dev An accepted attestation. Words as the contract ought to have them after it.
    struct Entry {
        uint64 previousSeq;
        uint64 firstBlock;
        uint64 activeAt;
        uint64 creditedUMor;
        uint64 debitsUMor;
        uint32 day;
        bool vetoed;
        bool booked;
        bytes32 root;
        uint256[2] words;
        bytes debits;
    }

    /// @dev A provider. What it was paid, what of its debts was netted or covered by its bond; its timers.
    struct Account {
        uint64 settledUMor;
        uint64 bookedUMor;
        uint64 absorbedUMor;
        uint64 wonUMor;
        uint64 unpaidUMor;
        uint256 receivedWei;
        uint256 bondWei;
        address owner;
        address payout;
        address nextOwner;
        uint256 nextOwnerAt;
        address nextPayout;
        uint256 nextPayoutAt;
        uint256 exitAt;
        bool exited;
    }

    /// @dev A router that may be in the set; a contract has no key.
    struct Member {
        address account;
        uint256 key;
    }

    uint256 internal constant MAX_PROVIDERS = 8;
    uint256 internal constant WINDOW_START = START + 11 days;
    uint256 internal constant WINDOW_END = WINDOW_START + 3 days + 12 hours;
    uint256 internal constant SEASON = 1 days;
    uint256 internal constant ENTRY = 6 hours;
    uint256 internal constant SEASONS = 4;
    uint256 internal constant MEMBERS = 5;

    ComputeLens internal immutable _LENS = ComputeLens(deployCode("ComputeLens.sol:ComputeLens", ""));
    ProgrammableRouter internal immutable _ROUTER = ProgrammableRouter(
        deployCode("ProgrammableRouter.sol:ProgrammableRouter", abi.encode(ProgrammableRouter.Manner.Honest))
    );
    IBootstrapPool internal pool;

    /// @dev How often a step was called (high half) and did what it is for (low half).
    mapping(Step step => uint256) internal counts;
    uint256 internal seed;

    // ---- What the observer remembers ----

    mapping(uint256 seq => Entry) internal entries;
    uint64 internal lastSeq;
    uint64 internal headSeq;
    uint64 internal nextBlock;
    mapping(uint256 id => Account) internal accounts;
    uint256 internal providers;
    mapping(address payout => bool) internal refused;
    mapping(address payout => uint256) internal paidToWei;
    /// @dev Standing credits by the day they were accepted on, debits likewise, and the opening of each day that was opened.
    mapping(uint256 day => uint256) internal reservedUMor;
    mapping(uint256 day => uint256) internal debitedUMor;
    mapping(uint256 day => uint256) internal openingWei;
    /// @dev All that came to the compute contract, went out of it, and floor(opening / 100) of every day that was opened.
    uint256 internal arrivedWei;
    uint256 internal paidWei;
    uint256 internal sharesWei;
    /// @dev Routers: members in force as a mask, threshold and epoch; every digest that was in force.
    Member[MEMBERS] internal members;
    uint256 internal setMask;
    mapping(bytes32 digest => bool) internal wasInForce;
    bytes32 internal digestInForce;
    uint256 internal pausedUntil;
    bool internal pauseArmed = true;
    /// @dev Governance has closed the suite's restricted functions.
    bool internal targetsClosed;

    constructor() {
        _deploy({providers: 0, poolWei: 0});
        pool = compute.BOOTSTRAP();
        nextBlock = compute.nextBlock();
        entries[0].root = _rootOf(0, 0);
        _appointRouters();
        for (uint256 i = 0; i < 5; ++i) _addProvider(1e18);
        _arrive(10_000e18);
        digestInForce = routers.digest();
        wasInForce[digestInForce] = true;
    }

    /// @dev All keys are in one hand, and governance need not wait: no delay saves anybody here.
    function _governanceDelay() internal pure override returns (uint32) {
        return 0;
    }

    function _window() internal pure override returns (BootstrapWindow memory) {
        return BootstrapWindow(WINDOW_START, WINDOW_END, SEASON, ENTRY);
    }

    /// @dev Short delays, so that their ends are met.
    function _bonds() internal pure override returns (IProviderRegistry.Parameters memory) {
        return IProviderRegistry.Parameters(BOND_WEI, 2 hours, 12 hours);
    }

    /// @dev Four keys and a contract, three of them to sign.
    function _appointRouters() private {
        for (uint256 i = 0; i < MEMBERS; ++i) {
            uint256 key = i == 0 ? 0 : uint256(keccak256(abi.encode("member", i)));
            Member memory member = Member(i == 0 ? address(_ROUTER) : vm.addr(key), key);
            uint256 place = i;
            for (; place > 0 && members[place - 1].account > member.account; --place)
                members[place] = members[place - 1];
            members[place] = member;
        }
        setEpoch = 1;
        _setRouters((1 << MEMBERS) - 1, 3);
    }

    function _setRouters(uint256 mask, uint256 threshold) internal {
        setMask = mask;
        setThreshold = threshold;
        ++setEpoch;
        vm.prank(governance);
        routers.setRouters(_routersOf(mask), threshold);
    }

    function _routersOf(uint256 mask) internal view returns (IRouterSet.Router[] memory set) {
        set = new IRouterSet.Router[](_onesIn(mask));
        uint256 next = 0;
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if ((mask >> i) & 1 == 1) set[next++] = IRouterSet.Router(members[i].account, members[i].key == 0);
        }
    }

    // ---- Tokens and providers ----

    function _arrive(uint256 amountWei) internal {
        token.mint(address(compute), amountWei);
        arrivedWei += amountWei;
    }

    function _addProvider(uint256 bondWei) internal {
        uint256 id = providers++;
        Account storage account = accounts[id];
        account.owner = _nameOf("owner", id);
        account.payout = _nameOf("payout", id);
        account.bondWei = bondWei;
        token.mint(address(this), bondWei);
        token.approve(address(registry), bondWei);
        registry.register(account.owner, account.payout, bondWei, IProviderRegistry.Metadata("", 0));
    }

    function _nameOf(string memory kind, uint256 id) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(kind, id)))));
    }

    function _laneOf(uint256 seq, uint256 id) internal view returns (uint64) {
        return uint64(entries[seq].words[id / 4] >> (64 * (id % 4)));
    }

    function _debtOf(uint256 id) internal view returns (uint64) {
        return accounts[id].bookedUMor - accounts[id].absorbedUMor;
    }

    function _today() internal view returns (uint256) {
        return (_now() - START) / 1 days;
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    // ---- Chance ----

    /// @dev A number below `n` that follows from what the campaign drew for this step.
    function _draw(uint256 n) internal returns (uint256) {
        seed = uint256(keccak256(abi.encode(seed)));
        return (seed >> 8) % n;
    }

    /// @dev A number up to `most`, often at its edges.
    function _edge(uint256 most) internal returns (uint256) {
        uint256 kind = _draw(8);
        if (kind == 0) return most;
        if (kind == 1 || most < 2) return most < 1 ? 0 : 1;
        return _draw(most / (1 + _draw(8)) + 1);
    }

    function _anyone() internal returns (address) {
        return address(uint160(0x1000 + _draw(1 << 32)));
    }

    function _onesIn(uint256 mask) internal pure returns (uint256 ones) {
        for (; mask != 0; mask &= mask - 1) ++ones;
    }

    // ---- The tree ----

    /// @dev Root of a ledger of two words, by its definition.
    function _rootOf(uint256 first, uint256 second) internal pure returns (bytes32 node) {
        node = keccak256(abi.encode(first, second));
        bytes32 empty = keccak256(abi.encode(0, 0));
        for (uint256 level = 1; level < 20; ++level) {
            node = keccak256(abi.encode(node, empty));
            empty = keccak256(abi.encode(empty, empty));
        }
    }
}
