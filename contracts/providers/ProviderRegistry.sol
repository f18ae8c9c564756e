// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {Payee, toPayee} from "../types/Payee.sol";
import {ProviderId} from "../types/ProviderId.sol";
import {LANES_PER_WORD, MAX_PROVIDERS} from "../types/Units.sol";

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
/// @dev Nobody can take a bond, move a payee or reuse an id.
contract ProviderRegistry is IProviderRegistry {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @inheritdoc IProviderRegistry
    IERC20 public immutable TOKEN;
    /// @inheritdoc IProviderRegistry
    address public immutable COMPUTE;
    address private immutable _ROUTERS;
    address private immutable _SCHEDULE;

    /// @inheritdoc IProviderRegistry
    uint256 public minBondWei;
    /// @inheritdoc IProviderRegistry
    uint256 public providerCount;

    /// @dev By id; an array of fixed size, so that a claim finds its payees without hashing.
    Payee[MAX_PROVIDERS] private _payees;
    mapping(uint256 providerId => address owner) private _owners;
    mapping(uint256 providerId => uint128 bondWei) private _bonds;

    constructor(IERC20 token, address routers, address schedule, uint256 initialMinBondWei) {
        require(
            initialMinBondWei != 0 && initialMinBondWei <= type(uint128).max,
            RegistryMinBondInvalid(initialMinBondWei)
        );
        TOKEN = token;
        COMPUTE = msg.sender;
        _ROUTERS = routers;
        _SCHEDULE = schedule;
        minBondWei = initialMinBondWei;
    }

    // ---- Registration ----

    /// @inheritdoc IProviderRegistry
    function register(
        address owner,
        address payout,
        uint256 bondWei,
        Metadata calldata metadata
    ) external returns (ProviderId id) {
        require(owner != address(0), RegistryOwnerZero());
        _validatePayout(payout);
        require(bondWei >= minBondWei, RegistryBondTooSmall(bondWei, minBondWei));
        uint256 index = providerCount;
        require(index < MAX_PROVIDERS, RegistryFull(MAX_PROVIDERS));

        providerCount = index + 1;
        _payees[index] = toPayee(payout);
        _owners[index] = owner;
        _bonds[index] = bondWei.toUint128();
        // index < MAX_PROVIDERS = 2^22.
        id = ProviderId.wrap(uint32(index));
        emit ProviderRegistered(id, owner, payout, bondWei, metadata);

        TOKEN.safeTransferFrom(msg.sender, address(this), bondWei);
    }

    function _validatePayout(address payout) private view {
        bool forbidden =
            payout == address(0) ||
                payout == address(TOKEN) ||
                payout == address(this) ||
                payout == COMPUTE ||
                payout == _ROUTERS ||
                payout == _SCHEDULE;
        require(!forbidden, RegistryPayoutForbidden(payout));
    }

    // ---- Views ----

    /// @inheritdoc IProviderRegistry
    function providerOf(ProviderId id) external view returns (Provider memory) {
        uint256 index = ProviderId.unwrap(id);
        require(index < providerCount, RegistryProviderUnknown(id, providerCount));
        Payee payee = _payees[index];
        return
            Provider({
                owner: _owners[index],
                payout: payee.payout(),
                bondWei: _bonds[index],
                debtUMor: payee.debtUMor()
            });
    }

    /// @inheritdoc IProviderRegistry
    function payeesOf(uint256 firstWord, uint256 count, uint256 lanes) external view returns (Payee[] memory payees) {
        uint256 firstId = firstWord * LANES_PER_WORD;
        uint256 length = count * LANES_PER_WORD;
        require(firstId + length <= MAX_PROVIDERS, RegistryWordsOutside(firstWord, count));
        payees = new Payee[](length);
        unchecked {
            // firstId + length <= MAX_PROVIDERS
            for (uint256 i = 0; i < length; ++i) {
                if ((lanes >> (i % LANES_PER_WORD)) & 1 == 1) payees[i] = _payees[firstId + i];
            }
        }
    }
}
