import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256, toBeHex } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { codesOfArtifacts } from "../../../scripts/tools/codes.js";
import { deploySuite, ethers, networkHelpers } from "./fixture.js";

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "..", "sdk", "package.json"), "utf8"),
) as { version: string };

const RELEASE = "7.7.7";
/** The code of the artifacts counts as released here; before it, a release with other code. */
const known = Object.fromEntries(
  Object.entries(codesOfArtifacts(RELEASE)).map(([name, code]) => {
    const older = { ...code, release: "7.7.6", hash: sdk.hash32(`0x${"00".repeat(32)}`) };
    return [name, [older, code]];
  }),
) as unknown as sdk.ReleasedCodes;

async function failureOf(promise: Promise<unknown>): Promise<sdk.YellowstoneError> {
  const failure = await promise.then(
    () => expect.fail("it holds"),
    (error: unknown) => error,
  );
  expect(failure).to.be.instanceOf(sdk.YellowstoneError);
  return failure as sdk.YellowstoneError;
}

/** The compute contract's code as it would be with another version of one letter: in `version()` and in its EIP-712 domain. */
function withVersion(code: string, version: string): string {
  const letter = Buffer.from(version).toString("hex");
  const literal = (hex: string) => `60${hex}60f81b`; // PUSH1 letter, shifted to the left end of a word
  const immutable = (hex: string) => `${hex}${"00".repeat(30)}01`; // a short string and its length
  const changed = [literal, immutable].reduce((text, place) => {
    expect(text.split(place("31")), "stands in the code").to.have.length.of.at.least(2);
    return text.replaceAll(place("31"), place(letter));
  }, code);
  return changed;
}

describe("compatibility of SDK and contracts", () => {
  it("knows its own version and the code that it was built with", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    expect(sdk.SDK_VERSION).to.equal(manifest.version);
    const { sdk: version, contracts, releases } = await sdk.assertCompatible(d, known);
    expect({ version, contracts }).to.deep.equal({ version: manifest.version, contracts: "1" });
    const names = ["compute", "bootstrap", "registry", "routers", "lens"];
    expect(releases).to.deep.equal(Object.fromEntries(names.map((name) => [name, RELEASE])));
  });

  it("goes by the releases of this package when told no others", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const own = Object.values(sdk.RELEASED_CODES).map((list) => list.map(({ release }) => release));
    for (const releases of own) expect(releases, "contracts are released together").to.deep.equal(own[0]);
    const nothing = { ...sdk.RELEASED_CODES, compute: [] };
    expect((await failureOf(sdk.assertCompatible(d, nothing))).data).to.deep.include({
      contract: "compute",
      known: [],
    });
  });

  it("looks at code, not at what a constructor was given", async () => {
    const one = await deploySuite();
    const other = await deploySuite();
    expect(one.d.codeHash).to.not.equal(other.d.codeHash);
    expect(await sdk.assertCompatible(other.d, known)).to.deep.equal(await sdk.assertCompatible(one.d, known));
  });

  for (const name of ["compute", "bootstrap", "registry", "routers", "lens"] as const) {
    it(`refuses other code behind the right version: ${name}`, async () => {
      const { d } = await networkHelpers.loadFixture(deploySuite);
      const at = d.addresses[name];
      const code = await ethers.provider.getCode(at);
      // One byte of its last instructions, before the compiler's trailer of 53 bytes, becomes another.
      const place = code.length - 2 * 60;
      const patched = `${code.slice(0, place)}${code.slice(place, place + 2) === "5b" ? "5a" : "5b"}${code.slice(place + 2)}`;
      expect(patched).to.not.equal(code);
      await networkHelpers.setCode(at, patched);
      const failure = await failureOf(sdk.assertCompatible(d, known));
      expect(failure).to.be.instanceOf(sdk.CodeUnknown);
      expect(failure.data).to.deep.equal({
        contract: name,
        address: at,
        sdk: manifest.version,
        known: ["7.7.6", RELEASE],
      });
    });
  }

  const others: [what: string, version: string, Class: abstract new (...args: never[]) => Error][] = [
    ["a newer contract", "2", sdk.SdkOutdated],
    ["an older contract", "0", sdk.ContractOutdated],
    ["a contract whose version is no number", "x", sdk.VersionMismatch],
  ];
  for (const [what, version, Class] of others) {
    it(`connect refuses ${what}`, async () => {
      const { d, addresses, sender } = await networkHelpers.loadFixture(deploySuite);
      const code = await ethers.provider.getCode(d.addresses.compute);
      await networkHelpers.setCode(d.addresses.compute, withVersion(code, version));
      expect(await d.compute.version()).to.equal(version);
      const failure = await failureOf(sdk.connect({ runner: sender, addresses }));
      expect(failure.constructor).to.equal(Class);
      expect(failure.message).to.include(version);
      // What was connected before the contract changed under it is found too.
      expect((await failureOf(sdk.assertCompatible(d, known))).constructor).to.equal(Class);
    });
  }

  it("says of a number below its own that the contract is old, above that the SDK is", () => {
    const at = sdk.address(`0x${"11".repeat(20)}`);
    const older = new sdk.ContractOutdated(at, "2.0.0", "2", "1");
    const newer = new sdk.SdkOutdated(at, "1.0.0", "1", "2");
    expect(older.next).to.match(/^Install the SDK's release for that version/);
    expect(newer.next).to.match(/^Install a newer SDK/);
    expect([older.retry, newer.retry]).to.deep.equal(["no", "no"]);
  });

  it("takes no fingerprint of the compiler's trailer, and of immutable values only that they are there", () => {
    const code = `0x6080${"aa".repeat(40)}`;
    const trailer = (text: string) => {
      const cbor = `a264${Buffer.from(text.padEnd(49)).toString("hex")}`;
      return `${cbor}${toBeHex(cbor.length / 2, 2).slice(2)}`;
    };
    const plain = sdk.fingerprintOf(code, [[4, 8]]);
    expect(plain.bytes).to.equal(42);
    expect(plain.hash).to.equal(keccak256(`0x6080aaaa${"00".repeat(8)}${"aa".repeat(30)}`));
    for (const text of ["ipfs a", "ipfs b"])
      expect(sdk.fingerprintOf(code + trailer(text), [[4, 8]])).to.deep.equal(plain);
    expect(sdk.fingerprintOf(code, [[4, 7]]).hash).to.not.equal(plain.hash);
    expect(() => sdk.fingerprintOf("0x1", [])).to.throw(sdk.InvalidField);
    expect(sdk.fingerprintOf("0x", []).bytes).to.equal(0);
  });
});
