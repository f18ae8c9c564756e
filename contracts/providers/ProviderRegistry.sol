// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../interfaces/IRouterSet.sol";
import {hashModelPossession} from "../types/ModelPossession.sol";
import {ProviderId} from "../types/ProviderId.sol";
import {SlashOrder} from "../types/SlashOrder.sol";
import {WEI_PER_UMOR} from "../types/Units.sol";
import {ProviderRecords} from "./ProviderRecords.sol";

/// @title ProviderRegistry
/// @notice Registers providers under dense ids and holds their bonds.
///
/// WIRING
/// @dev Deployed by the compute contract's constructor: each knows the other from its first moment, without a setter.
///
/// TOKEN REQUIREMENTS
/// @dev MOR: exact transfers, no callbacks, total supply below 2^128 wei.
///
/// ROLES
/// @dev Owner of a provider: payout address, exit, withdrawal. Nobody else can reset or lengthen one of its timers.
/// @dev Quorum of routers: orders a slash, which is delayed, bounded by the bond and once for each event.
/// @dev Guardian: drops a pending slash. It cannot take a bond, nor touch a payee, a debt or an exit.
/// @dev Governance: the bond of new providers within fixed bounds; tokens other than MOR. It cannot touch bonds or payees.
contract ProviderRegistry is ProviderRecords, AccessManaged, EIP712, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev A bond; `exitAt` is 0 before the exit is announced.
    struct Bond {
        uint128 amountWei;
        uint48 exitAt;
        bool exited;
    }

    uint256 private constant _MAX_MIN_BOND_WEI = 100_000 ether;
    uint256 private constant _MAX_UNBONDING_DELAY = 90 days;

    /// @inheritdoc IProviderRegistry
    uint256 public immutable UNBONDING_DELAY;
    /// @inheritdoc IProviderRegistry
    uint256 public immutable SLASH_DELAY;

    /// @inheritdoc IProviderRegistry
    uint256 public minBondWei;
    mapping(ProviderId id => Bond bond) private _bonds;
    mapping(bytes32 eventId => Slash slash) private _slashes;
    /// @dev The owner that signed for a model: possession does not outlive a change of owner.
    mapping(ProviderId id => mapping(bytes32 modelId => address owner)) private _models;

    constructor(
        IERC20 token,
        IRouterSet routers,
        address schedule,
        address authority,
        uint256 activationDelay,
        Parameters memory parameters
    )
        ProviderRecords(token, routers, schedule, authority, parameters.changeDelay)
        AccessManaged(authority)
        EIP712("Yellowstone Compute", "1")
    {
        uint256 unbonding = parameters.unbondingDelay;
        require(
            unbonding >= 2 * activationDelay && unbonding <= _MAX_UNBONDING_DELAY,
            RegistryDelayInvalid(unbonding, 2 * activationDelay, _MAX_UNBONDING_DELAY)
        );
        UNBONDING_DELAY = unbonding;
        SLASH_DELAY = activationDelay;
        _setMinBond(parameters.minBondWei);
    }

    // ---- Bond ----

    /// @inheritdoc IProviderRegistry
    function register(
        address owner,
        address payout,
        uint256 bondWei,
        Metadata calldata metadata
    ) external nonReentrant returns (ProviderId id) {
        require(bondWei >= minBondWei, RegistryBondTooSmall(bondWei, minBondWei));
        id = _addRecord(owner, payout);
        _bonds[id].amountWei = bondWei.toUint128();
        emit ProviderRegistered(id, owner, payout, bondWei, metadata);
        TOKEN.safeTransferFrom(msg.sender, address(this), bondWei);
    }

    /// @inheritdoc IProviderRegistry
    function addBond(ProviderId id, uint256 amountWei) external nonReentrant {
        _indexOf(id);
        Bond storage bond = _bonds[id];
        require(amountWei != 0, RegistryAmountZero());
        require(!bond.exited, RegistryExitState(id, bond.exitAt, true));
        uint256 total = bond.amountWei + amountWei;
        bond.amountWei = total.toUint128();
        emit BondAdded(id, msg.sender, amountWei, total);
        TOKEN.safeTransferFrom(msg.sender, address(this), amountWei);
    }

    // ---- Exit ----

    /// @inheritdoc IProviderRegistry
    function announceExit(ProviderId id) external {
        _requireOwner(id);
        Bond storage bond = _bonds[id];
        require(bond.exitAt == 0, RegistryExitState(id, bond.exitAt, bond.exited));
        uint256 exitAt = block.timestamp + UNBONDING_DELAY;
        bond.exitAt = exitAt.toUint48();
        emit ExitAnnounced(id, exitAt);
    }

    /// @inheritdoc IProviderRegistry
    function withdrawBond(ProviderId id) external nonReentrant {
        _requireOwner(id);
        Bond storage bond = _bonds[id];
        uint256 exitAt = bond.exitAt;
        require(exitAt != 0 && !bond.exited, RegistryExitState(id, exitAt, bond.exited));
        require(block.timestamp >= exitAt, RegistryTooEarly(block.timestamp, exitAt));
        uint256 bondWei = bond.amountWei;
        bond.amountWei = 0;
        bond.exited = true;
        // Whole uMOR, rounded down, so that no more is taken than the debt falls.
        uint256 coveredWei = _absorbDebt(id, bondWei / WEI_PER_UMOR) * uint256(WEI_PER_UMOR);
        uint256 paidWei = bondWei - coveredWei;
        address owner = _ownerOf(id);
        emit BondWithdrawn(id, owner, paidWei, coveredWei);
        if (coveredWei != 0) TOKEN.safeTransfer(COMPUTE, coveredWei);
        if (paidWei != 0) TOKEN.safeTransfer(owner, paidWei);
    }

    // ---- Slash ----

    /// @inheritdoc IProviderRegistry
    function postSlash(SlashOrder calldata order, bytes calldata quorum) external {
        require(block.timestamp <= order.deadline, RegistrySlashExpired(order.deadline, block.timestamp));
        require(order.amountWei != 0, RegistrySlashEmpty(order.eventId));
        SlashState state = _slashes[order.eventId].state;
        require(state == SlashState.Unknown, RegistrySlashState(order.eventId, state));
        require(order.providerId < providerCount, RegistryProviderUnknown(order.providerId, providerCount));
        // Below providerCount, so below 2^22.
        ProviderId id = ProviderId.wrap(uint32(order.providerId));
        ROUTERS.requireQuorum(hashSlashOrder(order), order.routerSet, quorum);
        uint256 executableAt = block.timestamp + SLASH_DELAY;
        _slashes[order.eventId] = Slash({
            id: id,
            executableAt: executableAt.toUint40(),
            state: SlashState.Pending,
            amountWei: order.amountWei
        });
        emit SlashPosted(order.eventId, id, order.amountWei, order.reasonHash, executableAt);
    }

    /// @inheritdoc IProviderRegistry
    function vetoSlash(bytes32 eventId) external restricted {
        _requirePending(eventId);
        _slashes[eventId].state = SlashState.Vetoed;
        emit SlashVetoed(eventId);
    }

    /// @inheritdoc IProviderRegistry
    function executeSlash(bytes32 eventId) external nonReentrant {
        Slash memory slash = _requirePending(eventId);
        require(block.timestamp >= slash.executableAt, RegistryTooEarly(block.timestamp, slash.executableAt));
        _slashes[eventId].state = SlashState.Executed;
        Bond storage bond = _bonds[slash.id];
        uint256 bondWei = bond.amountWei;
        uint256 takenWei = slash.amountWei < bondWei ? slash.amountWei : bondWei;
        bond.amountWei = (bondWei - takenWei).toUint128();
        emit SlashExecuted(eventId, slash.id, takenWei, bondWei - takenWei);
        if (takenWei != 0) TOKEN.safeTransfer(COMPUTE, takenWei);
    }

    function _requirePending(bytes32 eventId) private view returns (Slash memory slash) {
        slash = _slashes[eventId];
        require(slash.state == SlashState.Pending, RegistrySlashState(eventId, slash.state));
    }

    // ---- Models ----

    /// @inheritdoc IProviderRegistry
    function recordPossession(ProviderId id, bytes32 modelId, bytes calldata signature) external {
        address owner = _ownerOf(id);
        bytes32 hash = _hashTypedDataV4(hashModelPossession(ProviderId.unwrap(id), modelId));
        bool valid = SignatureChecker.isValidSignatureNow(owner, hash, signature);
        require(valid, RegistryPossessionInvalid(id, modelId));
        _models[id][modelId] = owner;
        emit PossessionRecorded(id, modelId, owner);
    }

    // ---- Governance ----

    /// @inheritdoc IProviderRegistry
    function setMinBond(uint256 newMinBondWei) external restricted {
        _setMinBond(newMinBondWei);
    }

    function _setMinBond(uint256 newMinBondWei) private {
        bool inBounds = newMinBondWei != 0 && newMinBondWei <= _MAX_MIN_BOND_WEI;
        require(inBounds, RegistryMinBondInvalid(newMinBondWei));
        minBondWei = newMinBondWei;
        emit MinBondChanged(newMinBondWei);
    }

    /// @inheritdoc IProviderRegistry
    function rescue(IERC20 token, address to, uint256 amount) external restricted nonReentrant {
        require(address(token) != address(TOKEN), RegistryTokenNotRescuable(address(token)));
        emit RegistryTokenRescued(address(token), to, amount);
        token.safeTransfer(to, amount);
    }

    // ---- Views ----

    /// @inheritdoc IProviderRegistry
    function providerOf(ProviderId id) external view returns (Provider memory provider) {
        provider = _recordOf(id);
        Bond storage bond = _bonds[id];
        provider.bondWei = bond.amountWei;
        provider.exitAt = bond.exitAt;
        provider.exited = bond.exited;
    }

    /// @inheritdoc IProviderRegistry
    function isBonded(ProviderId id) external view returns (bool) {
        Bond storage bond = _bonds[id];
        return bond.amountWei >= minBondWei && bond.exitAt == 0;
    }

    /// @inheritdoc IProviderRegistry
    function hasModel(ProviderId id, bytes32 modelId) external view returns (bool) {
        return _models[id][modelId] == _ownerOf(id);
    }

    /// @inheritdoc IProviderRegistry
    function slashOf(bytes32 eventId) external view returns (Slash memory) {
        return _slashes[eventId];
    }

    /// @inheritdoc IProviderRegistry
    function hashSlashOrder(SlashOrder calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(order.hashStruct());
    }
}
