// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IRouterSet
/// @notice The routers whose quorum may credit providers, and the check of their signatures.
///
/// QUORUM
/// @dev A quorum travels as bytes:
/// @dev     quorum := set | signers u32 | { length u16 | signature }*
/// @dev     set    := epoch u32 | threshold u8 | count u8 | { kind u8 | account b20 }*
/// @dev The set stands in ascending order of accounts and hashes to the digest in force, so the contract reads one slot
/// @dev whatever its size. Bit i of `signers` says that router i signed; signatures stand in the order of the set. A router
/// @dev cannot appear twice, and a signature counts only for the router at its place.
interface IRouterSet {
    /// @notice A router and how it signs, fixed when it is registered.
    /// @param account Address of the router; never zero.
    /// @param isContract True for ERC-1271, false for ECDSA.
    struct Router {
        address account;
        bool isContract;
    }

    /// @notice The set in force changed.
    event RouterSetChanged(bytes32 indexed digest, uint32 epoch, uint256 threshold, Router[] routers);

    /// @notice A set is empty or larger than 32.
    error RouterCountInvalid(uint256 count, uint256 maximum);
    /// @notice A threshold is not above half of the set, or above the set.
    error RouterThresholdInvalid(uint256 threshold, uint256 count);
    /// @notice Routers are not in strictly ascending order of non-zero addresses.
    error RouterOrderInvalid(uint256 index, address account);
    /// @notice A router registered as a contract has no code.
    error RouterWithoutCode(address account);
    /// @notice Without this router fewer than the threshold would remain.
    error RouterRemovalBlocked(address account, uint256 remaining, uint256 threshold);
    /// @notice No router in force has this address.
    error RouterUnknown(address account);
    /// @notice The message was signed for another set than the one in force.
    error RouterSetStale(bytes32 signed, bytes32 inForce);
    /// @notice The set that came with the signatures is not the one in force.
    error RouterSetUnknown(bytes32 given, bytes32 inForce);
    /// @notice Fewer signatures than the threshold.
    error RouterQuorumMissing(uint256 given, uint256 threshold);
    /// @notice The signer mask names a place that the set does not have.
    error RouterSignersUnknown(uint256 signers, uint256 count);
    /// @notice The quorum ends too early, or goes on behind its last signature.
    error RouterQuorumLength(uint256 expected, uint256 actual);
    /// @notice An ECDSA signature is not 65 bytes long.
    error RouterSignatureLength(address router, uint256 length);
    /// @notice An ECDSA signature has its s in the upper half of the curve's order.
    error RouterSignatureMalleable(address router);
    /// @notice A signature is not the router's own over this message.
    error RouterSignatureInvalid(address router);

    /// @notice Puts another set and threshold into force. Governance only, timelocked.
    /// @param newRouters At most 32, in strictly ascending order of accounts.
    /// @param newThreshold More than half of them.
    function setRouters(Router[] calldata newRouters, uint256 newThreshold) external;

    /// @notice Takes a router out of the set; the threshold stays. Guardian only, without delay.
    function removeRouter(address account) external;

    /// @notice Digest of the set and threshold in force: what a signed message must name.
    function digest() external view returns (bytes32);

    /// @notice How many sets have been in force, this one included: a part of the digest, so no set ever returns.
    function epoch() external view returns (uint32);

    /// @notice Signatures a quorum needs; always more than half of the routers.
    function threshold() external view returns (uint256);

    /// @notice The routers in force, in ascending order.
    function routers() external view returns (Router[] memory);

    /// @notice Reverts unless `quorum` holds valid signatures over `messageHash` of at least `threshold` routers in force.
    /// @param signedSet Digest of the set that the message itself names.
    function requireQuorum(bytes32 messageHash, bytes32 signedSet, bytes calldata quorum) external view;
}
