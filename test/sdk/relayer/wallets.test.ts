import {
  recoverTypedSignature,
  SignTypedDataVersion,
  type MessageTypes,
  type TypedMessage,
} from "@metamask/eth-sig-util";
import { expect } from "chai";
import {
  hashTypedData,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerialized,
  type TypedDataDefinition,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import * as sdk from "@yellowstone-compute/sdk";
import { attestationOf, ROUTERS } from "../actions/fixture.js";
import { networkHelpers, PAYER, relayerOf, settle, world } from "./world.js";

const EIP712_DOMAIN = {
  EIP712Domain: [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
  ],
};

const copyOf = (types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>) =>
  Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, fields.map((field) => ({ ...field }))]));

describe("relayer: judged by other wallets", () => {
  it("viem reads from the signed bytes what was meant, by the same sender", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const signed: sdk.Change[] = [];
    const relayer = await relayerOf(d, {
      observer: (event) => void (event.event === "change" && event.change.t === "sign" && signed.push(event.change)),
    });
    const id = await relayer.post(post);
    await settle(relayer);
    const [change] = signed;
    if (change?.t !== "sign") throw new Error("nothing was signed");
    const { raw, hash, maxFeePerGas } = change.variant;
    const call = sdk.postAttestation.call(d, post);
    expect(parseTransaction(raw)).to.deep.include({
      type: "eip1559",
      chainId: Number(d.chainId),
      to: call.to.toLowerCase(),
      data: call.data,
      maxFeePerGas,
    });
    expect(keccak256(raw)).to.equal(hash);
    expect((await relayer.status(id)).parts[0]?.hash).to.equal(hash);
    const serializedTransaction = raw as TransactionSerialized;
    expect(await recoverTransactionAddress({ serializedTransaction })).to.equal(PAYER.address);
  });

  it("a transaction that viem signed is the one that ethers signs, byte by byte", async () => {
    const account = privateKeyToAccount(PAYER.privateKey as sdk.Hex);
    const fields = { chainId: 8453, nonce: 7, maxFeePerGas: 9n, maxPriorityFeePerGas: 2n, value: 0n };
    const to = ROUTERS[0]!.address;
    const theirs = await account.signTransaction({ ...fields, type: "eip1559", to, gas: 50_000n, data: "0x0102" });
    const ours = await PAYER.signTransaction({ ...fields, type: 2, to, gasLimit: 50_000n, data: "0x0102" });
    expect(ours).to.equal(theirs);
  });

  it("typed data of what a relayer carries has the same digest and signer for MetaMask and viem", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const [router] = ROUTERS;
    const { head } = await sdk.readState(d);
    const order: sdk.SlashOrder = {
      eventId: sdk.hash32(`0x${"ab".repeat(32)}`),
      providerId: sdk.providerId(1),
      amountWei: sdk.wei(5n),
      reasonHash: sdk.hash32(`0x${"cd".repeat(32)}`),
      routerSet: head.routerSet,
      deadline: sdk.unixSeconds(head.timestamp + 3_600n),
    };
    for (const [kind, message, ours] of [
      ["Attestation", post.attestation, d.domain],
      ["SlashOrder", order, d.registryDomain],
    ] as const) {
      const types = { ...EIP712_DOMAIN, ...copyOf(sdk.typedDataTypes[kind]) };
      const { name, version, chainId, verifyingContract } = ours;
      const domain = { name, version, chainId: Number(chainId), verifyingContract };
      const { signature } = await sdk.signMessage(router!, kind, message, ours);
      const typed = { domain, types, primaryType: kind, message: { ...message } } as unknown as TypedDataDefinition;
      expect(hashTypedData(typed), kind).to.equal(sdk.hashMessage(kind, message, ours));
      const data: TypedMessage<MessageTypes> = {
        domain,
        primaryType: kind,
        message: Object.fromEntries(Object.entries(message).map(([field, each]) => [field, String(each)])),
        types,
      };
      const recovered = recoverTypedSignature({ data, signature, version: SignTypedDataVersion.V4 });
      expect(recovered, kind).to.equal(router!.address.toLowerCase());
    }
  });
});
