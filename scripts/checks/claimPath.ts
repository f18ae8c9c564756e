// What a web page needs to let a provider claim: the claim path, as `npm run package-check` measures it and a test runs it in a
// browser. Everything it does goes through the URL of a node and a signer.
import type { Signer } from "ethers";
import { connect, createProvider, type KnownAddresses } from "@yellowstone-compute/sdk";

/** Claim what is due to providers, if it is worth at least `minNetWei`; gives what was paid, in uMOR. */
export async function claimWith(signer: Signer, addresses: KnownAddresses, ids: number[]): Promise<bigint> {
  const client = await createProvider({ deployment: await connect({ runner: signer, addresses }), ids });
  await client.sync();
  let paidUMor = 0n;
  for (const result of await client.claim(client.plan())) {
    if (result.status === "claimed") paidUMor += result.outcome.paidUMor;
  }
  return paidUMor;
}
