/// <reference types="node" />
// The thread of a verifier pool.
import { parentPort } from "node:worker_threads";
import { recoverAddress, writeHex } from "../crypto/index.js";
import { ADDRESS_BYTES, REQUEST_BYTES, type Answer } from "./wire.js";

parentPort?.on("message", (requests: Uint8Array) => {
  const count = requests.length / REQUEST_BYTES;
  const addresses = new Uint8Array(count * ADDRESS_BYTES);
  const refused = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const request = requests.subarray(i * REQUEST_BYTES, (i + 1) * REQUEST_BYTES);
    try {
      writeHex(
        recoverAddress(request.subarray(0, 32), request.subarray(32)),
        ADDRESS_BYTES,
        addresses,
        i * ADDRESS_BYTES,
      );
    } catch {
      // Whoever asked recovers it again, and hears why.
      refused[i] = 1;
    }
  }
  parentPort?.postMessage({ addresses, refused } satisfies Answer);
});
