// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Payee} from "../types/Payee.sol";
import {ProviderId} from "../types/ProviderId.sol";

/// @title IProviderRegistry
/// @notice Who the providers are, where they are paid, and the bonds they have at stake. Amounts in wei.
interface IProviderRegistry {
    /// @notice A provider as the registry keeps it.
    struct Provider {
        address owner;
        address payout;
        uint128 bondWei;
        uint64 debtUMor;
    }

    /// @notice What a provider publishes about itself.
    /// @param uri Where the document stands.
    /// @param contentHash keccak256 of the document.
    struct Metadata {
        string uri;
        bytes32 contentHash;
    }

    /// @notice A provider was registered.
    event ProviderRegistered(
        ProviderId indexed id,
        address indexed owner,
        address indexed payout,
        uint256 bondWei,
        Metadata metadata
    );

    /// @notice The minimum bond is 0 or above what a bond can be.
    error RegistryMinBondInvalid(uint256 minBondWei);
    /// @notice The bond is below the minimum.
    error RegistryBondTooSmall(uint256 bondWei, uint256 minBondWei);
    /// @notice The owner is the zero address.
    error RegistryOwnerZero();
    /// @notice The payout address is zero, the token or a contract of the suite.
    error RegistryPayoutForbidden(address payout);
    /// @notice The tree has no lane for another provider.
    error RegistryFull(uint256 maximum);
    /// @notice Words outside the tree.
    error RegistryWordsOutside(uint256 firstWord, uint256 count);
    /// @notice No provider has this id.
    error RegistryProviderUnknown(ProviderId id, uint256 count);

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

    /// @notice The token of bonds: MOR.
    function TOKEN() external view returns (IERC20);

    /// @notice The compute contract, which deployed this registry.
    function COMPUTE() external view returns (address);

    /// @notice Least bond of a new provider, in wei; never 0.
    function minBondWei() external view returns (uint256);

    /// @notice Number of providers ever registered; ids run from 0 to one below it.
    function providerCount() external view returns (uint256);

    /// @notice A provider's record.
    function providerOf(ProviderId id) external view returns (Provider memory);

    /// @notice Payees of the ids in `count` words of the ledger, four a word; zero for ids that do not exist and for lanes
    /// that `lanes` leaves out (bit k stands for lane k of every word).
    function payeesOf(uint256 firstWord, uint256 count, uint256 lanes) external view returns (Payee[] memory);
}
