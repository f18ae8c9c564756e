// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Payee} from "../types/Payee.sol";

/// @title PackedPayees
/// @notice Payout addresses and debts of all providers, as a claim wants them: the four payees of a word of the ledger in three
/// slots, because a cold slot is what a payee costs. Debts, which are rare, stand in a fourth that is read only when a bit
/// beside a payout says that there is one.
///
/// Slots of a word:
///
///     first   := lane 0 owes u1 | lane 3 owes u1 | 0 u14 | high half of payout 3 u80 | payout 0 u160
///     second  := lane 1 owes u1 | 0 u15                  | low half of payout 3 u80  | payout 1 u160
///     third   := lane 2 owes u1 | 0 u95                                              | payout 2 u160
///     debts   := lane 3 u64 | lane 2 u64 | lane 1 u64 | lane 0 u64, in uMOR
library PackedPayees {
    /// @dev All of them, four slots a word; an array of fixed size, so that the place of each is known without hashing. Its length
    /// is MAX_PROVIDERS, as a literal because Slither cannot fold an imported constant here.
    struct Book {
        uint256[4_194_304] slots;
    }

    uint256 private constant ADDRESS = 0x00ffffffffffffffffffffffffffffffffffffffff;
    /// @dev Half an address; where lane 3's halves stand.
    uint256 private constant HALF = 0xffffffffffffffffffff;
    uint256 private constant THERE = HALF << 160;
    uint256 private constant OWES = 1 << 255;
    uint256 private constant FOURTH_OWES = 1 << 254;

    // ---- One payee ----

    /// @dev The payee of provider `index`, which is below MAX_PROVIDERS; zero when there is none.
    function payeeAt(Book storage book, uint256 index) internal view returns (Payee payee) {
        assembly ("memory-safe") {
            let lane := and(index, 3)
            let slot := add(book.slot, sub(index, lane))
            let owes := 0
            switch lane
            case 3 {
                let a := sload(slot)
                payee := or(shl(80, and(shr(160, a), HALF)), and(shr(160, sload(add(slot, 1))), HALF))
                owes := and(a, FOURTH_OWES)
            }
            default {
                let a := sload(add(slot, lane))
                payee := and(a, ADDRESS)
                owes := and(a, OWES)
            }
            if owes {
                let debt := and(shr(shl(6, lane), sload(add(slot, 3))), 0xffffffffffffffff)
                payee := or(payee, shl(160, debt))
            }
        }
    }

    /// @dev Gives provider `index` another payout address.
    function setPayout(Book storage book, uint256 index, address payout) internal {
        uint256 own = _placeOf(index);
        uint256 to = uint160(payout);
        if (own == index) {
            _replace(book, own, ADDRESS, to);
        } else {
            unchecked {
                // Slots of the same word.
                _replace(book, own, THERE, (to >> 80) << 160);
                _replace(book, own + 1, THERE, (to & HALF) << 160);
            }
        }
    }

    /// @dev Gives provider `index` another debt, in uMOR.
    function setDebt(Book storage book, uint256 index, uint64 debtUMor) internal {
        uint256 shift = (index & 3) << 6;
        _replace(book, index | 3, uint256(type(uint64).max) << shift, uint256(debtUMor) << shift);
        uint256 own = _placeOf(index);
        uint256 flag = own == index ? OWES : FOURTH_OWES;
        _replace(book, own, flag, debtUMor == 0 ? 0 : flag);
    }

    /// @dev Where the payout of provider `index` stands, or its high half: that of lane 3 in the first slot of its word.
    function _placeOf(uint256 index) private pure returns (uint256) {
        unchecked {
            return index & 3 == 3 ? index - 3 : index;
        }
    }

    /// @dev Puts `bits`, which lie within `mask`, in the place of those in slot `place`.
    function _replace(Book storage book, uint256 place, uint256 mask, uint256 bits) private {
        assembly ("memory-safe") {
            let slot := add(book.slot, place)
            sstore(slot, or(and(sload(slot), not(mask)), bits))
        }
    }

    // ---- Words of them ----

    /// @dev Writes the payees of the words from `firstWord` on to the memory from `to` to `end`, four a word; zero for lanes that
    /// `lanes` leaves out. The words lie in the tree.
    function load(Book storage book, uint256 firstWord, uint256 lanes, uint256 to, uint256 end) internal view {
        assembly ("memory-safe") {
            let zeroth := mul(ADDRESS, and(lanes, 1))
            let second := mul(ADDRESS, and(shr(1, lanes), 1))
            let fourth := and(shr(3, lanes), 1)
            let slot := add(book.slot, shl(2, firstWord))
            for {} lt(to, end) {
                to := add(to, 0x80)
                slot := add(slot, 4)
            } {
                // Only slots that a lane asked for stands in.
                let a := 0
                let b := 0
                let c := 0
                if and(lanes, 9) {
                    a := sload(slot)
                }
                if and(lanes, 10) {
                    b := sload(add(slot, 1))
                }
                if and(lanes, 4) {
                    c := sload(add(slot, 2))
                }
                mstore(to, and(a, zeroth))
                mstore(add(to, 0x20), and(b, second))
                mstore(add(to, 0x40), and(c, ADDRESS))
                mstore(add(to, 0x60), mul(fourth, or(shl(80, and(shr(160, a), HALF)), and(shr(160, b), HALF))))
                // Above a payout only debts are noted in the top two bits.
                if shr(254, or(a, or(b, c))) {
                    let debts := sload(add(slot, 3))
                    let asked := lanes
                    for {
                        let place := to
                    } lt(place, add(to, 0x80)) {
                        place := add(place, 0x20)
                    } {
                        if and(asked, 1) {
                            mstore(place, or(mload(place), shl(160, and(debts, 0xffffffffffffffff))))
                        }
                        debts := shr(64, debts)
                        asked := shr(1, asked)
                    }
                }
            }
        }
    }
}
