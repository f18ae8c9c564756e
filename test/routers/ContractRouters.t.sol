// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {RouterSet} from "../../contracts/routers/RouterSet.sol";
import {ProgrammableRouter} from "../mocks/ProgrammableRouter.sol";
import {QuorumFixture} from "../utils/QuorumFixture.sol";

/// @notice Routers that are contracts (ERC-1271), honest and hostile, beside one that is a key.
contract ContractRoutersTest is QuorumFixture {
    /// @dev Nobody may change these sets.
    address private constant _AUTHORITY = address(1);

    bytes32 private constant HASH = keccak256("message");

    ProgrammableRouter private _router;
    RouterSet private _routers;
    IRouterSet.Router[] private _set;
    bytes32 private _digest;

    function setUp() external {
        _createKeys(1);
        _router = new ProgrammableRouter(ProgrammableRouter.Manner.Honest);
        IRouterSet.Router memory ofKey = IRouterSet.Router(vm.addr(keys[0]), false);
        IRouterSet.Router memory ofContract = IRouterSet.Router(address(_router), true);
        bool keyFirst = ofKey.account < ofContract.account;
        _set.push(keyFirst ? ofKey : ofContract);
        _set.push(keyFirst ? ofContract : ofKey);
        _routers = _newRouterSet(_set, 2, _AUTHORITY);
        _digest = _routers.digest();
    }

    /// @dev Both sign, the contract with `signature`.
    function _quorum(bytes memory signature) private view returns (bytes memory) {
        bytes memory ofKey = _entry(_signatureOf(keys[0], HASH));
        bytes memory ofContract = _entry(signature);
        bytes memory entries =
            _set[0].isContract ? abi.encodePacked(ofContract, ofKey) : abi.encodePacked(ofKey, ofContract);
        return abi.encodePacked(_encodeSet(_set, 2), uint32(3), entries);
    }

    function _expectRefused(bytes memory quorum) private {
        vm.expectRevert(abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, address(_router)));
        _routers.requireQuorum(HASH, _digest, quorum);
    }

    function test_RequireQuorum_AcceptsAContract() external view {
        _routers.requireQuorum(HASH, _digest, _quorum("yes"));
    }

    function testFuzz_RequireQuorum_RevertsWhen_AContractRefuses(bytes calldata signature) external {
        vm.assume(keccak256(signature) != keccak256("yes") && signature.length < 1 << 16);
        _expectRefused(_quorum(signature));
    }

    /// @dev None of these counts, and none can stop the call in another way than the one of a wrong signature.
    function test_RequireQuorum_RevertsWhen_AContractMisbehaves() external {
        ProgrammableRouter.Manner[8] memory manners = [
            ProgrammableRouter.Manner.AlwaysRefuses,
            ProgrammableRouter.Manner.Reverts,
            ProgrammableRouter.Manner.BurnsGas,
            ProgrammableRouter.Manner.ReturnsLittle,
            ProgrammableRouter.Manner.ReturnsNothing,
            ProgrammableRouter.Manner.RevertsWithMagic,
            ProgrammableRouter.Manner.Writes,
            ProgrammableRouter.Manner.MagicWithRest
        ];
        bytes memory quorum = _quorum("yes");
        for (uint256 i = 0; i < manners.length; ++i) {
            _router.setManner(manners[i]);
            _expectRefused(quorum);
            assertEq(_router.written(), 0, "written in a static call");
        }
    }

    /// @dev The first word counts, whatever follows it, and nothing behind it is copied.
    function test_RequireQuorum_CopiesOneWordOfALongAnswer() external {
        _router.setManner(ProgrammableRouter.Manner.ReturnsMuch);
        bytes memory quorum = _quorum("yes");
        uint256 gasBefore = gasleft();
        _routers.requireQuorum(HASH, _digest, quorum);
        assertLt(gasBefore - gasleft(), 120_000, "gas of a long answer");
    }

    function test_RequireQuorum_BoundsTheGasOfAContract() external {
        _router.setManner(ProgrammableRouter.Manner.BurnsGas);
        bytes memory quorum = _quorum("yes");
        uint256 gasBefore = gasleft();
        _expectRefused(quorum);
        assertLt(gasBefore - gasleft(), 300_000, "gas of a burner");
    }

    /// @dev A contract that vanished answers nothing.
    function test_RequireQuorum_RevertsWhen_AContractLostItsCode() external {
        bytes memory quorum = _quorum("yes");
        vm.etch(address(_router), "");
        _expectRefused(quorum);
    }

    /// @dev The kind is fixed: a key's signature does not count for a contract, whatever it recovers to.
    function test_RequireQuorum_RevertsWhen_AContractIsGivenAKeysSignature() external {
        _expectRefused(_quorum(_signatureOf(keys[0], HASH)));
    }
}
