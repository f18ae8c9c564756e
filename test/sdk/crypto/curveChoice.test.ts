import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { CURVE_LIBRARY, bytesToHex, keccak256Text, hexToBytes, signDigest } from "@yellowstone-compute/sdk/crypto";

const run = promisify(execFile);
const ROOT = new URL("../../../", import.meta.url);
const KEY = keccak256Text("key");
const DIGEST = keccak256Text("digest");

/** An addon that answers the question with what it is not. */
const WRONG = {
  "signs with other nonces": "ecdsaSign: () => ({ signature: new Uint8Array(64).fill(1), recid: 0 })",
  "recovers another signer": "ecdsaRecover: () => addon.publicKeyCreate(new Uint8Array(32).fill(2), false)",
  "lacks a call": "ecdsaRecover: undefined",
} as const;

interface Answer {
  readonly library: string;
  readonly signature: string;
}

/** What a fresh process chooses and signs, in which importing `secp256k1/bindings.js` runs `body` instead, if there is one. */
async function ask(body?: string): Promise<Answer> {
  const script = `
    import { registerHooks } from "node:module";
    const body = ${JSON.stringify(body ?? null)};
    const url = "data:text/javascript," + encodeURIComponent(body);
    const resolve = (name, context, next) =>
      name === "secp256k1/bindings.js" && body !== null ? { url, shortCircuit: true } : next(name, context);
    registerHooks({ resolve });
    const { CURVE_LIBRARY, bytesToHex, hexToBytes, signDigest } = await import("@yellowstone-compute/sdk/crypto");
    const signature = bytesToHex(signDigest(hexToBytes("${DIGEST}"), hexToBytes("${KEY}")));
    console.log(JSON.stringify({ library: CURVE_LIBRARY, signature }));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT });
  return JSON.parse(stdout) as Answer;
}

describe("crypto: which curve Node uses", () => {
  const signature = bytesToHex(signDigest(hexToBytes(DIGEST), hexToBytes(KEY)));

  it("the addon that is installed, and says so", async () => {
    expect(await ask()).to.deep.equal({ library: CURVE_LIBRARY, signature });
  });

  it("WebAssembly when the package is missing or has no addon for this machine", async () => {
    const missing = "throw Object.assign(new Error('No native build was found'), { code: 'MODULE_NOT_FOUND' })";
    expect(await ask(missing)).to.deep.equal({ library: "tiny-secp256k1", signature });
  });

  it("WebAssembly instead of an addon that is wrong", async function () {
    if (CURVE_LIBRARY !== "secp256k1") this.skip();
    const real = new URL("node_modules/secp256k1/bindings.js", ROOT).href;
    const addonWith = (change: string): string =>
      `const { default: addon } = await import("${real}"); export default { ...addon, ${change} };`;
    expect((await ask(addonWith(""))).library, "unchanged").to.equal("secp256k1");
    for (const [what, change] of Object.entries(WRONG)) {
      expect(await ask(addonWith(change)), what).to.deep.equal({ library: "tiny-secp256k1", signature });
    }
  });
});
