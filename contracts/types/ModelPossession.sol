// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev EIP-712 type hash of the message by which a provider says that it holds a model (domain of the provider registry).
/// It proves the download of the model, not its use.
bytes32 constant MODEL_POSSESSION_TYPEHASH = keccak256("ModelPossession(uint64 providerId,bytes32 modelId)");

/// @dev EIP-712 struct hash.
function hashModelPossession(uint64 providerId, bytes32 modelId) pure returns (bytes32) {
    return keccak256(abi.encode(MODEL_POSSESSION_TYPEHASH, providerId, modelId));
}
