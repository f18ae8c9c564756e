// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Payee} from "../types/Payee.sol";
import {ProviderId} from "../types/ProviderId.sol";
import {SlashOrder} from "../types/SlashOrder.sol";
import {IRouterSet} from "./IRouterSet.sol";

/// @title IProviderRegistry
/// @notice Who the providers are, where they are paid, what they owe, and the bonds they have at stake. Bonds in wei, debts
/// in uMOR.
interface IProviderRegistry {
    /// @notice Bond and delays, in wei and seconds.
    /// @param minBondWei Least bond of a new provider.
    /// @param changeDelay From the proposal of another owner or payout address to its effect.
    /// @param unbondingDelay From the announcement of an exit to the withdrawal; at least twice the activation delay.
    struct Parameters {
        uint256 minBondWei;
        uint256 changeDelay;
        uint256 unbondingDelay;
    }

    /// @notice A provider as the registry keeps it. A moment of 0 means that nothing is pending.
    struct Provider {
        address owner;
        address payout;
        uint128 bondWei;
        uint64 debtUMor;
        uint256 exitAt;
        bool exited;
        address pendingOwner;
        uint256 pendingOwnerAt;
        address pendingPayout;
        uint256 pendingPayoutAt;
    }

    /// @notice What a provider publishes about itself.
    /// @param uri Where the document stands.
    /// @param contentHash keccak256 of the document.
    struct Metadata {
        string uri;
        bytes32 contentHash;
    }

    /// @notice States of a slash, in the order it goes through them.
    enum SlashState {
        Unknown,
        Pending,
        Executed,
        Vetoed
    }

    /// @notice A slash order that was posted.
    struct Slash {
        ProviderId id;
        uint40 executableAt;
        SlashState state;
        uint256 amountWei;
    }

    /// @notice A provider was registered.
    event ProviderRegistered(
        ProviderId indexed id,
        address indexed owner,
        address indexed payout,
        uint256 bondWei,
        Metadata metadata
    );
    /// @notice A provider published other metadata.
    event MetadataChanged(ProviderId indexed id, Metadata metadata);
    /// @notice A bond grew by `amountWei`.
    event BondAdded(ProviderId indexed id, address indexed payer, uint256 amountWei, uint256 bondWei);
    /// @notice Another owner was proposed, who may accept from `effectiveAt` on; zero: the proposal was taken back.
    event OwnerProposed(ProviderId indexed id, address indexed newOwner, uint256 effectiveAt);
    /// @notice A provider has another owner.
    event OwnerChanged(ProviderId indexed id, address indexed oldOwner, address indexed newOwner);
    /// @notice Another payout address was proposed, which may be applied from `effectiveAt` on; zero: taken back.
    event PayoutProposed(ProviderId indexed id, address indexed newPayout, uint256 effectiveAt);
    /// @notice A provider is paid at another address.
    event PayoutChanged(ProviderId indexed id, address indexed oldPayout, address indexed newPayout);
    /// @notice A provider announced its exit; its bond may be withdrawn from `exitAt` on.
    event ExitAnnounced(ProviderId indexed id, uint256 exitAt);
    /// @notice A bond went back to its owner, less the debt that it covered.
    event BondWithdrawn(ProviderId indexed id, address indexed owner, uint256 paidWei, uint256 coveredWei);
    /// @notice A debit became debt.
    event DebtBooked(ProviderId indexed id, uint64 amountUMor, uint64 debtUMor);
    /// @notice Debt was netted against a payment, or covered by a bond.
    event DebtAbsorbed(ProviderId indexed id, uint64 amountUMor, uint64 debtUMor);
    /// @notice A slash was ordered; it may be executed from `executableAt` on.
    event SlashPosted(
        bytes32 indexed eventId,
        ProviderId indexed id,
        uint256 amountWei,
        bytes32 reasonHash,
        uint256 executableAt
    );
    /// @notice The guardian dropped a slash.
    event SlashVetoed(bytes32 indexed eventId);
    /// @notice A bond was slashed; the MOR went to the compute contract as a gift.
    event SlashExecuted(bytes32 indexed eventId, ProviderId indexed id, uint256 takenWei, uint256 bondWei);
    /// @notice A provider signed that it holds a model.
    event PossessionRecorded(ProviderId indexed id, bytes32 indexed modelId, address indexed signer);
    /// @notice New providers need another bond.
    event MinBondChanged(uint256 minBondWei);
    /// @notice Tokens other than MOR, sent here by mistake, were sent on.
    event RegistryTokenRescued(address indexed token, address indexed to, uint256 amount);

