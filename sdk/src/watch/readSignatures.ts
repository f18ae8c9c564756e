import type { Result } from "ethers";
import { read } from "../actions/read.js";
import { hexToBytes } from "../crypto/hex.js";
import type { Deployment } from "../deployment/deployment.js";
import type { Attestation, Signed } from "../messages/index.js";
import { readQuorum } from "./readQuorum.js";

/**
 * Read who signed an attestation, from the transaction that posted it. The contract has verified the signatures.
 * @returns undefined when it was posted by way of another contract, or the node does not give the transaction
 */
export async function readSignatures(
  d: Deployment,
  transactionHash: string,
): Promise<Signed<"Attestation">[] | undefined> {
  const sent = await read(() => d.provider.getTransaction(transactionHash));
  if (sent?.to?.toLowerCase() !== d.addresses.compute.toLowerCase()) return undefined;
  const call = d.compute.interface.parseTransaction({ data: sent.data });
  if (call?.name !== "attest") return undefined;
  const value = (call.args["attestation"] as Result).toObject() as unknown as Attestation;
  const { signatures } = readQuorum(hexToBytes(call.args["quorum"] as string));
  return [...signatures].map(([signer, signature]) => ({ kind: "Attestation", value, signer, signature }));
}
