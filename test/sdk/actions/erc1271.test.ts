import { expect } from "chai";
import { concat, type BytesLike } from "ethers";
import { erc1271Reader } from "@yellowstone-compute/sdk";
import { ChainRequestFailed, ContractSignatureRefused, SignerMismatch } from "@yellowstone-compute/sdk/errors";
import {
  createDomain,
  signMessage,
  verifyMessage,
  type Kind,
  type LocalSigner,
  type MessageOf,
  type Signed,
  type TypedDataSigner,
} from "@yellowstone-compute/sdk/messages";
import { collectSignatures, memoryNetwork } from "@yellowstone-compute/sdk/quorum";
import { createRouter, type Matched } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, address, uMor, unixSeconds, wei, type Address } from "@yellowstone-compute/sdk/units";
import { bentProvider, busy } from "../../utils/bentNode.js";
import { EMISSION_START, MOR, NOON_MS, bid, domain, keyOf, policyOf, report, rfc } from "../router/world.js";
import { ethers, failureOf } from "./fixture.js";

const AT = unixSeconds(NOON_MS / 1_000n);
const owner = keyOf("wallet owner");
const MAGIC = "0x1626ba7e";

/** Code that deploys `runtime`: PUSH1 size, DUP1, PUSH1 9, PUSH0, CODECOPY, PUSH0, RETURN. */
function deploying(runtime: BytesLike): string {
  const size = ethers.toBeHex(ethers.getBytes(runtime).length, 1);
  return concat(["0x60", size, "0x8060095f395ff3", runtime]);
}

/**
 * A wallet with one owner, written out: it copies digest, v, r and s from its calldata, asks the ecrecover precompile,
 * and answers 0x1626ba7e if that gives the owner.
 */
function walletOf(who: Address): string {
  return concat([
    "0x602060045f3760a4355f1a602052604060646040376020608060805f60015afa50608051",
    "0x73",
    who,
    "0x14604b57",
    answering("0xffffffff"),
    "0x5b",
    answering(MAGIC),
  ]);
}

/** PUSH4 value, PUSH1 224, SHL, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN. */
function answering(value: string): string {
  return concat(["0x63", value, "0x60e01b5f5260205ff3"]);
}

async function deploy(runtime: BytesLike): Promise<Address> {
  const [sender] = await ethers.getSigners();
  const receipt = await (await sender!.sendTransaction({ data: deploying(runtime) })).wait();
  return address(receipt!.contractAddress!);
}

/** A key that signs for a wallet. */
const signerOf = (wallet: Address, key: LocalSigner = owner): TypedDataSigner => ({
  getAddress: () => Promise.resolve(wallet),
  signTypedData: (...args) => key.signTypedData(...args),
});

