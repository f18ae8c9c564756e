import { readFileSync } from "node:fs";
import { expect } from "chai";
import { TypedDataEncoder, recoverAddress } from "ethers";
import { network } from "hardhat";
import { createDomain, hashMessage, parseValue } from "@yellowstone-compute/sdk/messages";
import type { Hex } from "@yellowstone-compute/sdk/units";

const FIELDS = [
  "seq",
  "previousRoot",
  "newRoot",
  "credited",
  "debitsHash",
  "firstBlock",
  "lastBlock",
  "reportsRoot",
  "routerSet",
  "deadline",
] as const;

interface GoldenMessage {
  kind: string;
  type: string;
  value: Record<(typeof FIELDS)[number], string>;
  digest: string;
  signer: string;
  signature: Hex;
}

interface GoldenFile {
  domain: { name: string; version: string; chainId: string; verifyingContract: string };
  messages: GoldenMessage[];
}

const DAY = 86_400n;
const file = JSON.parse(readFileSync(new URL("../vectors/messages.json", import.meta.url), "utf8")) as GoldenFile;
const golden = attestationOf(file);

function attestationOf({ messages }: GoldenFile): GoldenMessage {
  const found = messages.find(({ kind }) => kind === "Attestation");
  if (found === undefined) throw new Error("messages.json holds no attestation");
  return found;
}

/** Fields of `Name(type name,...)`, as ethers wants them. */
function fieldsOf(type: string): { type: string; name: string }[] {
  const list = type.slice(type.indexOf("(") + 1, -1).split(",");
  return list.map((field) => {
    const [fieldType = "", name = ""] = field.split(" ");
    return { type: fieldType, name };
  });
}

describe("ComputeContract: the golden attestation", () => {
  it("has the golden digest on chain, with ethers and with the SDK", async () => {
    const chainId = BigInt(file.domain.chainId);
    const { ethers } = await network.create({ network: "l1", override: { chainId: Number(chainId) } });
    // The golden contract is the first one of the first account: all others come from the second.
    const [first, second] = await ethers.getSigners();
    const token = await ethers.deployContract("TestMor", second);
    const schedule = await ethers.deployContract("LinearDecreaseSchedule", [10n ** 18n, 0n, 0n, DAY], second);
    const set = [{ account: golden.signer, isContract: false }];
    // No role is used here: any contract can stand for the access manager.
    const routers = await ethers.deployContract("RouterSet", [set, 1n, token], second);
    const bonds = { minBondWei: 10n ** 18n, changeDelay: DAY, unbondingDelay: DAY };
    const window = { startAt: 0n, endAt: 0n, seasonLength: 0n, entryWindow: 0n };
    const compute = await ethers.deployContract(
      "ComputeContract",
      [token, schedule, routers, token, 600n, bonds, window],
      first,
    );
    expect(await compute.getAddress(), "address").to.equal(file.domain.verifyingContract);

    const onChain = await compute.getFunction("hashAttestation").staticCall(golden.value);
    expect(onChain, "contract").to.equal(golden.digest);
    const types = { Attestation: fieldsOf(golden.type) };
    expect(TypedDataEncoder.hash({ ...file.domain, chainId }, types, golden.value), "ethers").to.equal(golden.digest);
    const domain = createDomain(chainId, file.domain.verifyingContract);
    expect(hashMessage("Attestation", parseValue("Attestation", golden.value), domain), "SDK").to.equal(golden.digest);
  });

  it("has the fields of the contract's struct, in their order", () => {
    expect(fieldsOf(golden.type).map(({ name }) => name)).to.deep.equal(FIELDS);
  });

  it("is signed by the golden signer", () => {
    expect(recoverAddress(golden.digest, golden.signature)).to.equal(golden.signer);
  });
});
