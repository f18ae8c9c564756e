// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface ISource {
    function transferFrom(address from, address to, uint256 amountWei) external returns (bool);
}

/// @title Answers
/// @notice Answers every call with one word, zero: a router without a fee, as Ocean's Escrow asks for.
contract Answers {
    fallback() external {
        assembly ("memory-safe") {
            mstore(0, 0)
            return(0, 32)
        }
    }
}

/// @title DirectStaking
/// @notice What AllocationExchange calls as Staking, reduced to its payment: the tokens go straight to the payee, who is the
/// lower half of the allocation's id. The real one takes a tax, a curation share and stores a rebate: it costs more.
contract DirectStaking {
    ISource private immutable TOKEN;

    error DirectStakingTransferFailed(address allocation);

    constructor(ISource token) {
        TOKEN = token;
    }

    function collect(uint256 amountWei, address allocation) external {
        address payee = address(uint160(uint128(uint160(allocation))));
        require(TOKEN.transferFrom(msg.sender, payee, amountWei), DirectStakingTransferFailed(allocation));
    }
}