describe("ERC-1271 wallets, on a chain", () => {
  const reader = erc1271Reader(ethers.provider);
  let wallet: Address;
  before(async () => {
    wallet = await deploy(walletOf(owner.address));
  });

  it("sign as users, providers and routers; another key signs for nobody", async () => {
    const base = await rfc("somebody");
    const block = { height: 1n, previousHash: ZERO_HASH, reportsRoot: ZERO_HASH, reportCount: 0n, creditWei: wei(0n) };
    const values = {
      Rfc: { ...base.value, user: wallet },
      Bid: (await bid(0, 5n)).value,
      InferenceBlock: { ...block, router: wallet },
    };
    for (const [kind, value] of Object.entries(values)) {
      const sign = (key?: LocalSigner) =>
        signMessage(signerOf(wallet, key), kind as Kind, value as MessageOf<Kind>, domain);
      expect(await verifyMessage(await sign(), domain, AT, reader)).to.equal(wallet);
      const forged = await failureOf(verifyMessage(await sign(keyOf("thief")), domain, AT, reader));
      expect(forged, kind).to.be.instanceOf(ContractSignatureRefused);
      const elsewhere = createDomain(1, domain.verifyingContract);
      expect(await failureOf(verifyMessage(await sign(), elsewhere, AT, reader))).to.be.instanceOf(
        ContractSignatureRefused,
      );
      expect(await failureOf(verifyMessage(await sign(), domain, AT)), "no reader").to.be.instanceOf(SignerMismatch);
    }
  });

  it("are served by a router from RFC to report", async () => {
    const set = { threshold: 1, routers: [{ account: wallet, isContract: true }] };
    const signer = signerOf(wallet);
    const router = await createRouter({
      signer,
      domain,
      set,
      policy: policyOf(),
      emissionStart: EMISSION_START,
      reader,
    });
    const given = await signMessage(signer, "Bid", (await bid(0, MOR / 100_000n)).value, domain);
    await router.postBid(given, wallet, NOON_MS);
    const asked = await signMessage(signer, "Rfc", { ...(await rfc("ann")).value, user: wallet }, domain);
    const placed = (await router.admit(asked, { balanceWei: 1_000n * MOR, atMs: NOON_MS })) as Matched;
    expect(placed.status).to.equal("matched");
    expect(await verifyMessage(placed.match, domain, AT, reader)).to.equal(wallet);
    const judged = await router.report(await report("ann", placed), NOON_MS + 1_000n);
    expect(judged.status).to.equal("served");
  });

  it("count in a quorum", async () => {
    const set = { threshold: 1, routers: [{ account: wallet, isContract: true }] };
    const zero = { previousRoot: ZERO_HASH, newRoot: ZERO_HASH, debitsHash: ZERO_HASH, reportsRoot: ZERO_HASH };
    const blocks = { seq: 1n, firstBlock: 1n, lastBlock: 1n };
    const attestation = { ...zero, ...blocks, routerSet: ZERO_HASH, credited: uMor(1n), deadline: AT };
    const transport = memoryNetwork().join(wallet, {
      coSign: (proposal) => signMessage(signerOf(wallet), "Attestation", proposal.attestation, domain),
      blocksAfter: () => Promise.resolve([]),
      hear: () => undefined,
    });
    const proposal = { attestation, through: [], paidCount: 0, debits: [] };
    const options = { set, domain, transport, signal: AbortSignal.timeout(5_000), at: AT };
    expect((await collectSignatures(proposal, { ...options, reader })).signatures.has(wallet)).to.equal(true);
    expect(await failureOf(collectSignatures(proposal, options))).to.have.property("code", "QuorumMissing");
  });

  it("are refused when they revert, answer less, more or without end, or are not there", async () => {
    const signed: Signed<"Bid"> = { ...(await bid(0, 5n)), signer: wallet };
    const magic = concat(["0x63", MAGIC, "0x60e01b"]);
    for (const [name, runtime] of [
      ["reverts", "0x5f5ffd"],
      ["reverts with the magic", concat([magic, "0x5f5260205ffd"])],
      ["loops", "0x5b5f56"],
      ["31 bytes", concat([magic, "0x5f52601f5ff3"])],
      ["no bytes", "0x00"],
      ["magic with rest", concat([magic, "0x6001175f5260205ff3"])],
      ["another word", answering("0xffffffff")],
    ] as const) {
      const odd = await deploy(runtime);
      const failure = await failureOf(verifyMessage({ ...signed, signer: odd }, domain, AT, reader));
      expect(failure, name).to.be.instanceOf(ContractSignatureRefused);
    }
    const nobody = address(`0x${"99".repeat(20)}`);
    const failure = await failureOf(verifyMessage({ ...signed, signer: nobody }, domain, AT, reader));
    expect(failure).to.be.instanceOf(SignerMismatch);
  });

  it("are neither accepted nor refused by a node that does not answer", async () => {
    const signed: Signed<"Bid"> = { ...(await bid(0, 5n)), signer: wallet };
    for (const refused of ["eth_getCode", "eth_call"]) {
      const node = bentProvider(ethers.provider, (method, params, pass) =>
        method === refused ? busy() : pass(method, params),
      );
      const failure = await failureOf(verifyMessage(signed, domain, AT, erc1271Reader(node)));
      expect(failure, refused).to.be.instanceOf(ChainRequestFailed);
    }
  });
});
