// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SharedSlots
/// @notice Three words of storage that reserve and ledger share, because what is touched together stands together: an
/// attestation writes the first and reads the second, a claim writes the third. With a word of its own for each room it would
/// be two words each time.
/// @dev Storage only. Each field belongs to one room, which is named beside it; no other writes it.
abstract contract SharedSlots {
    // One slot: what an attestation writes, beside its root and its record.
    /// @dev Reserve: free MOR, in wei.
    uint104 internal _unusedWei;
    /// @dev Reserve: lifetime sum of attested credits that stand, in uMOR.
    uint64 internal _attestedUMor;
    /// @dev Ledger: last seq ever accepted.
    uint40 internal _lastSeq;
    /// @dev Ledger: first inference block not closed by a standing attestation.
    uint40 internal _nextBlock;
    /// @dev Ledger: a veto dropped the last seq, so the head is an older one.
    bool internal _steppedBack;

    // One slot: what it reads.
    /// @dev Reserve: how far `_attestedUMor`, in wei, may rise within the open day.
    uint104 internal _limitWei;
    /// @dev Reserve: the open block-day.
    uint32 internal _day;
    /// @dev Compute contract: until when attestations are paused, in Unix seconds.
    uint40 internal _pausedUntil;
    /// @dev Compute contract: number of registered providers when it was last asked for, so that most attestations need not ask.
    uint32 internal _knownProviders;
    /// @dev Ledger: period in which the head becomes active.
    uint24 internal _headPeriod;

    // One slot: what a claim writes, beside settled words.
    /// @dev Reserve: what is owed, in wei, less what was attested above `_countedUMor`: that is counted when it is needed.
    uint104 internal _owedWei;
    /// @dev Reserve: lifetime credits that `_owedWei` has counted.
    uint64 internal _countedUMor;
    /// @dev Ledger: the highest seq that was found active, so that only the first claim from an attestation reads its record.
    uint40 internal _seenActiveSeq;
}
