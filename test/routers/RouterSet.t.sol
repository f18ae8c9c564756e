// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {RouterSet} from "../../contracts/routers/RouterSet.sol";
import {ProgrammableRouter} from "../mocks/ProgrammableRouter.sol";
import {QuorumFixture} from "../utils/QuorumFixture.sol";

/// @notice Which sets of routers can be in force, and what they publish.
contract RouterSetTest is QuorumFixture {
    /// @dev Nobody may change these sets.
    address private constant _AUTHORITY = address(1);

    /// @dev `count` routers at addresses 1, 2, 3, ...
    function _plainSet(uint256 count) private pure returns (IRouterSet.Router[] memory set) {
        set = new IRouterSet.Router[](count);
        for (uint256 i = 0; i < count; ++i) set[i].account = address(uint160(i + 1));
    }

    function _expectRefused(IRouterSet.Router[] memory set, uint256 threshold, bytes memory reason) private {
        vm.expectRevert(reason);
        _newRouterSet(set, threshold, _AUTHORITY);
    }

    function test_Constructor_PublishesTheSet() external {
        _createKeys(3);
        IRouterSet.Router[] memory set = _ecdsaSet();
        bytes32 expected = keccak256(_encodeSet(set, 2));
        vm.expectEmit();
        emit IRouterSet.RouterSetChanged(expected, 2, set);
        RouterSet routers = _newRouterSet(set, 2, _AUTHORITY);
        assertEq(routers.digest(), expected, "digest");
        assertEq(routers.threshold(), 2, "threshold");
        assertEq(keccak256(abi.encode(routers.routers())), keccak256(abi.encode(set)), "routers");
    }

    /// @dev One set differs from another in any way: so do their digests.
    function test_Digest_BindsThresholdKindAndAccounts() external {
        ProgrammableRouter contractRouter = new ProgrammableRouter(ProgrammableRouter.Manner.Honest);
        IRouterSet.Router[] memory set = new IRouterSet.Router[](1);
        set[0].account = address(contractRouter);
        bytes32 asKey = _newRouterSet(set, 1, _AUTHORITY).digest();
        set[0].isContract = true;
        assertNotEq(_newRouterSet(set, 1, _AUTHORITY).digest(), asKey, "kind");
        bytes32 twoOfTwo = _newRouterSet(_plainSet(2), 2, _AUTHORITY).digest();
        bytes32 twoOfThree = _newRouterSet(_plainSet(3), 2, _AUTHORITY).digest();
        assertNotEq(twoOfTwo, twoOfThree, "accounts");
        assertNotEq(_newRouterSet(_plainSet(3), 3, _AUTHORITY).digest(), twoOfThree, "threshold");
    }

    function test_Constructor_AcceptsEveryMajority() external {
        for (uint256 count = 1; count <= 32; ++count) {
            for (uint256 threshold = 0; threshold <= count + 1; ++threshold) {
                bool valid = threshold * 2 > count && threshold <= count;
                if (!valid) {
                    bytes4 selector = IRouterSet.RouterThresholdInvalid.selector;
                    vm.expectRevert(abi.encodeWithSelector(selector, threshold, count));
                }
                _newRouterSet(_plainSet(count), threshold, _AUTHORITY);
            }
        }
    }

    function test_Constructor_RevertsWhen_CountInvalid() external {
        bytes4 selector = IRouterSet.RouterCountInvalid.selector;
        _expectRefused(_plainSet(0), 1, abi.encodeWithSelector(selector, 0, 32));
        _expectRefused(_plainSet(33), 17, abi.encodeWithSelector(selector, 33, 32));
    }

    function test_Constructor_RevertsWhen_OrderInvalid() external {
        bytes4 selector = IRouterSet.RouterOrderInvalid.selector;
        IRouterSet.Router[] memory set = _plainSet(3);
        set[0].account = address(0);
        _expectRefused(set, 2, abi.encodeWithSelector(selector, 0, address(0)));

        set = _plainSet(3);
        set[2].account = set[1].account;
        _expectRefused(set, 2, abi.encodeWithSelector(selector, 2, set[1].account));

        set = _plainSet(3);
        (set[0], set[1]) = (set[1], set[0]);
        _expectRefused(set, 2, abi.encodeWithSelector(selector, 1, set[1].account));
    }

    function test_Constructor_RevertsWhen_AContractRouterHasNoCode() external {
        IRouterSet.Router[] memory set = _plainSet(2);
        set[1].account = makeAddr("no code");
        set[1].isContract = true;
        bytes memory reason = abi.encodeWithSelector(IRouterSet.RouterWithoutCode.selector, set[1].account);
        _expectRefused(set, 2, reason);
    }
}