    /// @notice The minimum bond is outside its bounds.
    error RegistryMinBondInvalid(uint256 minBondWei);
    /// @notice A delay is outside its bounds.
    error RegistryDelayInvalid(uint256 delay, uint256 minimum, uint256 maximum);
    /// @notice The bond is below the minimum.
    error RegistryBondTooSmall(uint256 bondWei, uint256 minBondWei);
    /// @notice Nothing would be added to the bond.
    error RegistryAmountZero();
    /// @notice The owner is the zero address.
    error RegistryOwnerZero();
    /// @notice The payout address is zero, the token or a contract of the suite.
    error RegistryPayoutForbidden(address payout);
    /// @notice The tree has no lane for another provider.
    error RegistryFull(uint256 maximum);
    /// @notice Words outside the tree.
    error RegistryWordsOutside(uint256 firstWord, uint256 count);
    /// @notice No provider has this id.
    error RegistryProviderUnknown(uint256 id, uint256 count);
    /// @notice Only the owner of the provider may do this.
    error RegistryNotOwner(ProviderId id, address caller, address owner);
    /// @notice Only the compute contract may do this.
    error RegistryNotCompute(address caller);
    /// @notice Nothing is pending, or it was proposed to somebody else.
    error RegistryNothingPending(ProviderId id, address caller);
    /// @notice It is too early.
    error RegistryTooEarly(uint256 timestamp, uint256 earliestAt);
    /// @notice The exit was announced already, or not yet, or is over.
    error RegistryExitState(ProviderId id, uint256 exitAt, bool exited);
    /// @notice A slash order has expired.
    error RegistrySlashExpired(uint64 deadline, uint256 timestamp);
    /// @notice A slash order takes nothing.
    error RegistrySlashEmpty(bytes32 eventId);
    /// @notice The slash of this event is not in the state that this needs.
    error RegistrySlashState(bytes32 eventId, SlashState state);
    /// @notice The signature is not the owner's over this model.
    error RegistryPossessionInvalid(ProviderId id, bytes32 modelId);
    /// @notice MOR cannot be rescued: all of it is somebody's bond.
    error RegistryTokenNotRescuable(address token);

    /// @notice Registers a provider; the caller pays the bond.
    /// @param owner Who may change the payout address, exit and withdraw; not necessarily the caller.
    /// @param payout Where credits are paid; never zero, the token or a contract of the suite.
    /// @param bondWei At least `minBondWei`; the registry must be approved for it.
    /// @return id The new provider's id: the number of providers before it.
    function register(
        address owner,
        address payout,
        uint256 bondWei,
        Metadata calldata metadata
    ) external returns (ProviderId id);

    /// @notice Adds to a bond; anyone may, and no timer moves.
    function addBond(ProviderId id, uint256 amountWei) external;

    /// @notice Publishes other metadata. Owner only.
    function setMetadata(ProviderId id, Metadata calldata metadata) external;

    /// @notice Proposes another owner, who accepts after the change delay; zero takes the proposal back. Owner only.
    function proposeOwner(ProviderId id, address newOwner) external;

    /// @notice Takes over a provider that was offered to the caller. What the old owner proposed for the payout is dropped.
    function acceptOwner(ProviderId id) external;

