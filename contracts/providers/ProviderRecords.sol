// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IComputeContract} from "../interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../interfaces/IRouterSet.sol";
import {Memory} from "../libraries/Memory.sol";
import {Payee} from "../types/Payee.sol";
import {ProviderId} from "../types/ProviderId.sol";
import {LANES_PER_WORD, MAX_PROVIDERS} from "../types/Units.sol";
import {PackedPayees} from "./PackedPayees.sol";

/// @title ProviderRecords
/// @notice Owners, payout addresses and debts of providers. Holds no money.
///
/// DELAYS
/// @dev Another owner or payout address takes effect only after the change delay: a stolen key cannot redirect money at
/// @dev once. Nothing is held back meanwhile: claiming to the address in force is the rescue.
abstract contract ProviderRecords is IProviderRegistry {
    using PackedPayees for PackedPayees.Book;
    using SafeCast for uint256;

    /// @dev A proposed address and the moment from which it may take effect; 0: none.
    struct Change {
        address to;
        uint48 effectiveAt;
    }

    uint256 private constant _MIN_CHANGE_DELAY = 1 hours;
    uint256 private constant _MAX_CHANGE_DELAY = 30 days;

    /// @inheritdoc IProviderRegistry
    IERC20 public immutable TOKEN;
    /// @inheritdoc IProviderRegistry
    address public immutable COMPUTE;
    /// @inheritdoc IProviderRegistry
    IRouterSet public immutable ROUTERS;
    /// @inheritdoc IProviderRegistry
    uint256 public immutable CHANGE_DELAY;
    address private immutable _SCHEDULE;
    address private immutable _AUTHORITY;

    /// @inheritdoc IProviderRegistry
    uint256 public providerCount;
    PackedPayees.Book private _payees;
    mapping(uint256 providerId => address owner) private _owners;
    mapping(uint256 providerId => Change change) private _ownerChanges;
    mapping(uint256 providerId => Change change) private _payoutChanges;

    constructor(IERC20 token, IRouterSet routers, address schedule, address authority, uint256 changeDelay) {
        require(
            changeDelay >= _MIN_CHANGE_DELAY && changeDelay <= _MAX_CHANGE_DELAY,
            RegistryDelayInvalid(changeDelay, _MIN_CHANGE_DELAY, _MAX_CHANGE_DELAY)
        );
        TOKEN = token;
        COMPUTE = msg.sender;
        ROUTERS = routers;
        CHANGE_DELAY = changeDelay;
        _SCHEDULE = schedule;
        _AUTHORITY = authority;
    }

    // ---- Registration ----

    /// @dev Gives the next id to a new provider.
    function _addRecord(address owner, address payout) internal returns (ProviderId id) {
        require(owner != address(0), RegistryOwnerZero());
        _validatePayout(payout);
        uint256 index = providerCount;
        require(index < MAX_PROVIDERS, RegistryFull(MAX_PROVIDERS));
        providerCount = index + 1;
        _payees.setPayout(index, payout);
        _owners[index] = owner;
        // index < MAX_PROVIDERS = 2^22.
        id = ProviderId.wrap(uint32(index));
    }

    /// @inheritdoc IProviderRegistry
    function setMetadata(ProviderId id, Metadata calldata metadata) external {
        _requireOwner(id);
        emit MetadataChanged(id, metadata);
    }

    // ---- Owner ----

    /// @inheritdoc IProviderRegistry
    function proposeOwner(ProviderId id, address newOwner) external {
        _requireOwner(id);
        uint256 effectiveAt = _propose(_ownerChanges[_indexOf(id)], newOwner);
        emit OwnerProposed(id, newOwner, effectiveAt);
    }

    /// @inheritdoc IProviderRegistry
    function acceptOwner(ProviderId id) external {
        uint256 index = _indexOf(id);
        require(_ownerChanges[index].to == msg.sender, RegistryNothingPending(id, msg.sender));
        address newOwner = _take(_ownerChanges[index], id);
        address oldOwner = _owners[index];
        _owners[index] = newOwner;
        emit OwnerChanged(id, oldOwner, newOwner);
        // What the old owner proposed is not the new one's will.
        if (_payoutChanges[index].to != address(0)) {
            delete _payoutChanges[index];
            emit PayoutProposed(id, address(0), 0);
        }
    }

    // ---- Payout ----

    /// @inheritdoc IProviderRegistry
    function proposePayout(ProviderId id, address newPayout) external {
        _requireOwner(id);
        if (newPayout != address(0)) _validatePayout(newPayout);
        uint256 effectiveAt = _propose(_payoutChanges[_indexOf(id)], newPayout);
        emit PayoutProposed(id, newPayout, effectiveAt);
    }

    /// @inheritdoc IProviderRegistry
    function applyPayout(ProviderId id) external {
        uint256 index = _indexOf(id);
        address newPayout = _take(_payoutChanges[index], id);
        address oldPayout = _payees.payeeAt(index).payout();
        _payees.setPayout(index, newPayout);
        emit PayoutChanged(id, oldPayout, newPayout);
    }

    function _propose(Change storage change, address to) private returns (uint256 effectiveAt) {
        effectiveAt = to == address(0) ? 0 : block.timestamp + CHANGE_DELAY;
        change.to = to;
        change.effectiveAt = effectiveAt.toUint48();
    }

    function _take(Change storage change, ProviderId id) private returns (address to) {
        to = change.to;
        uint256 effectiveAt = change.effectiveAt;
        require(to != address(0), RegistryNothingPending(id, msg.sender));
        require(block.timestamp >= effectiveAt, RegistryTooEarly(block.timestamp, effectiveAt));
        change.to = address(0);
        change.effectiveAt = 0;
    }

    function _validatePayout(address payout) private view {
        bool forbidden =
            payout == address(0) ||
                payout == address(TOKEN) ||
                payout == address(this) ||
                payout == COMPUTE ||
                payout == address(IComputeContract(COMPUTE).BOOTSTRAP()) ||
                payout == address(ROUTERS) ||
                payout == _SCHEDULE ||
                payout == _AUTHORITY;
        require(!forbidden, RegistryPayoutForbidden(payout));
    }

    // ---- Debt ----

    /// @inheritdoc IProviderRegistry
    function bookDebt(ProviderId id, uint64 amountUMor) external {
        require(msg.sender == COMPUTE, RegistryNotCompute(msg.sender));
        uint256 index = _indexOf(id);
        // Saturates: a debt above 2^64 uMOR is more MOR than can exist, and a debit must not fail for it.
        uint256 debt = uint256(_payees.payeeAt(index).debtUMor()) + amountUMor;
        uint64 debtUMor = debt > type(uint64).max ? type(uint64).max : uint64(debt);
        _payees.setDebt(index, debtUMor);
        emit DebtBooked(id, amountUMor, debtUMor);
    }

    /// @inheritdoc IProviderRegistry
    function absorbDebt(ProviderId id, uint64 amountUMor) external {
        require(msg.sender == COMPUTE, RegistryNotCompute(msg.sender));
        _absorbDebt(id, amountUMor);
    }

    /// @dev Lowers a debt by `amountUMor`, at most to 0; gives by how much.
    function _absorbDebt(ProviderId id, uint256 amountUMor) internal returns (uint64 absorbedUMor) {
        uint256 index = _indexOf(id);
        uint64 debtUMor = _payees.payeeAt(index).debtUMor();
        // Not above debtUMor, which has 64 bits.
        absorbedUMor = amountUMor < debtUMor ? uint64(amountUMor) : debtUMor;
        if (absorbedUMor == 0) return 0;
        unchecked {
            // absorbedUMor <= debtUMor
            debtUMor -= absorbedUMor;
        }
        _payees.setDebt(index, debtUMor);
        emit DebtAbsorbed(id, absorbedUMor, debtUMor);
    }

    // ---- Views ----

    /// @dev Index of a registered provider.
    function _indexOf(ProviderId id) internal view returns (uint256 index) {
        index = ProviderId.unwrap(id);
        require(index < providerCount, RegistryProviderUnknown(index, providerCount));
    }

    function _ownerOf(ProviderId id) internal view returns (address) {
        return _owners[_indexOf(id)];
    }

    function _requireOwner(ProviderId id) internal view {
        address owner = _ownerOf(id);
        require(msg.sender == owner, RegistryNotOwner(id, msg.sender, owner));
    }

    /// @dev The record without what bonds add to it.
    function _recordOf(ProviderId id) internal view returns (Provider memory provider) {
        uint256 index = _indexOf(id);
        provider.owner = _owners[index];
        Payee payee = _payees.payeeAt(index);
        provider.payout = payee.payout();
        provider.debtUMor = payee.debtUMor();
        provider.pendingOwner = _ownerChanges[index].to;
        provider.pendingOwnerAt = _ownerChanges[index].effectiveAt;
        provider.pendingPayout = _payoutChanges[index].to;
        provider.pendingPayoutAt = _payoutChanges[index].effectiveAt;
    }

    /// @inheritdoc IProviderRegistry
    function payeesOf(uint256 firstWord, uint256 count, uint256 lanes) external view returns (Payee[] memory) {
        require(firstWord + count <= MAX_PROVIDERS / LANES_PER_WORD, RegistryWordsOutside(firstWord, count));
        uint256 answer;
        uint256 end;
        unchecked {
            // The words lie in the tree. The answer is written as it is sent, offset and length first: an array would be copied
            // once more.
            uint256 length = count * LANES_PER_WORD;
            answer = Memory.allocate(length + 2);
            Memory.store(answer, 0x20);
            Memory.store(answer + 0x20, length);
            end = answer + 0x40 + length * 0x20;
            _payees.load(firstWord, lanes, answer + 0x40, end);
        }
        assembly ("memory-safe") {
            return(answer, sub(end, answer))
        }
    }

    /// @inheritdoc IProviderRegistry
    function payeesAt(uint256[] calldata ids) external view returns (Payee[] memory payees) {
        payees = new Payee[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) payees[i] = _payees.payeeAt(ids[i]);
    }
}
