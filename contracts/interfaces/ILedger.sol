// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ILedger
/// @notice Roots of the ledger, one for each attestation, and what has been paid from them.
interface ILedger {
    /// @notice An attestation as the ledger keeps it while it may still be pending.
    /// @param seq Its number.
    /// @param previousSeq The standing attestation before it.
    /// @param firstBlock First inference block not closed before it.
    /// @param activeAt Unix second from which it is active.
    /// @param attestedBeforeUMor Lifetime credits before it, in uMOR.
    /// @param hasDebits Whether debits travel with it.
    /// @param previousPeriod Period in which the standing attestation before it became active.
    struct Record {
        uint40 seq;
        uint40 previousSeq;
        uint40 firstBlock;
        uint40 activeAt;
        uint64 attestedBeforeUMor;
        bool hasDebits;
        uint24 previousPeriod;
    }

    /// @notice Debits of an attestation that are not booked yet.
    /// @param hash Hash of the packed entries; 0 once booked or dropped.
    /// @param sumUMor Their sum.
    /// @param day Block-day whose room they took.
    struct DebitRecord {
        bytes32 hash;
        uint64 sumUMor;
        uint32 day;
    }

    /// @notice The activation delay is 0 or above 30 days.
    error LedgerActivationDelayInvalid(uint256 activationDelay);
    /// @notice Deltas would credit an id that is not registered.
    error LedgerProviderUnregistered(uint256 endId, uint256 providerCount);
    /// @notice 256 attestations already wait for their activation.
    error LedgerTooManyPending(uint256 seq, uint256 waitingSeq, uint256 activeAt);
    /// @notice The attestation is active: nobody can touch it any more.
    error LedgerAttestationActive(uint256 seq, uint256 activeAt);
    /// @notice The attestation has no debits, or they are booked already, or these are others.
    error LedgerDebitsUnknown(uint256 seq, bytes32 given, bytes32 recorded);
    /// @notice No standing attestation has this seq.
    error LedgerAttestationUnknown(uint256 seq);
    /// @notice The attestation is not active yet.
    error LedgerAttestationPending(uint256 seq, uint256 activeAt);

    /// @notice Seconds between the acceptance of an attestation and its activation.
    function ACTIVATION_DELAY() external view returns (uint256);

    /// @notice Last seq ever accepted; the next attestation has the one above it. Never falls.
    function lastSeq() external view returns (uint64);

    /// @notice The last standing attestation; 0 before the first.
    function headSeq() external view returns (uint64);

    /// @notice First inference block not closed by a standing attestation.
    function nextBlock() external view returns (uint64);

    /// @notice Root after the standing attestation `seq`, pending or active; 0 for one never accepted or vetoed.
    function rootOf(uint256 seq) external view returns (bytes32);

    /// @notice Root after the last standing attestation.
    function headRoot() external view returns (bytes32);

    /// @notice Record of one of the last 256 attestations; other seqs in its place for older ones.
    function recordOf(uint256 seq) external view returns (Record memory);

    /// @notice Unix second from which the standing attestation `seq` is active; 0 for one long active.
    function activeAtOf(uint256 seq) external view returns (uint256);

    /// @notice The last standing attestation that becomes active in `period` or before it, and its root; 0 and the empty root
    /// if there is none. Final once the period is over.
    /// @dev Period 0 ends with the start of the bootstrap window, period k + 1 with season k, each including its last second;
    /// one more has no end. An attestation belongs to the period of its `activeAt`.
    function standingAt(uint256 period) external view returns (uint64 seq, bytes32 root);

    /// @notice Debits of attestation `seq` that are not booked yet.
    function debitsOf(uint256 seq) external view returns (DebitRecord memory);

    /// @notice Paid lifetime credits of the four providers of `word`, packed like a word of the ledger, in uMOR.
    function settledWord(uint256 word) external view returns (uint256);
}
