import { CURVE_LIBRARY, bytesToHex, hexToBytes, keccak256, type CurveLibrary } from "@yellowstone-compute/sdk";
import { SigningKey } from "ethers";
import { pointFromScalar, recover, signRecoverable, verify } from "tiny-secp256k1";
import { interleaved, median, timed, timesAsLong } from "../rounds.js";
import type { Rows } from "../rows.js";

type RecoveryId = 0 | 1;

/** A library of the curve by itself, called as the SDK calls it. The SDK knows no public key before it recovers one. */
export interface BareCurve {
  readonly library: CurveLibrary;
  sign(digest: Uint8Array, key: Uint8Array): { readonly rs: Uint8Array; readonly recoveryId: number };
  recover(digest: Uint8Array, rs: Uint8Array, recoveryId: RecoveryId): Uint8Array | null;
  /** Not there where the SDK could not use it either. */
  verify?(digest: Uint8Array, rs: Uint8Array, publicKey: Uint8Array): boolean;
}

interface Addon {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
  ecdsaRecover(rs: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: false): Uint8Array;
  ecdsaVerify(rs: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

const WASM: BareCurve = {
  library: "tiny-secp256k1",
  sign(digest, key) {
    const { signature, recoveryId } = signRecoverable(digest, key);
    return { rs: signature, recoveryId };
  },
  recover: (digest, rs, recoveryId) => recover(digest, rs, recoveryId, false),
  verify: (digest, rs, publicKey) => verify(digest, publicKey, rs),
};

const PORTABLE: BareCurve = {
  library: "ethers",
  sign(digest, key) {
    const { r, s, yParity } = new SigningKey(bytesToHex(key)).sign(digest);
    return { rs: hexToBytes(`${r}${s.slice(2)}`), recoveryId: yParity };
  },
  recover(digest, rs, yParity) {
    const [r, s] = [bytesToHex(rs.subarray(0, 32)), bytesToHex(rs.subarray(32))];
    return hexToBytes(SigningKey.recoverPublicKey(digest, { r, s, yParity }));
  },
};

/** The libraries there are in this process, the SDK's own choice among them. */
export async function bareCurves(): Promise<readonly BareCurve[]> {
  if (CURVE_LIBRARY !== "secp256k1") return [WASM, PORTABLE];
  const name: string = "secp256k1/bindings.js";
  const { default: addon } = (await import(name)) as { readonly default: Addon };
  const native: BareCurve = {
    library: "secp256k1",
    sign(digest, key) {
      const { signature, recid } = addon.ecdsaSign(digest, key);
      return { rs: signature, recoveryId: recid };
    },
    recover: (digest, rs, recoveryId) => addon.ecdsaRecover(rs, recoveryId, digest, false),
    verify: (digest, rs, publicKey) => addon.ecdsaVerify(rs, digest, publicKey),
  };
  return [native, WASM, PORTABLE];
}

/** What the SDK uses here, by itself. */
export async function curveInUse(): Promise<BareCurve> {
  const found = (await bareCurves()).find(({ library }) => library === CURVE_LIBRARY);
  if (found === undefined) throw new TypeError("bench: the SDK's curve is not there");
  return found;
}

const MESSAGES = 400;
const ROUNDS = 7;
const CALLS = {
  sign: "sign, library alone",
  recover: "recover a signer, library alone",
  verify: "verify with a known key, library alone",
} as const;

/** Signatures a second of each library, in turns within each round, and how many times as long the slower ones take. */
export async function curveRows(rows: Rows): Promise<void> {
  const key = keccak256(new Uint8Array([1]));
  const publicKey = pointFromScalar(key, false) ?? key;
  const digests = Array.from({ length: MESSAGES }, (_, i) => keccak256(new Uint8Array([i >> 8, i & 255])));
  const signed = digests.map((digest) => WASM.sign(digest, key));
  const curves = await bareCurves();
  for (const call of Object.keys(CALLS) as (keyof typeof CALLS)[]) {
    const able = curves.filter((curve) => curve[call] !== undefined);
    const act: Record<keyof typeof CALLS, (curve: BareCurve, i: number) => unknown> = {
      sign: (curve, i) => curve.sign(digests[i]!, key),
      recover: (curve, i) => curve.recover(digests[i]!, signed[i]!.rs, signed[i]!.recoveryId as RecoveryId),
      verify: (curve, i) => curve.verify?.(digests[i]!, signed[i]!.rs, publicKey),
    };
    const contest = Object.fromEntries(
      able.map((curve) => [curve.library, () => timed(() => digests.forEach((_, i) => act[call](curve, i)))]),
    );
    const times = await interleaved(contest, ROUNDS);
    for (const { library } of able) {
      rows.add(CALLS[call], MESSAGES, (MESSAGES * 1_000) / median(times[library] ?? []), "per s", library);
      if (library === CURVE_LIBRARY) continue;
      const factor = timesAsLong(times[library] ?? [], times[CURVE_LIBRARY] ?? []);
      rows.add(`${CALLS[call]}, against ${CURVE_LIBRARY}`, MESSAGES, factor, "times as long", library);
    }
  }
}
