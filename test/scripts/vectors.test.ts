import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Tally, tryVectors } from "../../scripts/checks/vectors/index.js";
import { parseVectors, readVectorsFile, type VectorsFile } from "../../scripts/checks/vectorsFile.js";
import { ROOT, runScript } from "../utils/script.js";

const vectorsFile = (name: string) => join(ROOT, "test", "vectors", name);
const run = (...args: string[]) => runScript("scripts/checks/vectors.ts", args);

/** Tries vectors in this process; gives the printed lines too. */
async function tried(file: VectorsFile): Promise<{ tally: Tally; lines: string[] }> {
  const lines: string[] = [];
  const tally = new Tally((line) => lines.push(line));
  await tryVectors(file, tally);
  return { tally, lines };
}

describe("npm run vectors", () => {
  const scratch = mkdtempSync(join(tmpdir(), "vectors-"));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const name of ["emission.json", "guard.json"]) {
    it(`${name}: every vector holds on the deployed contract and on the SDK's twin`, async () => {
      const { code, text } = await run(vectorsFile(name));
      expect(code, text).to.equal(0);
      const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(text) ?? [];
      const file = readVectorsFile(vectorsFile(name));
      expect(Number(passed)).to.equal(2 * countOf(file));
      expect(failed).to.equal("0");
    });
  }

  it("a falsified file: one line per failing item and side, the count last, exit 1", async () => {
    const file = join(scratch, "falsified.json");
    const text = readFileSync(vectorsFile("guard.json"), "utf8");
    writeFileSync(file, text.replace('"allowanceWei": "1000000000000000000000"', '"allowanceWei": "1"'));
    const { code, text: printed } = await run(file);
    expect(code).to.equal(1);
    const failures = printed.split("\n").filter((line) => line.startsWith("FAILED"));
    expect(failures.map((line) => line.split(":")[0])).to.deep.equal(["FAILED contract", "FAILED sdk"]);
    expect(failures[0]).to.include("allowanceWei is 1000000000000000000000, expected 1");
    expect(printed.trimEnd().split("\n").at(-1)).to.match(/^\d+ passed, 2 failed$/);
  });

  it("every falsified emission vector is found, on both sides", async () => {
    const file = readVectorsFile(vectorsFile("emission.json"));
    if (file.kind !== "emission") throw new Error("no emission vectors");
    const exact = file.vectors.filter((vector) => vector.fromAt <= vector.startAt && vector.expectedWei > 0n);
    const falsified = exact.slice(0, 20).map((vector) => ({ ...vector, expectedWei: vector.expectedWei + 1n }));
    const { tally, lines } = await tried({ kind: "emission", vectors: falsified });
    expect(tally).to.include({ passed: 0, failed: 40 });
    expect(lines).to.have.lengthOf(40);
    const beyond = file.vectors.find(({ initialWei }) => initialWei >> 128n !== 0n)!;
    const accepted = await tried({ kind: "emission", vectors: [{ ...beyond, intervalSeconds: 0n, initialWei: 1n }] });
    expect(accepted.tally).to.include({ passed: 2, failed: 0 });
  });

  it("finds a call that should have been refused, and one that should not", async () => {
    const file = readVectorsFile(vectorsFile("guard.json"));
    if (file.kind !== "guard") throw new Error("no scenarios");
    const scenario = file.scenarios.find(({ name }) => name === "skipped days do not compound");
    const steps = scenario!.steps.slice(0, 5);
    const refused = steps.findIndex((step) => step.op === "attest" && !step.expect.ok);
    const [first] = steps.flatMap((step) => (step.op === "intake" && step.expect.ok ? [step.expect] : []));
    const wished = steps.map((step, i) => (i === refused && step.op === "attest" ? { ...step, expect: first! } : step));
    const unwanted = steps.map((step) => (step.op === "intake" ? { ...step, expect: { ok: false } as const } : step));
    for (const [changed, said, failures] of [
      [wished, "was refused: ReserveAllowanceExceeded", 2],
      [unwanted, "was accepted", 4],
    ] as const) {
      const { tally, lines } = await tried({ kind: "guard", scenarios: [{ ...scenario!, steps: changed }] });
      expect(tally.failed, lines.join("\n")).to.equal(failures);
      for (const line of lines) expect(line).to.include(said);
    }
  });

  it("a bad file or command line: exit 2, the file and the place named", async () => {
    const broken = join(scratch, "broken.json");
    writeFileSync(broken, '{ "scenarios": [ { "name": "x", ');
    const truncated = await run(broken);
    expect(truncated.code).to.equal(2);
    expect(truncated.text).to.include(`${broken}: $: is no JSON`).and.not.include("    at ");
    const missing = await run(join(scratch, "none.json"));
    expect(missing.code).to.equal(2);
    expect(missing.text).to.include("none.json: $: cannot be read");
    expect((await run()).code).to.equal(2);
  });

  it("refuses what is not of the form, with the place inside the file", () => {
    const scenario = { name: "x", initialWei: "0", decreaseWei: "0", startAt: 100, deployedAt: 200 };
    const cases: [content: unknown, place: string][] = [
      [{}, "$: has neither"],
      [{ order: ["startTime"], named: [] }, "$.order: must be initialAmount"],
      [emission({ args: ["1", "2"] }), "$.named[0].args: must have 6 entries, has 2"],
      [emission({ expected: "-1" }), "$.named[0].expected: must be a non-negative integer"],
      [
        { scenarios: [{ ...scenario, deployedAt: 99, steps: [] }] },
        "$.scenarios[0].deployedAt: must not be before 100",
      ],
      [
        { scenarios: [{ ...scenario, steps: [{ op: "warp", to: 199 }] }] },
        "$.scenarios[0].steps[0].to: must not be before 200",
      ],
      [{ scenarios: [{ ...scenario, steps: [{ op: "veto" }] }] }, "$.scenarios[0].steps[0].op: must be arrive"],
      [{ scenarios: [{ ...scenario, steps: [{ op: "intake", expect: { ok: true } }] }] }, "expect: lacks `day`"],
    ];
    for (const [content, place] of cases) {
      expect(() => parseVectors("file.json", JSON.stringify(content))).to.throw(place);
    }
  });
});

function emission(change: object): object {
  const order = ["initialAmount", "decreaseAmount", "payoutStart", "interval", "startTime", "endTime"];
  return { order, named: [{ name: "x", args: ["1", "0", "0", "1", "0", "1"], expected: "1", ...change }] };
}

function countOf(file: VectorsFile): number {
  if (file.kind === "emission") return file.vectors.length;
  return file.scenarios.flatMap(({ steps }) => steps).filter(({ op }) => op === "intake" || op === "attest").length;
}
