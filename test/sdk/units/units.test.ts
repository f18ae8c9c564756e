import { expect } from "chai";
import { formatEther } from "ethers";
import fc from "fast-check";
import { BeforeStart, InvalidField } from "@yellowstone-compute/sdk/errors";
import {
  BLOCKS_PER_DAY,
  BLOCK_SECONDS,
  DAY_SECONDS,
  EMISSION_START,
  WEI_PER_UMOR,
  address,
  blockAt,
  dayAt,
  formatMor,
  hash32,
  hex,
  lastCompleteBlock,
  maxUint,
  modelId,
  parseMor,
  providerId,
  startOfBlock,
  startOfDay,
  uMor,
  uMorOfDown,
  unixMillis,
  unixSeconds,
  wei,
  weiOf,
} from "@yellowstone-compute/sdk/units";

const anyUMor = fc.bigInt({ min: 0n, max: maxUint(64) });
const anyWei = fc.bigInt({ min: 0n, max: maxUint(100) });

describe("units: amounts", () => {
  it("uMOR to wei and back is exact, wei to uMOR rounds down by less than one uMOR", () => {
    const exact = fc.property(anyUMor, (x) => {
      expect(uMorOfDown(weiOf(uMor(x)))).to.equal(x);
    });
    fc.assert(exact);
    const property = fc.property(anyWei, (x) => {
      const lost = x - weiOf(uMorOfDown(wei(x)));
      expect(lost >= 0n && lost < WEI_PER_UMOR).to.equal(true);
    });
    fc.assert(property);
  });

  it("refuse fractions, negatives and what is too wide", () => {
    for (const wrong of [-1n, -1, 0.5, NaN, 2 ** 53]) {
      expect(() => wei(wrong)).to.throw(InvalidField);
      expect(() => uMor(wrong)).to.throw(InvalidField);
    }
    expect(() => uMor(1n << 64n)).to.throw(InvalidField);
    expect(() => wei(1n << 256n)).to.throw(InvalidField);
    expect(() => uMorOfDown(wei((1n << 64n) * WEI_PER_UMOR))).to.throw(InvalidField);
  });

  it("MOR in decimals is read back as written", () => {
    const property = fc.property(anyWei, (x) => {
      const text = formatMor(wei(x));
      expect(parseMor(text)).to.equal(x);
      expect(parseMor(formatEther(x))).to.equal(x);
    });
    fc.assert(property, { numRuns: 300 });
    expect(formatMor(wei(1_500_000_000_000_000_000n))).to.equal("1.5");
    expect(formatMor(wei(0))).to.equal("0");
    expect(formatMor(wei(1))).to.equal("0.000000000000000001");
    expect(parseMor("0.000001")).to.equal(WEI_PER_UMOR);
  });

  it("MOR in any other form is refused", () => {
    for (const text of ["", ".", ".5", "1.", "-1", "+1", "1e3", "1,5", " 1", "1.0000000000000000000", "9".repeat(61)]) {
      expect(() => parseMor(text), text).to.throw(InvalidField);
    }
  });
});

describe("units: identities", () => {
  it("are taken in their one form", () => {
    expect(address(`0x${"ab".repeat(20)}`)).to.equal("0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB");
    expect(hash32(`0x${"AB".repeat(32)}`)).to.equal(`0x${"ab".repeat(32)}`);
    expect(modelId(`0x${"cd".repeat(32)}`)).to.equal(`0x${"cd".repeat(32)}`);
    expect(hex("0xABCD")).to.equal("0xabcd");
    expect(providerId(3)).to.equal(3n);
    expect(unixMillis(3)).to.equal(3n);
  });

  it("are refused by name in any other", () => {
    const byName = (run: () => unknown, path: string) =>
      expect(run).to.throw(InvalidField).with.nested.property("data.path", path);
    byName(() => address("0x12", "owner"), "owner");
    byName(() => address("0xabababababababababababababababababababaB"), "address");
    byName(() => hash32("0x12"), "hash32");
    byName(() => modelId("12"), "modelId");
    byName(() => hex("0x1"), "hex");
    byName(() => providerId(-1), "providerId");
    byName(() => unixSeconds(1.5), "unixSeconds");
  });
});

describe("units: clock", () => {
  it("has 5 blocks a minute and 7,200 a day from 2024-02-08 12:00 UTC", () => {
    expect(Date.UTC(2024, 1, 8, 12) / 1000).to.equal(EMISSION_START);
    expect(60 / BLOCK_SECONDS).to.equal(5);
    expect(BLOCKS_PER_DAY).to.equal(7200);
    expect(BLOCKS_PER_DAY * BLOCK_SECONDS).to.equal(DAY_SECONDS);
  });

  it("places every second in the block and day that contain it", () => {
    const property = fc.property(fc.bigInt({ min: 0n, max: maxUint(40) }), (elapsed) => {
      const t = BigInt(EMISSION_START) + elapsed;
      const height = blockAt(t);
      const day = dayAt(t);
      expect(startOfBlock(height) <= t && t < startOfBlock(height + 1n)).to.equal(true);
      expect(startOfDay(day) <= t && t < startOfDay(day + 1n)).to.equal(true);
      expect(height / BigInt(BLOCKS_PER_DAY)).to.equal(day);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("completes a block at its end, not a second earlier", () => {
    const end = EMISSION_START + 10 * BLOCK_SECONDS;
    expect(lastCompleteBlock(end)).to.equal(9n);
    expect(lastCompleteBlock(end - 1)).to.equal(8n);
    expect(() => lastCompleteBlock(EMISSION_START + BLOCK_SECONDS - 1)).to.throw(BeforeStart);
    expect(lastCompleteBlock(112, 100)).to.equal(0n);
  });

  it("refuses moments before the start", () => {
    expect(() => blockAt(EMISSION_START - 1)).to.throw(BeforeStart);
    expect(() => dayAt(99, 100)).to.throw(BeforeStart);
  });
});
