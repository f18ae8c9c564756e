// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title ProgrammableRouter
/// @notice A contract router that answers in every way a router might; it accepts the bytes "yes" over any message.
contract ProgrammableRouter is IERC1271 {
    enum Manner {
        Honest,
        AlwaysRefuses,
        Reverts,
        BurnsGas,
        ReturnsMuch,
        ReturnsLittle,
        ReturnsNothing,
        RevertsWithMagic,
        Writes,
        MagicWithRest
    }

    Manner public manner;
    uint256 public written;

    constructor(Manner manner_) {
        manner = manner_;
    }

    function setManner(Manner next) external {
        manner = next;
    }

    function isValidSignature(bytes32, bytes calldata signature) external view returns (bytes4) {
        Manner chosen = manner;
        bytes4 magic = IERC1271.isValidSignature.selector;
        if (chosen == Manner.AlwaysRefuses) return 0xffffffff;
        require(chosen != Manner.Reverts);
        while (chosen == Manner.BurnsGas) magic = bytes4(keccak256(abi.encode(magic)));
        if (chosen == Manner.ReturnsMuch) _end({word: magic, size: 1 << 16, reverts: false});
        if (chosen == Manner.ReturnsLittle) _end({word: magic, size: 31, reverts: false});
        if (chosen == Manner.ReturnsNothing) _end({word: magic, size: 0, reverts: false});
        if (chosen == Manner.RevertsWithMagic) _end({word: magic, size: 32, reverts: true});
        if (chosen == Manner.MagicWithRest)
            _end({word: bytes32(magic) | bytes32(uint256(1)), size: 32, reverts: false});
        if (chosen == Manner.Writes) _write();
        return keccak256(signature) == keccak256("yes") ? magic : bytes4(0xffffffff);
    }

    /// @dev A write out of a view: a static call must stop it.
    function _write() private view {
        assembly ("memory-safe") {
            let done := staticcall(gas(), address(), 0, 0, 0, 0)
            if iszero(done) {
                revert(0, 0)
            }
        }
    }

    fallback() external {
        written = 1;
    }

    /// @dev Ends the call with `size` bytes that begin with `word`.
    function _end(bytes32 word, uint256 size, bool reverts) private pure {
        // Memory beyond the free pointer is overwritten: the call ends here.
        assembly ("memory-safe") {
            let begin := mload(0x40)
            mstore(begin, word)
            if reverts {
                revert(begin, size)
            }
            return(begin, size)
        }
    }
}
