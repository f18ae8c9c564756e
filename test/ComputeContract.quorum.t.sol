// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComputeContract} from "../contracts/interfaces/IComputeContract.sol";
import {IRouterSet} from "../contracts/interfaces/IRouterSet.sol";
import {RouterSet} from "../contracts/routers/RouterSet.sol";
import {ATTESTATION_TYPEHASH, Attestation} from "../contracts/types/Attestation.sol";
import {ComputeFixture} from "./utils/ComputeFixture.sol";

/// @notice `attest`: the routers' signatures are over this message, this chain, this contract and this set.
contract ComputeContractQuorumTest is ComputeFixture {
    function setUp() external {
        _deploy({providers: 10, poolWei: 1000e18});
    }

    /// @dev Expects the quorum of `post` to be for another message: its first router is named.
    function _expectNotSigned(Post memory post) private {
        _expectAttestRevert(post, _notSigned());
    }

    function _notSigned() private view returns (bytes memory) {
        return abi.encodeWithSelector(IRouterSet.RouterSignatureInvalid.selector, vm.addr(keys[0]));
    }

    // ---- The digest ----

    /// @dev The digest by its definition: EIP-712 with name, version, chain and contract.
    function testFuzz_HashAttestation_IsEip712(Attestation calldata a, uint64 chain) external {
        vm.assume(chain != 0);
        vm.chainId(chain);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Yellowstone Compute"),
                keccak256("1"),
                uint256(chain),
                address(compute)
            )
        );
        bytes32 fields = keccak256(
            abi.encode(
                ATTESTATION_TYPEHASH,
                a.seq,
                a.previousRoot,
                a.newRoot,
                a.credited,
                a.debitsHash,
                a.firstBlock,
                a.lastBlock,
                a.reportsRoot,
                a.routerSet,
                a.deadline
            )
        );
        bytes32 expected = keccak256(abi.encodePacked(hex"1901", domain, fields));
        assertEq(compute.hashAttestation(a), expected, "digest");
    }

    /// @dev The golden vector of test/vectors/messages.json, without the domain.
    function test_HashStruct_IsTheGoldenVector() external view {
        assertEq(ATTESTATION_TYPEHASH, 0x989df20dd9932559fad4d8e9aa5384ab8b77d03f343de376867f8d9de9e296e8, "type hash");
        Attestation memory golden = Attestation({
            seq: 1,
            previousRoot: 0x2f93e108fbb03f6d6c430e5e037ac40077bd20c41d887f000af5c92d8117362f,
            newRoot: 0xc1c537c4a4ef62d5983a5d4ae549a6dff1dc91c8b2e9b109fa80ebbfec0c2f49,
            credited: 18446744073709551615,
            debitsHash: 0x374d35f326c9f2f84e90af156d75d9388540ec3b0d492a7d8c7c3cff8257fc4b,
            firstBlock: 2066351,
            lastBlock: 2066400,
            reportsRoot: 0xdaf1bbd6780786759989243745e29a43b4f98bfe745beab3ffb075eb0fa628b2,
            routerSet: 0x7cf70d030655be6cbe5ef5b0c247e5064ea4c010201d4677e2225a5d58387189,
            deadline: 1732194000
        });
        assertEq(
            this.hashStructOf(golden),
            0x1248cd88a57f1e954232904f23cf7be765119653657ec2c69dd05f679c432525,
            "struct hash"
        );
    }

    function hashStructOf(Attestation calldata a) external pure returns (bytes32) {
        return a.hashStruct();
    }

    /// @dev Changing any one field changes the digest.
    function testFuzz_HashAttestation_CoversEveryField(Attestation memory a, bytes32 other) external view {
        bytes32 digest = compute.hashAttestation(a);
        for (uint256 field = 0; field < 10; ++field) {
            Attestation memory b = abi.decode(abi.encode(a), (Attestation));
            if (!_mutate(b, field, other)) continue;
            assertNotEq(compute.hashAttestation(b), digest, "digest of another message");
        }
    }

    /// @dev Gives one field another value; false if it has that value already.
    function _mutate(Attestation memory a, uint256 field, bytes32 value) private pure returns (bool) {
        bytes32 before = keccak256(abi.encode(a));
        uint64 number = uint64(uint256(value));
        if (field == 0) a.seq = number;
        else if (field == 1) a.previousRoot = value;
        else if (field == 2) a.newRoot = value;
        else if (field == 3) a.credited = number;
        else if (field == 4) a.debitsHash = value;
        else if (field == 5) a.firstBlock = number;
        else if (field == 6) a.lastBlock = number;
        else if (field == 7) a.reportsRoot = value;
        else if (field == 8) a.routerSet = value;
        else a.deadline = number;
        return keccak256(abi.encode(a)) != before;
    }

    // ---- What was signed ----

    /// @dev The fields that nothing else on chain holds down: the signatures alone do.
    function test_Attest_RevertsWhen_AFreeFieldIsMutated() external {
        skip(24);
        Post memory post = _build(_each(1, 10));
        post.message.reportsRoot ^= bytes32(uint256(1));
        _expectNotSigned(post);

        post = _build(_each(1, 10));
        post.message.deadline += 1;
        _expectNotSigned(post);

        post = _build(_each(1, 10));
        post.message.lastBlock -= 1;
        _expectNotSigned(post);
    }

    /// @dev The signatures are over every field; most of them the head and the deltas hold down as well.
    function testFuzz_Attest_RevertsWhen_AnyFieldIsMutated(uint256 field, bytes32 value) external {
        Post memory post = _build(_each(1, 10));
        vm.assume(_mutate(post.message, field % 10, value));
        bytes32 mutated = compute.hashAttestation(post.message);
        bytes32 inForce = routers.digest();
        vm.expectRevert(_notSigned());
        routers.requireQuorum(mutated, inForce, post.quorum);
        vm.expectRevert();
        _attest(post);
    }

    /// @dev Another credit with its own deltas, root and sum, but the signatures of the first.
    function test_Attest_RevertsWhen_TheQuorumIsOfAnotherAttestation() external {
        Post memory signed = _build(_each(1, 10));
        Post memory post = _build(_each(2, 10));
        post.quorum = signed.quorum;
        _expectNotSigned(post);
    }

    function test_Attest_RevertsWhen_SignedForAnotherChain() external {
        Post memory post = _build(_each(1, 10));
        vm.chainId(8453);
        _expectNotSigned(post);
    }

    /// @dev The same suite twice, with the same routers and the same head: each has its own messages.
    function test_Attest_RevertsWhen_SignedForAnotherContract() external {
        Post memory post = _build(_each(1, 10));
        vm.warp(START + FIRST_DAY * 1 days + 12 hours);
        IComputeContract twin = _newCompute(DELAY);
        registry = twin.REGISTRY();
        for (uint256 i = 0; i < 10; ++i) _register(_payoutOf(i));
        skip(12);
        assertEq(twin.headRoot(), compute.headRoot(), "the same head");
        vm.expectRevert(_notSigned());
        twin.attest(post.message, post.deltas, post.witness, post.debits, post.quorum);
        _attest(post);
    }

    // ---- Who signed ----

    function test_Attest_RevertsWhen_BelowTheThreshold() external {
        Post memory post = _build(_each(1, 10));
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 4);
        bytes4 selector = IRouterSet.RouterQuorumMissing.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, 1, 2));
    }

    function test_Attest_RevertsWhen_ForAnotherSet() external {
        Post memory post = _build(_each(1, 10));
        bytes32 inForce = routers.digest();
        post.message.routerSet = keccak256("other");
        _sign(post);
        bytes4 selector = IRouterSet.RouterSetStale.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, post.message.routerSet, inForce));
    }

    /// @dev A set of one's own, signed by its own keys, naming the digest in force.
    function test_Attest_RevertsWhen_TheSetIsForeign() external {
        Post memory post = _build(_each(1, 10));
        bytes32 messageHash = compute.hashAttestation(post.message);
        bytes32 inForce = routers.digest();
        keys[0] = uint256(keccak256("mallory"));
        bytes memory set = _encodeSet(_ecdsaSet(), 2);
        post.quorum = _quorumOf(messageHash, 3);
        bytes4 selector = IRouterSet.RouterSetUnknown.selector;
        _expectAttestRevert(post, abi.encodeWithSelector(selector, keccak256(set), inForce));
    }

    /// @dev A router is no more than its key: one of one works as well.
    function test_Attest_OfASingleRouter() external {
        _createKeys(1);
        routers = _newRouterSet(_ecdsaSet(), 1, address(authority));
        compute = _newCompute(DELAY);
        registry = compute.REGISTRY();
        _register(_payoutOf(0));
        token.mint(address(compute), 1e18);
        skip(12);
        Post memory post = _build(_only(0, 5, 1));
        post.quorum = _quorumOf(compute.hashAttestation(post.message), 1);
        _attest(post);
        assertEq(compute.owedWei(), 5e12, "owed");
    }
}
