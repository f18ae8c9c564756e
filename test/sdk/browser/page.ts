// What the page of browser.test.ts runs: the claim path and a signature, without anything of Node.
import { JsonRpcProvider, Wallet } from "ethers";
import { createDomain, localSigner, signMessage, verifyMessage } from "@yellowstone-compute/sdk";
import { hash32, unixMillis, unixSeconds, type KnownAddresses } from "@yellowstone-compute/sdk";
import { claimWith } from "../../../scripts/checks/claimPath.js";

/** What the page is given, as JSON. */
export interface PageArguments {
  readonly url: string;
  readonly key: string;
  readonly addresses: KnownAddresses;
  readonly id: number;
}

/** What the page finds, as JSON. */
export interface PageResult {
  readonly paidUMor: string;
  readonly signedBy: string;
  /** Globals of Node that are there. */
  readonly ofNode: readonly string[];
}

/** Claim for a provider, sign a message and find out who signed it. */
export async function run({ url, key, addresses, id }: PageArguments): Promise<PageResult> {
  const signer = new Wallet(key, new JsonRpcProvider(url, undefined, { cacheTimeout: -1, batchMaxCount: 1 }));
  const paidUMor = await claimWith(signer, addresses, [id]);
  const domain = createDomain(31_337, addresses.compute);
  const [matchHash, promptHash] = [hash32(`0x${"11".repeat(32)}`), hash32(`0x${"22".repeat(32)}`)];
  const query = { matchHash, promptHash, sentAtMs: unixMillis(1_000n) };
  const signed = await signMessage(localSigner(key), "Query", query, domain);
  const ofNode = ["process", "Buffer", "require", "global", "__dirname"].filter((name) => name in globalThis);
  return { paidUMor: paidUMor.toString(), signedBy: await verifyMessage(signed, domain, unixSeconds(1n)), ofNode };
}