    /// @notice Proposes another payout address; zero takes the proposal back. Owner only.
    /// @dev Claims go to the address in force until the proposal is applied.
    function proposePayout(ProviderId id, address newPayout) external;

    /// @notice Puts a proposed payout address into force after the change delay. Open to anyone.
    function applyPayout(ProviderId id) external;

    /// @notice Announces the exit: the bond may be withdrawn after the unbonding delay. Owner only, once.
    function announceExit(ProviderId id) external;

    /// @notice Withdraws bond - min(bond, debt) to the owner; what covers the debt goes to the compute contract. Owner only.
    /// @dev Id, payout address and credits outlive the exit.
    function withdrawBond(ProviderId id) external;

    /// @notice Books a debit. Compute contract only.
    function bookDebt(ProviderId id, uint64 amountUMor) external;

    /// @notice Nets debt against a payment; at most what is owed. Compute contract only.
    function absorbDebt(ProviderId id, uint64 amountUMor) external;

    /// @notice Posts a slash order that a quorum signed. Open to anyone; executable after the activation delay.
    function postSlash(SlashOrder calldata order, bytes calldata quorum) external;

    /// @notice Drops a pending slash for ever. Guardian only.
    function vetoSlash(bytes32 eventId) external;

    /// @notice Executes a slash: min(amount, bond) goes to the compute contract as a gift. Open to anyone.
    function executeSlash(bytes32 eventId) external;

    /// @notice Records the owner's signature that the provider holds a model. Open to anyone.
    function recordPossession(ProviderId id, bytes32 modelId, bytes calldata signature) external;

    /// @notice Changes the bond that new providers need. Governance only.
    function setMinBond(uint256 newMinBondWei) external;

    /// @notice Sends on tokens other than MOR that were sent here by mistake. Governance only.
    function rescue(IERC20 token, address to, uint256 amount) external;

    /// @notice The token of bonds: MOR.
    function TOKEN() external view returns (IERC20);

    /// @notice The compute contract, which deployed this registry.
    function COMPUTE() external view returns (address);

    /// @notice The router set whose quorum may order a slash.
    function ROUTERS() external view returns (IRouterSet);

    /// @notice Seconds from the proposal of another owner or payout address to its effect.
    function CHANGE_DELAY() external view returns (uint256);

    /// @notice Seconds from the announcement of an exit to the withdrawal.
    function UNBONDING_DELAY() external view returns (uint256);

    /// @notice Seconds from the posting of a slash to its execution: the activation delay.
    function SLASH_DELAY() external view returns (uint256);

    /// @notice Least bond of a new provider, in wei; never 0.
    function minBondWei() external view returns (uint256);

    /// @notice Number of providers ever registered; ids run from 0 to one below it.
    function providerCount() external view returns (uint256);

    /// @notice A provider's record.
    function providerOf(ProviderId id) external view returns (Provider memory);

    /// @notice Whether a provider has at least the minimum bond and has not announced its exit.
    function isBonded(ProviderId id) external view returns (bool);

    /// @notice Whether the provider's present owner signed that it holds `modelId`.
    function hasModel(ProviderId id, bytes32 modelId) external view returns (bool);

    /// @notice The slash of an event.
    function slashOf(bytes32 eventId) external view returns (Slash memory);

    /// @notice Digest that routers sign for `order` (EIP-712).
    function hashSlashOrder(SlashOrder calldata order) external view returns (bytes32);

    /// @notice Payees of the ids in `count` words of the ledger, four a word; zero for ids that do not exist and for lanes
    /// that `lanes` leaves out (bit k stands for lane k of every word).
    function payeesOf(uint256 firstWord, uint256 count, uint256 lanes) external view returns (Payee[] memory);

    /// @notice Payees of these ids, each below `MAX_PROVIDERS`; zero for ids that do not exist.
    function payeesAt(uint256[] calldata ids) external view returns (Payee[] memory payees);
}
