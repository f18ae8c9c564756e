import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ethers } from "ethers";
import { network } from "hardhat";
import { SWITCH } from "../../scripts/checks/awake.js";
import { treesOf } from "../../scripts/checks/mutation/ast.js";
import { compileCode, type SourceTexts } from "../../scripts/checks/mutation/compiler.js";
import { findMutants } from "../../scripts/checks/mutation/operators.js";
import { appendResult, readResults, type Result, scoreOf } from "../../scripts/checks/mutation/results.js";
import { sample } from "../../scripts/checks/mutation/sample.js";
import { apply, putAsleep, takeBatch } from "../../scripts/checks/mutation/sleepers.js";

const FILE = "contracts/Small.sol";
const SMALL = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
// Offsets are bytes: “–” has three.
contract Small {
    error TooMuch(uint256 a);
    modifier open() { _; }
    function f(uint256 a, uint256 b) external pure open returns (uint256 c) {
        require(a < 9, TooMuch(a));
        c = a * 3 + b;
        if (a > b) c += 5;
        assembly ("memory-safe") { c := shl(1, c) }
    }
    function g(bool a) external pure returns (bool) { if (a) return a; return false; }
}
`;
const sources: SourceTexts = { [FILE]: SMALL };
const tree = treesOf(sources).get(FILE);
const mutants = tree === undefined ? [] : findMutants(FILE, SMALL, tree);

describe("npm run mutation", () => {
  it("finds each change of a small contract once", () => {
    const changes = mutants.map(({ line, operator, before, after }) => `${line} ${operator}: ${before} => ${after}`);
    expect(changes).to.deep.equal([
      "8 require: require(a < 9, TooMuch(a)); => ",
      "8 relational: a < 9 => a <= 9",
      "8 relational: a < 9 => a >= 9",
      "8 constant: 9 => (9 + 1)",
      "8 constant: 9 => (9 - 1)",
      "9 statement: c = a * 3 + b; => ",
      "9 arithmetic: a * 3 + b => a * 3 - b",
      "9 arithmetic: a * 3 => a / 3",
      "9 constant: 3 => (3 + 1)",
      "9 constant: 3 => (3 - 1)",
      "10 condition: a > b => !(a > b)",
      "10 relational: a > b => a >= b",
      "10 relational: a > b => a <= b",
      "10 statement: c += 5; => ",
      "10 arithmetic: c += 5; => c -= 5;",
      "10 constant: 5 => (5 + 1)",
      "10 constant: 5 => (5 - 1)",
      "11 statement: c := shl(1, c) => ",
      "11 opcode: shl(1, c) => shr(1, c)",
      "11 constant: 1 => add(1, 1)",
      "11 constant: 1 => sub(1, 1)",
      "7 modifier: open => ",
      "13 condition: a => !(a)",
      "13 zero: a => false",
    ]);
    expect(new Set(mutants.map(({ id }) => id)).size).to.equal(mutants.length);
  });

  it("puts mutants to sleep that do nothing, and awake what the change does", async () => {
    const { provider } = await network.create("l1");
    const [from] = (await provider.request({ method: "eth_accounts" })) as string[];
    const face = new ethers.Interface(["function f(uint256 a, uint256 b)", "function g(bool a)"]);
    const inputs = [0n, 1n, 2n, 8n, 9n].flatMap((a) => [0n, 2n, 9n].map((b) => face.encodeFunctionData("f", [a, b])));
    inputs.push(face.encodeFunctionData("g", [true]), face.encodeFunctionData("g", [false]));
    const answersOf = async (code: string): Promise<string[]> => {
      const to = "0x00000000000000000000000000000000000c0de0";
      await provider.request({ method: "hardhat_setCode", params: [to, `0x${code}`] });
      return Promise.all(
        inputs.map(async (data) => {
          const call = provider.request({ method: "eth_call", params: [{ from, to, data }, "latest"] });
          return call.then(String, () => "reverts");
        }),
      );
    };
    const codeOf = (texts: SourceTexts): string => {
      const { errors, codes } = compileCode(texts, [`${FILE}:Small`]);
      expect(errors).to.deep.equal([]);
      return codes.get(`${FILE}:Small`)?.deployedBytecode ?? "";
    };
    const original = await answersOf(codeOf(sources));
    let waiting = mutants.filter(({ form }) => form !== "alone");
    let changed = 0;
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, 60);
      waiting = waiting.filter((mutant) => !batch.includes(mutant));
      const code = codeOf(putAsleep(sources, batch).sources);
      for (const [i, mutant] of [undefined, ...batch].entries()) {
        const account = `0x${SWITCH.toString(16).padStart(40, "0")}`;
        await provider.request({ method: "hardhat_setBalance", params: [account, `0x${i.toString(16)}`] });
        const expected = mutant === undefined ? original : await answersOf(codeOf(apply(sources, mutant)));
        expect(await answersOf(code), mutant?.after).to.deep.equal(expected);
        if (expected.join() !== original.join()) changed += 1;
      }
    }
    expect(changed, "changes that show").to.equal(mutants.length - 1);
  });

  it("blames the mutant that the compiler refuses", () => {
    const [wrong] = mutants.filter(({ after }) => after === "a * 3 - b");
    if (wrong === undefined) throw new Error("not found");
    const { sources: texts, blame } = putAsleep(sources, [{ ...wrong, after: "nothingOfThatName" }]);
    const [error] = compileCode(texts, [`${FILE}:Small`]).errors;
    expect(error === undefined ? undefined : blame(error)?.id).to.equal(wrong.id);
  });

  it("samples the same mutants for the same seed, and counts argued and equivalent ones apart", () => {
    expect(sample(mutants, 5, 1)).to.deep.equal(sample(mutants, 9, 1).slice(0, 5));
    expect(sample(mutants, 9, 1)).to.not.deep.equal(sample(mutants, 9, 2));
    const results = (["killed", "killed", "survived", "survived", "equivalent"] as const).map((status, i): Result => ({
      ...(mutants[i] as (typeof mutants)[number]),
      code: "",
      tests: "",
      quick: false,
      status,
      millis: 0,
    }));
    expect(scoreOf(results, new Set())).to.equal(50);
    expect(scoreOf(results, new Set([results[2]?.id ?? ""])).toFixed(2)).to.equal("66.67");
  });

  it("goes on where it stopped: the killed stay, survivors only with the same tests, all of them, or argued", () => {
    const path = join(mkdtempSync(join(tmpdir(), "mutation-")), "results.jsonl");
    const line = {
      code: "c",
      tests: "t",
      quick: false,
      file: FILE,
      line: 1,
      operator: "",
      before: "",
      after: "",
      millis: 0,
    };
    const write = (id: string, rest: Partial<Result>): void => {
      appendResult(path, { ...line, id, status: "survived", ...rest });
    };
    write("killed", { status: "killed", tests: "older" });
    write("killed for other contracts", { status: "killed", code: "older" });
    write("survived", {});
    write("survived older tests", { tests: "older" });
    write("argued", { tests: "older" });
    write("survived the quick ones", { quick: true });
    const known = (quick: boolean): string[] => [
      ...readResults(path, { contracts: "c", tests: "t" }, new Set(["argued"]), quick).keys(),
    ];
    expect(known(false)).to.deep.equal(["killed", "survived", "argued"]);
    expect(known(true)).to.deep.equal(["killed", "survived", "argued", "survived the quick ones"]);
  });
});
