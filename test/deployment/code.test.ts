import { expect } from "chai";
import { ContractFactory, getBytes, hexlify } from "ethers";
import { artifacts } from "hardhat";
import type { Addresses } from "@yellowstone-compute/sdk";
import { readParameters } from "../../scripts/operate/parameters.js";
import { checkSuiteCode, type SuiteCodeOptions } from "../../scripts/operate/suiteCode.js";
import { deploySuiteWith, ethers, networkHelpers } from "../sdk/actions/fixture.js";
import { LOCAL } from "./world.js";

const WINDOW = { inSeconds: 1_000, length: 4_000_000, seasonLength: 700_000, entryWindow: 300_000 };
const running = () => deploySuiteWith({ window: WINDOW });

async function setUp() {
  const { d } = await networkHelpers.loadFixture(running);
  const options: SuiteCodeOptions = { provider: d.provider, addresses: d.addresses };
  return { d, options };
}

/** Change one byte of a contract's code. */
async function tamper(at: string, byte: number, change: (old: number) => number): Promise<void> {
  const code = getBytes(await ethers.provider.getCode(at));
  code[byte] = change(code[byte]!);
  await networkHelpers.setCode(at, hexlify(code));
}

/** Places of the immutables of an artefact, in order. */
async function placesOf(name: string): Promise<number[]> {
  const { immutableReferences = {} } = await artifacts.readArtifact(name);
  return Object.values(immutableReferences)
    .flatMap((places) => places.map(({ start }) => start))
    .sort((a, b) => a - b);
}

const differing = (rows: Awaited<ReturnType<typeof checkSuiteCode>>) =>
  rows.flatMap(({ contract, difference }) => (difference === undefined ? [] : [`${contract}: ${difference}`]));

describe("code on the chain against what was built", () => {
  it("is the same for all eight contracts, every immutable checked", async () => {
    const { options } = await setUp();
    const rows = await checkSuiteCode(options);
    expect(differing(rows)).to.deep.equal([]);
    expect(rows.map(({ contract }) => contract)).to.have.members(Object.keys(options.addresses));
    const count = (name: keyof Addresses) => rows.find(({ contract }) => contract === name)?.immutables;
    expect([count("compute"), count("registry"), count("bootstrap"), count("schedule")]).to.deep.equal([18, 15, 6, 5]);
  });

  for (const contract of [
    "compute",
    "bootstrap",
    "registry",
    "routers",
    "lens",
    "token",
    "schedule",
    "authority",
  ] as const) {
    it(`names ${contract} and the byte when one byte of its code is another`, async () => {
      const { d, options } = await setUp();
      const at = d.addresses[contract];
      await tamper(at, 3, (old) => old ^ 0xff);
      const [found, ...others] = differing(await checkSuiteCode(options));
      expect(found).to.match(new RegExp(`^${contract}: byte 3 is 0x[0-9a-f]{2}, the artefact has 0x[0-9a-f]{2}$`));
      // What a contract with broken code should have answered for another is missing there too.
      for (const other of others) expect(other).to.include("does not answer");
    });
  }

  it("names the immutable that is another in a single place", async () => {
    const { d, options } = await setUp();
    for (const start of await placesOf("ComputeContract")) {
      const code = await ethers.provider.getCode(d.addresses.compute);
      await tamper(d.addresses.compute, start + 31, (old) => old ^ 1);
      const found = differing(await checkSuiteCode(options)).find((row) => row.startsWith("compute: "));
      expect(found)
        .to.match(/^compute: immutable \w+ is .+ says .+; byte \d+ is 0x/)
        .and.include(`byte ${start + 31} `);
      await networkHelpers.setCode(d.addresses.compute, code);
    }
  });

  it("names a delay that was deployed otherwise than the other contracts and the file say", async () => {
    const { d, options } = await setUp();
    const { token, schedule, routers, authority } = d.addresses;
    const factory = ContractFactory.fromSolidity(await artifacts.readArtifact("ComputeContract"));
    const rules = [1n, 3_600n, 7_200n];
    const made = await factory
      .connect(d.runner)
      .deploy(token, schedule, routers, authority, 601n, rules, [0n, 0n, 0n, 0n]);
    const other = await made.getAddress();
    // The code of a compute contract with another delay in the place of ours.
    await networkHelpers.setCode(d.addresses.compute, await ethers.provider.getCode(other));
    const found = differing(await checkSuiteCode(options));
    expect(found[0]).to.match(/^compute: immutable \w+ is /);
    const filed = differing(await checkSuiteCode({ ...options, parameters: readParameters(LOCAL) }));
    expect(filed).to.include.members([
      "registry: immutable CHANGE_DELAY is 3600, Yellowstone.changeDelaySeconds says 86400; byte " +
        filed.join().match(/CHANGE_DELAY[^;]*; byte (\d+ is 0x.., not 0x..)/)?.[1],
    ]);
  });

  it("names a contract that is not there, and trailing bytes", async () => {
    const { d, options } = await setUp();
    await networkHelpers.setCode(d.addresses.lens, "0x");
    expect(differing(await checkSuiteCode(options))).to.deep.equal(["lens: there is no code"]);
    const code = (await artifacts.readArtifact("ComputeLens")).deployedBytecode;
    await networkHelpers.setCode(d.addresses.lens, `${code}00`);
    const length = (code.length - 2) / 2;
    const expected = `lens: byte ${length} is 0x00, the artefact has missing`;
    expect(differing(await checkSuiteCode(options))).to.deep.equal([expected]);
  });
});
