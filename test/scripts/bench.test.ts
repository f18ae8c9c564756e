import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { l2Suite } from "../../scripts/bench/l2.js";
import { BASELINES } from "../../scripts/bench/peers/baselines.js";
import { measure, sideRows } from "../../scripts/bench/peers/measure.js";
import { OURS } from "../../scripts/bench/peers/ours.js";
import { PairTree } from "../../scripts/bench/peers/pairTree.js";
import { ratioLine, ratios } from "../../scripts/bench/peers/ratios.js";
import type { Side } from "../../scripts/bench/peers/side.js";
import { plot } from "../../scripts/bench/plot.js";
import { Rows, type Row } from "../../scripts/bench/rows.js";
import { scaleSuite } from "../../scripts/bench/scale.js";
import { readSnapshot, risen } from "../../scripts/bench/snapshot.js";
import { ROOT } from "../utils/script.js";

/** Runs without the lines that the bench prints. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await run();
  } finally {
    console.log = log;
  }
}

function expectRows(rows: readonly Row[], suite: Row["suite"]): void {
  expect(rows).not.to.be.empty;
  for (const row of rows) {
    expect(row).to.have.all.keys("suite", "name", "n", "value", "unit", "peer");
    expect(row.suite).to.equal(suite);
    expect(row.name).not.to.equal("");
    expect(row.n, row.name).to.satisfy(Number.isSafeInteger).and.to.be.above(0);
    expect(row.value, row.name).to.satisfy(Number.isFinite).and.to.be.above(0);
  }
  const keys = rows.map(({ name, n, peer }) => `${name}|${n}|${peer}`);
  expect(keys.length, "rows of one name").to.equal(new Set(keys).size);
}

describe("npm run bench", () => {
  it("gas: ours and the baselines side by side, under the names that are promised", async () => {
    const rows = new Rows("gas");
    await quietly(async () => {
      for (const side of [OURS, ...BASELINES]) await sideRows(rows, side, [10]);
    });
    expectRows(rows.all, "gas");
    expect(risen(rows.all), "against the committed snapshot").to.deep.equal([]);
    const accepted = readSnapshot().filter(({ name, n }) => rows.all.some((row) => row.name === name && row.n === n));
    expect(accepted.length, "figures that are checked").to.be.at.least(8);
    const ours = rows.all.filter(({ peer }) => peer === "").map(({ name }) => name);
    expect(ours).to.include.members([
      "attest per provider",
      "attest per provider, first write",
      "claim single",
      "claim per provider batch",
      "system per provider S=1",
      "system per provider S=24",
      "system per provider S=168",
    ]);
    expect(new Set(rows.all.map(({ peer }) => peer))).to.deep.equal(
      new Set(["", ...BASELINES.map(({ name }) => name)]),
    );
    const valueOf = (name: string, peer: string) =>
      rows.all.find((row) => row.name === name && row.peer === peer)?.value;
    const system = valueOf("system per provider S=24", "four in a slot");
    const parts = ["attest per provider", "claim per provider batch"].map(
      (name) => valueOf(name, "four in a slot") ?? 0,
    );
    expect(Math.round(system ?? 0)).to.equal(Math.round(24 * (parts[0] ?? 0) + (parts[1] ?? 0)));
  });

  it("gas: a side that pays too little has no figure", async () => {
    const [honest] = BASELINES.filter(({ name }) => name === "four in a slot");
    if (honest === undefined) throw new TypeError("no such baseline");
    const short: Side = {
      ...honest,
      open: async (n, claims) => {
        const books = await honest.open(n, claims);
        return { ...books, heldWei: async (id) => (await books.heldWei(id)) / 2n };
      },
    };
    const error = await measure(short, 10).catch((thrown: unknown) => thrown);
    expect(error)
      .to.be.an("error")
      .with.property("message")
      .match(/^bench: four in a slot paid \d+ wei, not \d+$/);
  });

  it("l2: fees of both chains in three scenarios, a crowded hour the dearest", async () => {
    const rows = await quietly(() => l2Suite({ providers: 16, batch: 8 }));
    expectRows(rows, "l2");
    for (const chain of ["OP", "Arbitrum"]) {
      for (const what of ["attestation", "claim single", "claim in a batch", "million inferences"]) {
        const fees = ["quiet", "typical", "busy"].map(
          (scenario) => rows.find(({ name }) => name === `${chain} fee per ${what}: ${scenario}`)?.value ?? 0,
        );
        expect(fees, `${chain}, ${what}`).to.deep.equal([...fees].sort((a, b) => a - b));
        expect(fees[0]).to.be.above(0);
      }
    }
  });

  it("scale: curves by size and by age, drawn as one figure", async () => {
    const options = { sizes: [10, 40], marks: [1, 3], yearProviders: 8, warmUp: 2 };
    const { rows, bySize, byAge } = await quietly(() => scaleSuite(options));
    expectRows(rows, "scale");
    for (const { points } of bySize) expect(points.map(([n]) => n)).to.deep.equal([10, 40]);
    for (const { points } of byAge) expect(points.map(([at]) => at)).to.deep.equal([1, 3]);
    const [, silent, claimed] = byAge;
    for (const [i, [, gas]] of (silent?.points ?? []).entries()) {
      // A zero byte more or less in a proof is worth 12 gas.
      expect(gas, "silence costs nothing").to.be.closeTo(claimed?.points[i]?.[1] ?? 0, 200);
    }
    const svg = plot([{ title: "one", xLabel: "x", curves: bySize }]);
    expect(svg.match(/<polyline /g)).to.have.length(bySize.length);
    expect(svg.match(/<circle /g)).to.have.length(2 * bySize.length);
    expect(svg).not.to.match(/NaN|Infinity|undefined/);
  });

  it("snapshot: a figure of ours that rose is named, nothing else", () => {
    const row = (value: number, peer = ""): Row => ({
      suite: "gas",
      name: "claim single",
      n: 10,
      value,
      unit: "gas",
      peer,
    });
    const accepted = [{ name: "claim single", n: 10, gas: 74_000 }];
    expect(risen([row(74_070), row(99_000, "opaque root"), { ...row(99_000), n: 100 }], accepted)).to.deep.equal([]);
    expect(risen([row(74_080)], accepted)).to.deep.equal(["gas rose: claim single, N 10: 74080.0, accepted 74000"]);
  });

  it("ratios: met and missed, and none without its rows", () => {
    const row = (name: string, value: number, peer = "", n = 1_000): Row => ({
      suite: "gas",
      name,
      n,
      value,
      unit: "gas",
      peer,
    });
    const rows = [
      row("attest per provider", 400),
      row("attest per provider", 1_400, "four in a slot"),
      row("claim per provider batch", 13_000),
      row("claim per provider batch", 8_000, "push ERC-20 to each"),
      row("claim per provider batch", 60_000, "0G InferenceServing", 50),
      row("claim per provider batch", 50_000, "Ocean Escrow", 100),
      row("claim per provider batch", 40_000, "Graph AllocationExchange"),
      row("system per provider S=1", 13_400),
    ];
    const all = ratios(rows);
    expect(all.map(({ value, met }) => [Number(value.toFixed(3)), met])).to.deep.equal([
      [3.5, true],
      [3.846, true],
      [3.077, false],
      [1.675, false],
    ]);
    expect(all.map(ratioLine).filter((line) => line.includes("MISSED"))).to.have.length(2);
    expect(ratios([])).to.deep.equal([]);
  });

  it("the aims of the SDK are held against rows of its suite", () => {
    const row = (name: string, value: number): Row => ({ suite: "sdk", name, n: 1, value, unit: "times", peer: "" });
    const all = ratios([
      row("ledger tree: build, the peer's fastest takes", 19.9),
      row("ledger tree: update, the peer's fastest rebuild takes", 100),
      row("main job: an hour of requests", 20.1),
    ]);
    expect(all.map(({ value, target, atMost, met }) => [value, target, atMost, met])).to.deep.equal([
      [19.9, 20, false, false],
      [100, 100, false, true],
      [20.1, 20, true, false],
    ]);
  });

  it("a tree of sorted pairs proves every leaf, also with an odd node", () => {
    for (const n of [1, 2, 3, 7, 8]) {
      const shares = Array.from({ length: n }, (_, index) => ({
        index,
        account: `0x${"11".repeat(20)}`,
        amountWei: 1n,
      }));
      const tree = new PairTree(shares);
      const depth = Math.ceil(Math.log2(n));
      for (const { index } of shares) expect(tree.proof(index).length, `${index} of ${n}`).to.be.at.most(depth);
      expect(new PairTree(shares.map((share) => ({ ...share, amountWei: 2n }))).root).not.to.equal(tree.root);
    }
  });

  it("the peers' lock names four packages alone and one with what it needs, by digest, no host and no path", () => {
    const text = readFileSync(join(ROOT, "scripts", "bench", "package-lock.json"), "utf8");
    const lock = JSON.parse(text) as {
      packages: Record<string, { dependencies?: Record<string, string>; integrity?: string; version: string }>;
    };
    const { "": root, ...packages } = lock.packages;
    const wanted = Object.entries(root?.dependencies ?? {});
    for (const [name, version] of wanted) expect(packages[`node_modules/${name}`]?.version, name).to.equal(version);
    // Only the code of the tree is run: what it needs stands there, and nothing else does.
    const reached = new Set(wanted.map(([name]) => `node_modules/${name}`));
    for (const path of reached) {
      const needs = Object.keys(packages[path]?.dependencies ?? {});
      if (wanted.some(([name]) => path === `node_modules/${name}` && name !== "@openzeppelin/merkle-tree")) {
        expect(needs, path).to.deep.equal([]);
      }
      for (const name of needs) reached.add(placeOf(name, path, packages));
    }
    expect([...reached].sort()).to.deep.equal(Object.keys(packages).sort());
    for (const { integrity } of Object.values(packages)) expect(integrity).to.match(/^sha512-/);
    expect(text).not.to.match(/resolved|https?:|file:/);
  });
});

/** Where Node finds `name` when the package at `path` asks for it: the nearest folder of packages above it. */
function placeOf(name: string, path: string, packages: Readonly<Record<string, unknown>>): string {
  for (let from = path; from !== ""; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const place = `${from}/node_modules/${name}`;
    if (place in packages) return place;
  }
  return `node_modules/${name}`;
}
