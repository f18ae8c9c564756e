// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev The message that a quorum of routers signs (EIP-712, domain of the compute contract). It credits the work of the
/// blocks it closes, names the ledger before and after, and nothing in it can be changed by whoever posts it.
struct Attestation {
    /// Last seq ever accepted + 1.
    uint64 seq;
    /// Root of the ledger before and after the deltas.
    bytes32 previousRoot;
    bytes32 newRoot;
    /// Sum of all deltas, in uMOR.
    uint64 credited;
    /// Hash of the debits that travel with the attestation; 0 for none.
    bytes32 debitsHash;
    /// Inference blocks closed with it; (head + 1, head) for none.
    uint64 firstBlock;
    uint64 lastBlock;
    /// Merkle-sum root of the reports paid by it.
    bytes32 reportsRoot;
    /// Digest of the router set in force when it is posted.
    bytes32 routerSet;
    /// Last Unix second at which it can be posted.
    uint64 deadline;
}

using {hashStruct} for Attestation global;

/// @dev EIP-712 type hash of {Attestation}; the golden vectors tie it to the SDK.
bytes32 constant ATTESTATION_TYPEHASH = keccak256(
    "Attestation(uint64 seq,bytes32 previousRoot,bytes32 newRoot,uint64 credited,bytes32 debitsHash,uint64 firstBlock,uint64 lastBlock,bytes32 reportsRoot,bytes32 routerSet,uint64 deadline)"
);

/// @dev EIP-712 struct hash: every field is static, so the ten words of the struct are its EIP-712 encoding.
function hashStruct(Attestation memory self) pure returns (bytes32 hash) {
    bytes32 typeHash = ATTESTATION_TYPEHASH;
    assembly ("memory-safe") {
        // Type hash and struct are laid one behind the other in free memory, which stays free.
        let encoded := mload(0x40)
        mstore(encoded, typeHash)
        mcopy(add(encoded, 0x20), self, 0x140)
        hash := keccak256(encoded, 0x160)
    }
}
