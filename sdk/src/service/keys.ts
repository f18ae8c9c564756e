/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { decryptKeystoreJson } from "ethers";
import { bytesToHex, hexToBytes, isHexBytes } from "../crypto/hex.js";
import { addressOfKey, signDigest } from "../crypto/secp256k1.js";
import { KeyUnavailable } from "../errors/service.js";
import { localSigner, type LocalSigner } from "../messages/index.js";
import type { Address, Hex } from "../units/index.js";
import type { KeySource, TextSource } from "./config/config.js";

/** Environment variables, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Signs digests that are not messages of the protocol: requests from router to router. */
export interface RequestKey {
  readonly address: Address;
  sign(digest: Uint8Array): Hex;
}

/** A router's key in its two uses. It is in closures alone: in no property, no JSON and no error. */
export interface RouterKey {
  readonly signer: LocalSigner;
  readonly requests: RequestKey;
}

/** Make the signers of a key of 32 bytes, or their hex. @throws InvalidPrivateKey */
export function routerKeyOf(privateKey: Uint8Array | string): RouterKey {
  const bytes = typeof privateKey === "string" ? hexToBytes(privateKey) : Uint8Array.from(privateKey);
  return { signer: localSigner(bytes), requests: requestKeyOf(bytes) };
}

/** Make the signer of requests of a key of 32 bytes. @throws InvalidPrivateKey */
export function requestKeyOf(privateKey: Uint8Array): RequestKey {
  const bytes = Uint8Array.from(privateKey);
  const address = addressOfKey(bytes);
  return Object.freeze({ address, sign: (digest: Uint8Array): Hex => bytesToHex(signDigest(digest, bytes)) });
}

/**
 * Load a private key from where a configuration says it is: 32 bytes.
 * @throws KeyUnavailable, which says nothing of what was found
 */
export async function loadKey(source: KeySource, env: Environment): Promise<Uint8Array> {
  if ("env" in source) {
    const place = `environment variable ${source.env}`;
    const text = env[source.env];
    if (text === undefined || text === "") throw new KeyUnavailable(place, "is not set");
    const hex = text.startsWith("0x") ? text : `0x${text}`;
    if (!isHexBytes(hex, 32)) throw new KeyUnavailable(place, "is not 32 bytes of hex");
    return hexToBytes(hex);
  }
  const place = `keystore ${source.keystore}`;
  const password = env[source.passwordEnv];
  if (password === undefined) throw new KeyUnavailable(`environment variable ${source.passwordEnv}`, "is not set");
  const json = await readFile(source.keystore, "utf8").catch(() => {
    throw new KeyUnavailable(place, "cannot be read");
  });
  try {
    return hexToBytes((await decryptKeystoreJson(json, password)).privateKey);
  } catch {
    throw new KeyUnavailable(place, "is no keystore, or has another password");
  }
}

/** Read a text from where a configuration says it is. @throws KeyUnavailable */
export function textOf(source: TextSource, env: Environment): string {
  if ("text" in source) return source.text;
  const text = env[source.env];
  if (text === undefined || text === "") throw new KeyUnavailable(`environment variable ${source.env}`, "is not set");
  return text;
}
