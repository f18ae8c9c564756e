// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProgrammableRouter} from "../../mocks/ProgrammableRouter.sol";
import {Attestation} from "../../../contracts/types/Attestation.sol";
import {World} from "./World.sol";

/// @title Builder
/// @notice What travels: ranges of a ledger of two words in every cut and order, quorums of the set in force, attestations.
abstract contract Builder is World {
    /// @dev How a ledger of two words is cut into ranges: one word, both as one range, both one after the other.
    enum Cut {
        First,
        Second,
        Pair,
        FirstSecond,
        SecondFirst
    }

    /// @dev An attestation that can be sent, and the words it leads to.
    struct Draft {
        Attestation message;
        bytes deltas;
        bytes witness;
        bytes debits;
        bytes quorum;
        uint256[2] words;
    }

    // ---- Ranges ----

    /// @dev Smallest even number of bits that holds each of the eight lanes.
    function _widthOf(uint256 first, uint256 second) internal pure returns (uint256 bits) {
        uint256 all = first | second;
        all |= all >> 128;
        all = uint64(all | (all >> 64));
        while (all >> bits != 0) bits += 2;
    }

    /// @dev The four lanes of a word at an even width, lane 0 at the low end.
    function _payload(uint256 word, uint256 bits) internal pure returns (bytes memory payload) {
        uint256 packed = 0;
        for (uint256 k = 4; k > 0; --k) packed = (packed << bits) | uint64(word >> (64 * (k - 1)));
        payload = abi.encodePacked(packed << (256 - 4 * bits));
        // 4 * bits bits are 2 * bits / 4 bytes, at most 31 of the 32 there are.
        assembly ("memory-safe") {
            mstore(payload, shr(1, bits))
        }
    }

    function _header(uint256 word, uint256 level, uint256 count, uint256 bits) private pure returns (bytes memory) {
        return abi.encodePacked(uint24(word), uint8(level), uint24(count), uint8(bits));
    }

    /// @dev Mask and siblings of word `word`, whose neighbour is `other`; all above is empty.
    function _siblings(uint256 other) private pure returns (bytes memory) {
        return other == 0 ? abi.encodePacked(uint24(0)) : abi.encodePacked(uint24(1), other);
    }

    function _isIn(Cut cut, uint256 word) internal pure returns (bool) {
        return cut == Cut.First ? word == 0 : cut != Cut.Second || word == 1;
    }

    /// @dev Deltas and witness that lead from `old` to old + delta.
    function _update(
        Cut cut,
        uint256[2] memory old,
        uint256[2] memory delta
    ) internal pure returns (bytes memory deltas, bytes memory witness) {
        if (cut == Cut.Pair) {
            uint256 wide = _widthOf(delta[0], delta[1]);
            uint256 wideOld = _widthOf(old[0], old[1]);
            deltas = abi.encodePacked(_header(0, 1, 2, wide), _payload(delta[0], wide), _payload(delta[1], wide));
            witness = abi.encodePacked(uint8(wideOld), _payload(old[0], wideOld), _payload(old[1], wideOld), uint24(0));
            return (deltas, witness);
        }
        uint256[2] memory words = [old[0], old[1]];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 word = cut == Cut.SecondFirst ? 1 - i : i;
            if (!_isIn(cut, word)) continue;
            uint256 bits = _widthOf(delta[word], 0);
            deltas = abi.encodePacked(deltas, _header(word, 0, 1, bits), _payload(delta[word], bits));
            bits = _widthOf(words[word], 0);
            witness = abi.encodePacked(witness, uint8(bits), _payload(words[word], bits), _siblings(words[1 - word]));
            words[word] += delta[word];
        }
    }

    /// @dev Both words under their root, for `lanes` of each.
    function _ranges(Cut cut, uint256[2] memory words, uint256 lanes) internal pure returns (bytes memory ranges) {
        if (cut == Cut.Pair) {
            uint256 wide = _widthOf(words[0], words[1]);
            bytes memory both = abi.encodePacked(_payload(words[0], wide), _payload(words[1], wide));
            return abi.encodePacked(_header(0, 1, 2, wide), both, uint8(lanes), uint24(0));
        }
        for (uint256 i = 0; i < 2; ++i) {
            uint256 word = cut == Cut.SecondFirst ? 1 - i : i;
            if (!_isIn(cut, word)) continue;
            uint256 bits = _widthOf(words[word], 0);
            bytes memory range = abi.encodePacked(_header(word, 0, 1, bits), _payload(words[word], bits), uint8(lanes));
            ranges = abi.encodePacked(ranges, range, _siblings(words[1 - word]));
        }
    }

    function _drawCut() internal returns (Cut) {
        return Cut(_draw(5));
    }

    // ---- Quorums ----

    /// @dev Members of the set that would sign now, just enough of them or all; 0 if they are too few.
    function _drawSigners() internal returns (uint256 signers) {
        bool all = _draw(4) == 0;
        uint256 first = _draw(MEMBERS);
        uint256 signed = 0;
        for (uint256 i = 0; i < MEMBERS && (all || signed < setThreshold); ++i) {
            uint256 member = (first + i) % MEMBERS;
            bool willing = members[member].key != 0 || _ROUTER.manner() == ProgrammableRouter.Manner.Honest;
            if ((setMask >> member) & 1 == 0 || !willing) continue;
            signers |= 1 << member;
            ++signed;
        }
        if (signed < setThreshold) return 0;
    }

    /// @dev The set in force as it travels.
    function _packMembers() internal view returns (bytes memory set) {
        set = abi.encodePacked(setEpoch, uint8(setThreshold), uint8(_onesIn(setMask)));
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if ((setMask >> i) & 1 == 0) continue;
            set = abi.encodePacked(set, members[i].key == 0 ? uint8(1) : uint8(0), members[i].account);
        }
    }

    /// @dev The set in force and the signatures of `signers`, a mask of members.
    function _seal(bytes32 messageHash, uint256 signers) internal view returns (bytes memory) {
        bytes memory signatures;
        uint256 mask = 0;
        uint256 count = 0;
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if ((setMask >> i) & 1 == 0) continue;
            if ((signers >> i) & 1 == 1) {
                mask |= 1 << count;
                uint256 key = members[i].key;
                bytes memory signature = key == 0 ? bytes("yes") : _signatureOf(key, messageHash);
                signatures = abi.encodePacked(signatures, _entry(signature));
            }
            ++count;
        }
        return abi.encodePacked(_packMembers(), uint32(mask), signatures);
    }

    // ---- Attestations ----

    /// @dev `creditUMor` for one or two of the providers registered, whose words `cut` holds.
    function _drawDeltas(Cut cut, uint64 creditUMor) internal returns (uint256[2] memory deltas) {
        uint256 first = _drawId(cut);
        uint256 second = _drawId(cut);
        uint256 part = _draw(uint256(creditUMor) + 1);
        deltas[first / 4] += part << (64 * (first % 4));
        deltas[second / 4] += (creditUMor - part) << (64 * (second % 4));
    }

    function _drawId(Cut cut) private returns (uint256) {
        if (cut == Cut.First) return _draw(4);
        if (cut == Cut.Second) return 4 + _draw(providers - 4);
        return _draw(providers);
    }

    function _wordsOf(uint256 seq) internal view returns (uint256[2] memory) {
        return entries[seq].words;
    }

    /// @dev The next attestation, not signed yet. All blocks that are complete, or none.
    function _draft(Cut cut, uint256[2] memory delta, bytes memory debits) internal returns (Draft memory draft) {
        uint256[2] memory old = _wordsOf(headSeq);
        (draft.deltas, draft.witness) = _update(cut, old, delta);
        draft.words = [old[0] + delta[0], old[1] + delta[1]];
        draft.debits = debits;
        Attestation memory message = draft.message;
        message.seq = lastSeq + 1;
        message.previousRoot = entries[headSeq].root;
        message.newRoot = _rootOf(draft.words[0], draft.words[1]);
        message.credited = uint64(_sumOf(delta));
        if (debits.length != 0) message.debitsHash = keccak256(debits);
        message.firstBlock = nextBlock;
        message.lastBlock = _draw(4) == 0 ? nextBlock - 1 : uint64((_now() - START) / 12 - 1);
        message.reportsRoot = REPORTS_ROOT;
        message.routerSet = digestInForce;
        // Now and then it can be posted in this very second only.
        message.deadline = uint64(_now() + _draw(2) * 600);
    }

    function _sumOf(uint256[2] memory words) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < 8; ++i) sum += uint64(words[i / 4] >> (64 * (i % 4)));
    }

    function _post(Draft memory draft) internal {
        compute.attest(draft.message, draft.deltas, draft.witness, draft.debits, draft.quorum);
    }

    function _calldataOf(Draft memory draft) internal view returns (bytes memory) {
        return abi.encodeCall(compute.attest, (draft.message, draft.deltas, draft.witness, draft.debits, draft.quorum));
    }
}
