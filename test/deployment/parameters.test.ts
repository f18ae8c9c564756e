import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { EMISSION_START, InvalidField, morAddressOf } from "@yellowstone-compute/sdk";
import { readParameters } from "../../scripts/operate/parameters.js";

const FOLDER = join(import.meta.dirname, "..", "..", "ignition", "parameters");
const ACCOUNT = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const ROUTER = '{ account: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", isContract: false }';

describe("deployment parameters", () => {
  const scratch = mkdtempSync(join(tmpdir(), "parameters-"));
  const file = join(scratch, "changed.json5");
  after(() => rmSync(scratch, { recursive: true }));

  const change = (name: string, from: string | RegExp, to: string) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    const changed = text.replace(from, to);
    expect(changed).to.not.equal(text);
    writeFileSync(file, changed);
  };

  for (const [name, chainId] of [
    ["baseSepolia.json5", 84_532],
    ["arbitrumSepolia.json5", 421_614],
  ] as const) {
    it(`${name}: real MOR, real schedule, design's defaults; routers, guardian and governance are left to name`, () => {
      change(name, /routers: \[\],\s+threshold: 0/, `routers: [${ROUTER}], threshold: 1`);
      expect(() => readParameters(file)).to.throw(InvalidField, "Yellowstone.guardian");
      const named = readFileSync(file, "utf8").replace(/(guardian|governance): ""/g, `$1: "${ACCOUNT}"`);
      writeFileSync(file, named);
      const { Schedule, Yellowstone } = readParameters(file);
      expect(Yellowstone.changeDelaySeconds).to.equal(86_400n);
      expect(Yellowstone.unbondingDelaySeconds).to.equal(7n * 86_400n);
      expect(Yellowstone.governanceDelaySeconds).to.equal(2n * 86_400n);
      expect(Yellowstone.token).to.equal(morAddressOf(chainId));
      expect(Yellowstone.activationDelaySeconds).to.equal(3_600n);
      expect(Yellowstone.minBondWei).to.equal(10n ** 18n);
      expect(Schedule).to.deep.equal({
        initialWei: 3456n * 10n ** 18n,
        decreaseWei: 592_558_728_240_000_000n,
        startAt: BigInt(EMISSION_START),
        intervalSeconds: 86_400n,
      });
    });
  }

  const mistakes: [string, string | RegExp, string, string][] = [
    ["a number without n", '"600n"', "600", "Yellowstone.activationDelaySeconds"],
    ["a negative number", '"600n"', '"-1n"', "Yellowstone.activationDelaySeconds"],
    ["a missing value", /minBondWei: "\d+n",/, "", "Yellowstone.minBondWei"],
    ["a misspelt name", "minBondWei:", "minimumBond:", "Yellowstone.minimumBond"],
    ["a wrong address", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "0x3c44", "Routers.routers[0].account"],
    [
      "routers out of order",
      "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
      `0x${"f".repeat(40)}`,
      "Routers.routers[1].account",
    ],
    ["a threshold of half", "threshold: 2", "threshold: 1", "Routers.threshold"],
    ["a threshold above the set", "threshold: 2", "threshold: 4", "Routers.threshold"],
  ];
  for (const [name, from, to, field] of mistakes) {
    it(`refuses ${name}, naming file and field`, () => {
      change("local.json5", from, to);
      expect(() => readParameters(file)).to.throw(InvalidField, `changed.json5: ${field}`);
    });
  }

  it("refuses a file that is not there, and one that is no json5", () => {
    expect(() => readParameters(join(scratch, "none.json5"))).to.throw(InvalidField, "none.json5");
    writeFileSync(file, "{");
    expect(() => readParameters(file)).to.throw(InvalidField, "changed.json5");
  });
});
