// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title MintableToken
/// @notice An ERC-20 as the reserve wants it: stands for MOR, minted by anyone.
contract MintableToken is ERC20("Morpheus", "MOR") {
    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }
}

/// @title AnsweringToken
/// @notice Moves tokens, or refuses to, and answers a transfer in every way a token might.
contract AnsweringToken is MintableToken {
    enum Answer {
        True,
        Nothing,
        False,
        Two,
        Short,
        Long,
        Revert,
        RevertLong
    }

    Answer public answer;

    function setAnswer(Answer next) external {
        answer = next;
    }

    function transfer(address to, uint256 amountWei) public override returns (bool) {
        Answer chosen = answer;
        require(chosen != Answer.Revert);
        if (chosen == Answer.RevertLong) _end({word: 1, size: 1 << 20, reverts: true});
        if (chosen == Answer.False) return false;
        if (chosen == Answer.Two) _end({word: 2, size: 32, reverts: false});
        if (chosen == Answer.Short) _end({word: type(uint256).max, size: 31, reverts: false});
        bool moved = super.transfer(to, amountWei);
        if (chosen == Answer.Nothing) _end({word: 0, size: 0, reverts: false});
        if (chosen == Answer.Long) _end({word: 1, size: 1 << 16, reverts: false});
        return moved;
    }

    /// @dev Ends the call with `size` bytes that begin with `word`.
    function _end(uint256 word, uint256 size, bool reverts) private pure {
        // Memory beyond the free pointer is overwritten: the call ends here.
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, word)
            if reverts {
                revert(at, size)
            }
            return(at, size)
        }
    }
}
