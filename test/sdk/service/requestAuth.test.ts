import { expect } from "chai";
import { id } from "ethers";
import { RequestUnauthenticated } from "@yellowstone-compute/sdk/errors";
import { createDomain } from "@yellowstone-compute/sdk/messages";
import { AUTH_HEADERS, createRequestVerifier, routerKeyOf, signRequest } from "@yellowstone-compute/sdk/service";
import { address } from "@yellowstone-compute/sdk/units";

const domain = createDomain(31_337, `0x${"cc".repeat(20)}`);
const { requests: key } = routerKeyOf(id("asking"));
const parts = { method: "GET", path: "/v1/x", body: new Uint8Array(), to: address(`0x${"77".repeat(20)}`) };
const NOW = 1_800_000_000_000n;
const WINDOW = 1_000n;
const anyone = () => true;
const verifier = (maxNonces?: number) =>
  createRequestVerifier({ domain, windowMs: Number(WINDOW), ...(maxNonces === undefined ? {} : { maxNonces }) });

describe("service: signed requests", () => {
  it("are taken once, by whoever signed them, at either end of the window", () => {
    const verify = verifier();
    for (const at of [NOW - WINDOW, NOW, NOW + WINDOW]) {
      const headers = signRequest(key, domain, parts, at);
      expect(verify.verify(parts, headers, NOW, anyone)).to.equal(key.address);
      expect(() => verify.verify(parts, headers, NOW, anyone)).to.throw(RequestUnauthenticated, /came before/);
    }
  });

  const good = signRequest(key, domain, parts, NOW);
  for (const [what, header, value, reason] of [
    ["no address", AUTH_HEADERS.from, undefined, /no address/],
    ["an address with a wrong checksum", AUTH_HEADERS.from, `0x${"aB".repeat(20)}`, /no address/],
    ["no moment", AUTH_HEADERS.at, undefined, /no moment/],
    ["a moment in words", AUTH_HEADERS.at, "now", /no moment/],
    ["a moment of 16 digits", AUTH_HEADERS.at, "1".repeat(16), /no moment/],
    ["a moment before the window", AUTH_HEADERS.at, String(NOW - WINDOW - 1n), /signed at/],
    ["a moment behind the window", AUTH_HEADERS.at, String(NOW + WINDOW + 1n), /signed at/],
    ["a short nonce", AUTH_HEADERS.nonce, "0x1234", /no nonce/],
    ["another nonce", AUTH_HEADERS.nonce, id("another"), /does not hold/],
    ["a short signature", AUTH_HEADERS.signature, "0x12", /no signature of 65 bytes/],
    ["a signature that is none", AUTH_HEADERS.signature, `0x${"ff".repeat(65)}`, /does not hold/],
  ] as const) {
    it(`are refused with ${what}`, () => {
      const verify = verifier();
      expect(() => verify.verify(parts, { ...good, [header]: value }, NOW, anyone)).to.throw(
        RequestUnauthenticated,
        reason,
      );
      expect(verify.verify(parts, good, NOW, anyone), "and leave no trace").to.equal(key.address);
    });
  }

  it("are refused when any part is another's, and from strangers", () => {
    const verify = verifier();
    for (const other of [
      { ...parts, method: "POST" },
      { ...parts, path: "/v1/y" },
      { ...parts, body: Uint8Array.of(1) },
      { ...parts, to: address(`0x${"78".repeat(20)}`) },
    ]) {
      expect(() => verify.verify(other, good, NOW, anyone)).to.throw(RequestUnauthenticated, /does not hold/);
    }
    expect(() => verify.verify(parts, good, NOW, () => false)).to.throw(RequestUnauthenticated, /may not ask/);
  });

  it("do not hide a mistake of whoever checks them behind a bad signature", () => {
    const mistaken = createRequestVerifier({ domain: undefined as never, windowMs: Number(WINDOW) });
    expect(() => mistaken.verify(parts, good, NOW, anyone)).to.throw(TypeError);
  });

  it("are refused when too many are remembered, until the oldest are over", () => {
    const verify = verifier(2);
    const ask = (now: bigint) => verify.verify(parts, signRequest(key, domain, parts, now), now, anyone);
    ask(NOW);
    ask(NOW + 1n);
    expect(() => ask(NOW + 2n * WINDOW)).to.throw(RequestUnauthenticated, /too many/);
    ask(NOW + 2n * WINDOW + 1n);
    expect(() => ask(NOW + 2n * WINDOW + 1n), "only the first is over").to.throw(RequestUnauthenticated, /too many/);
  });
});
