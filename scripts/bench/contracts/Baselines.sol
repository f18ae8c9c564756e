// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface IToken {
    function transfer(address to, uint256 amountWei) external returns (bool);
}

/// @title Baseline
/// @notice What the bench's baselines share: a token, one trusted poster, and the wei of a uMOR.
///
/// MECHANISM
/// @dev They leave out on purpose what the compute contract does besides: signatures, guard, reservation, events, vetoes. So
/// their figures are the least that each way of keeping a ledger can cost.
abstract contract Baseline {
    uint256 internal constant WEI_PER_UMOR = 1e12;

    IToken internal immutable TOKEN;
    address internal immutable POSTER;

    error BaselineNotPoster(address caller);
    error BaselineTransferFailed(address to, uint256 amountWei);

    constructor(IToken token) {
        TOKEN = token;
        POSTER = msg.sender;
    }

    function _requirePoster() internal view {
        require(msg.sender == POSTER, BaselineNotPoster(msg.sender));
    }

    function _pay(address to, uint256 amountWei) internal {
        require(TOKEN.transfer(to, amountWei), BaselineTransferFailed(to, amountWei));
    }
}

/// @title PushEach
/// @notice No ledger at all: the poster sends tokens to each. The floor of any payout.
contract PushEach is Baseline {
    constructor(IToken token) Baseline(token) {}

    /// @notice Pays each word of `packed`: an address (upper 20 bytes) and an amount in wei.
    function payAll(uint256[] calldata packed) external {
        _requirePoster();
        for (uint256 i = 0; i < packed.length; ++i) {
            _pay(address(uint160(packed[i] >> 96)), uint96(packed[i]));
        }
    }
}

/// @title SlotLedger
/// @notice Payout addresses by id, and the calls of a ledger in storage.
abstract contract SlotLedger is Baseline {
    mapping(uint256 id => address) internal _payoutOf;

    constructor(IToken token) Baseline(token) {}

    /// @notice Names the payout addresses of the ids from `firstId` on: `firstPayout` and those behind it.
    function register(uint256 firstId, uint160 firstPayout, uint256 count) external {
        _requirePoster();
        for (uint256 i = 0; i < count; ++i) {
            _payoutOf[firstId + i] = address(firstPayout + uint160(i));
        }
    }

    /// @notice Adds `deltas`, four lanes of 64 bits a word, to the ids from 4 x `firstWord` on. In uMOR.
    function attest(uint256 firstWord, uint256[] calldata deltas) external virtual;

    /// @notice Pays each of `ids` what it was credited and not yet paid.
    function claim(uint256[] calldata ids) external {
        for (uint256 i = 0; i < ids.length; ++i) {
            _pay(_payoutOf[ids[i]], _settle(ids[i]) * WEI_PER_UMOR);
        }
    }

    function _settle(uint256 id) internal virtual returns (uint256 dueUMor);
}

/// @title OneSlotEach
/// @notice One storage slot a provider: lifetime credit and what of it is paid.
contract OneSlotEach is SlotLedger {
    struct Account {
        uint128 creditedUMor;
        uint128 settledUMor;
    }

    mapping(uint256 id => Account) private _accountOf;

    constructor(IToken token) SlotLedger(token) {}

    function attest(uint256 firstWord, uint256[] calldata deltas) external override {
        _requirePoster();
        for (uint256 w = 0; w < deltas.length; ++w) {
            uint256 lanes = deltas[w];
            for (uint256 id = 4 * (firstWord + w); lanes != 0; ++id) {
                _accountOf[id].creditedUMor += uint64(lanes);
                lanes >>= 64;
            }
        }
    }

    function _settle(uint256 id) internal override returns (uint256 dueUMor) {
        Account storage account = _accountOf[id];
        uint128 credited = account.creditedUMor;
        dueUMor = credited - account.settledUMor;
        account.settledUMor = credited;
    }
}

/// @title FourInSlot
/// @notice Four providers a storage slot, for credits and for what is paid.
contract FourInSlot is SlotLedger {
    mapping(uint256 word => uint256 lanes) private _credited;
    mapping(uint256 word => uint256 lanes) private _settled;

    constructor(IToken token) SlotLedger(token) {}

    function attest(uint256 firstWord, uint256[] calldata deltas) external override {
        _requirePoster();
        // Lanes stay below 2^64 as all MOR is below 2^46 uMOR: one addition adds four.
        for (uint256 w = 0; w < deltas.length; ++w) {
            _credited[firstWord + w] += deltas[w];
        }
    }

    function _settle(uint256 id) internal override returns (uint256 dueUMor) {
        uint256 shift = 64 * (id & 3);
        uint256 paid = _settled[id >> 2];
        dueUMor = uint64(_credited[id >> 2] >> shift) - uint64(paid >> shift);
        _settled[id >> 2] = paid + (dueUMor << shift);
    }
}

/// @title OpaqueRoot
/// @notice A posted root of lifetime credits that nobody checks; claims bring a proof.
contract OpaqueRoot is Baseline {
    struct Claim {
        uint256 index;
        address account;
        uint256 lifetimeWei;
        bytes32[] proof;
    }

    bytes32 public root;
    mapping(address account => uint256 amountWei) private _paidWei;

    error OpaqueRootProofInvalid(address account);

    constructor(IToken token) Baseline(token) {}

    /// @notice Replaces the root.
    function post(bytes32 newRoot) external {
        _requirePoster();
        root = newRoot;
    }

    /// @notice Pays what each claim proves and was not paid before.
    function claimAll(Claim[] calldata claims) external {
        bytes32 current = root;
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata item = claims[i];
            bytes32 node = keccak256(abi.encodePacked(item.index, item.account, item.lifetimeWei));
            for (uint256 k = 0; k < item.proof.length; ++k) {
                bytes32 other = item.proof[k];
                node = node < other ? keccak256(abi.encode(node, other)) : keccak256(abi.encode(other, node));
            }
            require(node == current, OpaqueRootProofInvalid(item.account));
            uint256 dueWei = item.lifetimeWei - _paidWei[item.account];
            _paidWei[item.account] = item.lifetimeWei;
            _pay(item.account, dueWei);
        }
    }
}
