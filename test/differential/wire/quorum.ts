import { packSet, type Quorum } from "../model/routers.js";
import { hex, sizeOf, utf8 } from "./bytes.js";
import { malleate, sign, type Key } from "./keys.js";

/** Pack a quorum over `digest`, with the flaw that it names. Contract routers answer "yes" to the bytes "yes". */
export function packQuorum(quorum: Quorum, digest: bigint, keys: ReadonlyMap<bigint, Key>): string {
  const { set, signers, flaw, trailing } = quorum;
  const mask = signers.reduce((sum, i) => sum | (1n << BigInt(i)), 0n);
  let text = packSet(set) + hex(mask, 4);
  for (const i of signers) {
    const router = set.routers[i];
    if (router === undefined) continue;
    const signature = signatureOf(
      router.isContract,
      keys.get(router.account),
      digest,
      flaw?.signer === i ? flaw : undefined,
    );
    text += hex(sizeOf(signature), 2) + signature;
  }
  return trailing === undefined ? text : text + "00".repeat(Number(trailing.actual - trailing.expected));
}

function signatureOf(isContract: boolean, key: Key | undefined, digest: bigint, flaw: Quorum["flaw"]): string {
  if (isContract) return utf8(flaw === undefined ? "yes" : "no");
  if (key === undefined) throw new Error("a router without key");
  if (flaw?.kind === "other message") return sign(key, digest ^ 1n);
  const signature = sign(key, digest);
  if (flaw?.kind === "malleable") return malleate(signature);
  if (flaw?.kind === "length") return signature.padEnd(Number(flaw.length) * 2, "0").slice(0, Number(flaw.length) * 2);
  return signature;
}
