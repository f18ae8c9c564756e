// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev The message by which a quorum of routers orders a slash (EIP-712, domain of the provider registry).
struct SlashOrder {
    /// Identity of the event that is punished: each is slashed once.
    bytes32 eventId;
    uint64 providerId;
    /// Most that is taken from the bond, in wei.
    uint256 amountWei;
    bytes32 reasonHash;
    /// Digest of the router set in force when it is posted.
    bytes32 routerSet;
    /// Last Unix second at which it can be posted.
    uint64 deadline;
}

using {hashStruct} for SlashOrder global;

/// @dev EIP-712 type hash of {SlashOrder}; the golden vectors tie it to the SDK.
bytes32 constant SLASH_ORDER_TYPEHASH = keccak256(
    "SlashOrder(bytes32 eventId,uint64 providerId,uint256 amountWei,bytes32 reasonHash,bytes32 routerSet,uint64 deadline)"
);

/// @dev EIP-712 struct hash: every field is static, so the ABI encoding is the EIP-712 encoding.
function hashStruct(SlashOrder calldata self) pure returns (bytes32) {
    return keccak256(abi.encode(SLASH_ORDER_TYPEHASH, self));
}
