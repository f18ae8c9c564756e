// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attestation, hashStruct as hashAttestation} from "../../contracts/types/Attestation.sol";
import {hashModelPossession} from "../../contracts/types/ModelPossession.sol";
import {SlashOrder, hashStruct as hashSlashOrder} from "../../contracts/types/SlashOrder.sol";

/// @title MessageHasher
/// @notice EIP-712 digests of all nine messages by Solidity's own encoder: of three by the code that is deployed, of the
/// others, which no contract reads, by their type strings.
contract MessageHasher {
    struct Domain {
        uint256 chainId;
        address verifyingContract;
    }

    struct Rfc {
        address user;
        address queryKey;
        bytes32 modelId;
        uint64 tokenMax;
        uint64 issuedAtMs;
        uint64 deadlineAt;
        uint256 nonce;
    }

    struct Bid {
        uint64 providerId;
        bytes32 modelId;
        uint8 unit;
        uint256 priceWei;
        uint32 capacity;
        uint64 sequence;
        uint64 validFromAt;
        uint64 expiresAt;
        string endpoint;
    }

    struct ModelPossession {
        uint64 providerId;
        bytes32 modelId;
    }

    struct Match {
        bytes32 rfcHash;
        bytes32 bidHash;
        address queryKey;
        uint64 providerId;
        bytes32 modelId;
        uint64 tokenMax;
        uint256 priceWei;
        uint64 matchedAtMs;
        uint64 reportDeadlineAt;
        address router;
    }

    struct Query {
        bytes32 matchHash;
        bytes32 promptHash;
        uint64 sentAtMs;
    }

    struct InferenceReport {
        bytes32 matchHash;
        uint64 providerId;
        uint64 tokens;
        bool passed;
        uint64 sentAtMs;
        uint64 receivedAtMs;
    }

    struct InferenceBlock {
        address router;
        uint64 height;
        bytes32 previousHash;
        bytes32 reportsRoot;
        uint64 reportCount;
        uint256 creditWei;
    }

    bytes32 private constant _DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant _RFC = keccak256(
        "Rfc(address user,address queryKey,bytes32 modelId,uint64 tokenMax,uint64 issuedAtMs,uint64 deadlineAt,uint256 nonce)"
    );
    bytes32 private constant _BID = keccak256(
        "Bid(uint64 providerId,bytes32 modelId,uint8 unit,uint256 priceWei,uint32 capacity,uint64 sequence,uint64 validFromAt,uint64 expiresAt,string endpoint)"
    );
    bytes32 private constant _MATCH = keccak256(
        "Match(bytes32 rfcHash,bytes32 bidHash,address queryKey,uint64 providerId,bytes32 modelId,uint64 tokenMax,uint256 priceWei,uint64 matchedAtMs,uint64 reportDeadlineAt,address router)"
    );
    bytes32 private constant _QUERY = keccak256("Query(bytes32 matchHash,bytes32 promptHash,uint64 sentAtMs)");
    bytes32 private constant _REPORT = keccak256(
        "InferenceReport(bytes32 matchHash,uint64 providerId,uint64 tokens,bool passed,uint64 sentAtMs,uint64 receivedAtMs)"
    );
    bytes32 private constant _BLOCK = keccak256(
        "InferenceBlock(address router,uint64 height,bytes32 previousHash,bytes32 reportsRoot,uint64 reportCount,uint256 creditWei)"
    );

    function digestRfc(Domain calldata domain, Rfc[] calldata all) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = keccak256(abi.encode(_RFC, all[i]));
        _digest(domain, hashes);
    }

    function digestBid(Domain calldata domain, Bid[] calldata all) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            Bid calldata bid = all[i];
            bytes memory head = abi.encode(_BID, bid.providerId, bid.modelId, bid.unit, bid.priceWei, bid.capacity);
            bytes32 endpoint = keccak256(bytes(bid.endpoint));
            hashes[i] = keccak256(
                bytes.concat(head, abi.encode(bid.sequence, bid.validFromAt, bid.expiresAt, endpoint))
            );
        }
        _digest(domain, hashes);
    }

    function digestModelPossession(
        Domain calldata domain,
        ModelPossession[] calldata all
    ) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            hashes[i] = hashModelPossession(all[i].providerId, all[i].modelId);
        }
        _digest(domain, hashes);
    }

    function digestMatch(Domain calldata domain, Match[] calldata all) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = keccak256(abi.encode(_MATCH, all[i]));
        _digest(domain, hashes);
    }

    function digestQuery(Domain calldata domain, Query[] calldata all) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = keccak256(abi.encode(_QUERY, all[i]));
        _digest(domain, hashes);
    }

    function digestInferenceReport(
        Domain calldata domain,
        InferenceReport[] calldata all
    ) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = keccak256(abi.encode(_REPORT, all[i]));
        _digest(domain, hashes);
    }

    function digestInferenceBlock(
        Domain calldata domain,
        InferenceBlock[] calldata all
    ) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = keccak256(abi.encode(_BLOCK, all[i]));
        _digest(domain, hashes);
    }

    function digestAttestation(
        Domain calldata domain,
        Attestation[] calldata all
    ) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = hashAttestation(all[i]);
        _digest(domain, hashes);
    }

    function digestSlashOrder(
        Domain calldata domain,
        SlashOrder[] calldata all
    ) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) hashes[i] = hashSlashOrder(all[i]);
        _digest(domain, hashes);
    }

    /// @dev Turns struct hashes into digests, in place.
    function _digest(Domain calldata domain, bytes32[] memory hashes) private pure {
        bytes32 separator = keccak256(
            abi.encode(
                _DOMAIN,
                keccak256("Yellowstone Compute"),
                keccak256("1"),
                domain.chainId,
                domain.verifyingContract
            )
        );
        for (uint256 i = 0; i < hashes.length; ++i)
            hashes[i] = keccak256(bytes.concat(hex"1901", separator, hashes[i]));
    }
}
