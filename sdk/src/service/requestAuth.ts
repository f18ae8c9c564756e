/// <reference types="node" />
import { randomBytes } from "node:crypto";
import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  isHexBytes,
  keccak256,
  keccak256Hex,
  parseAddress,
} from "../crypto/index.js";
import { recoverAddress } from "../crypto/secp256k1.js";
import { RequestUnauthenticated } from "../errors/service.js";
import { YellowstoneError } from "../errors/base.js";
import { domainSeparator, type Domain } from "../messages/index.js";
import { defineMessage } from "../messages/definition.js";
import type { Address, Hash32, UnixMillis } from "../units/index.js";
import type { RequestKey } from "./keys.js";

/** What a caller signs for one HTTP request: EIP-712, in the domain of the deployment. */
export interface RouterRequest {
  readonly method: string;
  /** Path with its query, as it is sent. */
  readonly path: string;
  /** keccak256 of the body's bytes; of no bytes when there is no body. */
  readonly bodyHash: Hash32;
  /** The router that is asked: an answer of one cannot be asked of another by who listens. */
  readonly to: Address;
  readonly atMs: UnixMillis;
  /** Any 32 bytes the caller has not used within the window. */
  readonly nonce: Hash32;
}

const requestMessage = defineMessage<RouterRequest>("RouterRequest", [
  { name: "method", type: "string" },
  { name: "path", type: "string" },
  { name: "bodyHash", type: "bytes32" },
  { name: "to", type: "address" },
  { name: "atMs", type: "uint64" },
  { name: "nonce", type: "bytes32" },
]);

/** Headers that carry the signature of a request. */
export const AUTH_HEADERS = {
  from: "x-yellowstone-from",
  at: "x-yellowstone-at",
  nonce: "x-yellowstone-nonce",
  signature: "x-yellowstone-signature",
} as const;

/** A request as it is sent or as it came. */
export interface RequestParts {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** The router that is asked. */
  readonly to: Address;
}

/** Hash a request to the digest that is signed. @throws InvalidField */
export function requestDigest(request: RouterRequest, domain: Domain): Uint8Array {
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), domainSeparator(domain), requestMessage.hashStruct(request)));
}

/** Sign a request and give the headers to send with it. Each has a nonce of its own: sign anew for a retry. */
export function signRequest(
  key: RequestKey,
  domain: Domain,
  { method, path, body, to }: RequestParts,
  atMs: bigint,
): Record<string, string> {
  const nonce = bytesToHex(randomBytes(32)) as Hash32;
  const request = { method, path, bodyHash: keccak256Hex(body), to, atMs: atMs as UnixMillis, nonce };
  return {
    [AUTH_HEADERS.from]: key.address,
    [AUTH_HEADERS.at]: atMs.toString(),
    [AUTH_HEADERS.nonce]: nonce,
    [AUTH_HEADERS.signature]: key.sign(requestDigest(request, domain)),
  };
}

/** What the signatures of requests are checked by. */
export interface VerifierOptions {
  readonly domain: Domain;
  /** How far a request's stamp may stray from this clock, in milliseconds, either way. */
  readonly windowMs: number;
  /** Nonces remembered at once; 100,000 when left out. When full, requests are refused until the oldest are over. */
  readonly maxNonces?: number;
}

/** Checks the signatures of requests and takes each once. */
export interface RequestVerifier {
  /**
   * Verify a request and give who signed it. `isKnown` says who may call at all: strangers leave no trace.
   * @throws RequestUnauthenticated
   */
  verify(
    parts: RequestParts,
    headers: Readonly<Record<string, unknown>>,
    nowMs: bigint,
    isKnown: (caller: Address) => boolean,
  ): Address;
}

/** Create a verifier that has seen no request. */
export function createRequestVerifier({ domain, windowMs, maxNonces = 100_000 }: VerifierOptions): RequestVerifier {
  const window = BigInt(windowMs);
  /** End of each nonce's window by caller and nonce, in the order they came. */
  const seen = new Map<string, bigint>();
  return {
    verify({ method, path, body, to }, headers, nowMs, isKnown) {
      const from = parseAddress(headers[AUTH_HEADERS.from]);
      const at = headers[AUTH_HEADERS.at];
      const nonce = headers[AUTH_HEADERS.nonce];
      const signature = headers[AUTH_HEADERS.signature];
      if (from === undefined) throw new RequestUnauthenticated(`no address in ${AUTH_HEADERS.from}`);
      if (typeof at !== "string" || !/^\d{1,15}$/.test(at)) throw new RequestUnauthenticated("no moment");
      if (!isHexBytes(nonce, 32)) throw new RequestUnauthenticated("no nonce of 32 bytes");
      if (!isHexBytes(signature, 65)) throw new RequestUnauthenticated("no signature of 65 bytes");
      if (!isKnown(from)) throw new RequestUnauthenticated("this caller may not ask");
      const atMs = BigInt(at);
      if (atMs > nowMs + window || atMs + window < nowMs) {
        throw new RequestUnauthenticated(`signed at ${atMs}, it is ${nowMs}`);
      }
      const request = {
        method,
        path,
        bodyHash: keccak256Hex(body),
        to,
        atMs: atMs as UnixMillis,
        nonce: nonce as Hash32,
      };
      if (signerOf(request, domain, hexToBytes(signature)) !== from) {
        throw new RequestUnauthenticated("the signature does not hold");
      }
      for (const [key, endMs] of seen) {
        if (endMs >= nowMs) break;
        seen.delete(key);
      }
      const key = `${from} ${nonce.toLowerCase()}`;
      if (seen.has(key)) throw new RequestUnauthenticated("it came before");
      if (seen.size >= maxNonces) throw new RequestUnauthenticated("too many requests at once");
      // A stamp from the future stays good for longer.
      seen.set(key, nowMs + 2n * window);
      return from;
    },
  };
}

function signerOf(request: RouterRequest, domain: Domain, signature: Uint8Array): Address | undefined {
  try {
    return recoverAddress(requestDigest(request, domain), signature);
  } catch (error) {
    if (error instanceof YellowstoneError) return undefined;
    throw error;
  }
}
