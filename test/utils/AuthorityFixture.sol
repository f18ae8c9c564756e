// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IComputeContract} from "../../contracts/interfaces/IComputeContract.sol";
import {IProviderRegistry} from "../../contracts/interfaces/IProviderRegistry.sol";
import {IRouterSet} from "../../contracts/interfaces/IRouterSet.sol";
import {QuorumFixture} from "./QuorumFixture.sol";

/// @title AuthorityFixture
/// @notice The access manager as a deployment wires it: a guardian without delay, governance with one, and no other admin.
abstract contract AuthorityFixture is QuorumFixture {
    uint64 internal constant ADMIN_ROLE = 0;
    uint64 internal constant GUARDIAN_ROLE = 1;
    uint64 internal constant GOVERNANCE_ROLE = 2;
    uint32 internal constant GOVERNANCE_DELAY = 2 days;

    AccessManager internal authority;
    address internal guardian = makeAddr("guardian");
    address internal governance = makeAddr("governance");

    /// @dev Until `_handOver` this test is the admin.
    function _deployAuthority() internal {
        authority = AccessManager(deployCode("AccessManager.sol:AccessManager", abi.encode(address(this))));
    }

    /// @dev Gives every restricted function to its role, the roles to their holders, and the admin role away.
    function _handOver(IComputeContract compute, IRouterSet routers) internal {
        _give(GUARDIAN_ROLE, address(compute), IComputeContract.veto.selector);
        _give(GUARDIAN_ROLE, address(compute), IComputeContract.pauseAttestations.selector);
        _give(GUARDIAN_ROLE, address(compute), IComputeContract.resumeAttestations.selector);
        _give(GUARDIAN_ROLE, address(compute.REGISTRY()), IProviderRegistry.vetoSlash.selector);
        _give(GUARDIAN_ROLE, address(routers), IRouterSet.removeRouter.selector);
        _give(GOVERNANCE_ROLE, address(routers), IRouterSet.setRouters.selector);
        _give(GOVERNANCE_ROLE, address(compute), IComputeContract.rearmPause.selector);
        _give(GOVERNANCE_ROLE, address(compute), IComputeContract.rescue.selector);
        _give(GOVERNANCE_ROLE, address(compute.REGISTRY()), IProviderRegistry.setMinBond.selector);
        _give(GOVERNANCE_ROLE, address(compute.REGISTRY()), IProviderRegistry.rescue.selector);
        authority.grantRole(GUARDIAN_ROLE, guardian, 0);
        authority.grantRole(GOVERNANCE_ROLE, governance, _governanceDelay());
        authority.grantRole(ADMIN_ROLE, governance, _governanceDelay());
        authority.renounceRole(ADMIN_ROLE, address(this));
    }

    function _governanceDelay() internal pure virtual returns (uint32) {
        return GOVERNANCE_DELAY;
    }

    function _give(uint64 role, address target, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        authority.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Governance schedules a call, waits its delay and executes it.
    function _govern(address target, bytes memory data) internal {
        vm.prank(governance);
        authority.schedule(target, data, 0);
        skip(GOVERNANCE_DELAY);
        vm.prank(governance);
        authority.execute(target, data);
    }
}
