import { SignTypedDataVersion, TypedDataUtils, type MessageTypes, type TypedMessage } from "@metamask/eth-sig-util";
import { expect } from "chai";
import { AbiCoder, ContractFactory, Interface, TypedDataEncoder, type InterfaceAbi } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { hashTypedData, type TypedDataDefinition } from "viem";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { KINDS, definitionOf, hashMessage, typedDataTypes, type Domain } from "@yellowstone-compute/sdk/messages";
import { testArtifact } from "../../utils/testArtifact.js";
import { anyDomain, valueOf } from "./arbitraries.js";

const MESSAGES = 1_000;
const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

describe("messages: one digest by every encoder", () => {
  for (const kind of KINDS) {
    const { fields } = definitionOf(kind);
    const messages = fc.sample(valueOf(kind), { numRuns: MESSAGES, seed: 712 });
    const domain = fc.sample(anyDomain, { numRuns: 1, seed: 712 })[0] as Domain;
    const digests = messages.map((message) => hashMessage(kind, message, domain));
    const plainTypes = { [kind]: fields.map(({ name, type }) => ({ name, type })) };

    it(`${kind}: ${MESSAGES} random messages, ethers`, () => {
      const theirs = messages.map((message) => TypedDataEncoder.hash(domain, typedDataTypes[kind], message));
      expect(theirs).to.deep.equal(digests);
    });

    it(`${kind}: ${MESSAGES} random messages, viem`, () => {
      const theirs = messages.map((message) => {
        const typed = { domain, types: plainTypes, primaryType: kind, message };
        return hashTypedData(typed as unknown as TypedDataDefinition);
      });
      expect(theirs).to.deep.equal(digests);
    });

    it(`${kind}: ${MESSAGES} random messages, eth-sig-util`, () => {
      const types = { EIP712Domain: DOMAIN_FIELDS, ...plainTypes };
      const named = { ...domain, chainId: domain.chainId.toString() };
      const theirs = messages.map((message) => {
        const typed = { domain: named, types, primaryType: kind, message } as unknown as TypedMessage<MessageTypes>;
        return bytesToHex(TypedDataUtils.eip712Hash(typed, SignTypedDataVersion.V4));
      });
      expect(theirs).to.deep.equal(digests);
    });

    it(`${kind}: ${MESSAGES} random messages, Solidity`, async () => {
      const { abi, bytecode } = await testArtifact("test/mocks/MessageHasher.sol", "MessageHasher");
      const { ethers, provider } = await network.create("l1");
      const [signer] = await ethers.getSigners();
      const face = new Interface(abi as InterfaceAbi);
      const contract = await new ContractFactory(face, bytecode, signer).deploy();
      const theirs: string[] = [];
      for (let from = 0; from < MESSAGES; from += 250) {
        const tuples = messages
          .slice(from, from + 250)
          .map((message) => fields.map(({ name }) => message[name as never]));
        const data = face.encodeFunctionData(`digest${kind}`, [[domain.chainId, domain.verifyingContract], tuples]);
        const request = { to: await contract.getAddress(), data };
        const answer = (await provider.request({ method: "eth_call", params: [request, "latest"] })) as string;
        theirs.push(...(AbiCoder.defaultAbiCoder().decode(["bytes32[]"], answer)[0] as string[]));
      }
      expect(theirs).to.deep.equal(digests);
    });
  }
});
