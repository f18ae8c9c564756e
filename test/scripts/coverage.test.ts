import { expect } from "chai";
import { ethers } from "ethers";
import { network } from "hardhat";
import { judge, type Place } from "../../scripts/checks/coverage/figures.js";
import { instrument } from "../../scripts/checks/coverage/instrument.js";
import { addCounts, isOf, placesOf, type ScriptCounts } from "../../scripts/checks/coverage/v8.js";
import { treesOf } from "../../scripts/checks/mutation/ast.js";
import { compileCode } from "../../scripts/checks/mutation/compiler.js";

const FILE = "contracts/Small.sol";
const SMALL = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
// Offsets are bytes: “–” has three.
contract Small {
    error TooMuch(uint256 a);
    error Odd();
    function f(uint256 a, uint256 b) external pure returns (uint256 c) {
        uint256 most;
        most = 9;
        require(a < most && (b < 5 || b > 7), TooMuch(a));
        if (a > b) c = 5;
        else if (b == 3) revert Odd();
        c += a == 2 ? 1 : 0;
        assembly ("memory-safe") {
            if eq(a, 4) {
                mstore(0x00, c)
                revert(0x00, sub(0x20, returndatasize()))
            }
            for { let i := 0 } lt(i, b) { i := add(i, 1) } { c := add(c, 1) }
        }
    }
    function g() external {}
}
`;
const { sources, marks } = instrument({ [FILE]: SMALL }, treesOf({ [FILE]: SMALL }));

/** What of the small contract is reported when `f` is called with `inputs`, and what it answers. */
async function reachedBy(
  inputs: readonly (readonly [bigint, bigint])[],
): Promise<{ hits: Set<number>; answers: string[] }> {
  const { errors, codes } = compileCode(sources, [`${FILE}:Small`]);
  expect(errors).to.deep.equal([]);
  const { provider } = await network.create("l1");
  const [from] = (await provider.request({ method: "eth_accounts" })) as string[];
  const to = "0x00000000000000000000000000000000000c0de0";
  const code = `0x${codes.get(`${FILE}:Small`)?.deployedBytecode ?? ""}`;
  await provider.request({ method: "hardhat_setCode", params: [to, code] });
  const face = new ethers.Interface(["function f(uint256 a, uint256 b) pure returns (uint256 c)"]);
  const hits = new Set<number>();
  const answers: string[] = [];
  for (const input of inputs) {
    const call = { from, to, data: face.encodeFunctionData("f", input) };
    answers.push(
      await provider.request({ method: "eth_call", params: [call, "latest"] }).then(
        (answer) => String(BigInt(String(answer))),
        () => "reverts",
      ),
    );
    const gas = { ...call, gas: "0x100000" };
    const trace = (await provider.request({
      method: "debug_traceCall",
      params: [gas, "latest", { enableMemory: true }],
    })) as {
      structLogs: { op: string; stack: string[]; memory: string[] }[];
    };
    for (const { op, stack, memory } of trace.structLogs) {
      if (op === "STATICCALL" && /c0bec0be/i.test(stack.at(-2) ?? ""))
        hits.add(Number(`0x${memory[0]?.replace("0x", "") ?? ""}`));
    }
  }
  return { hits, answers };
}

describe("npm run coverage", () => {
  it("knows each line, function, way of a condition and error of a small contract", () => {
    expect(marks.map(({ kind, line, what }) => `${line} ${kind}: ${what}`).sort()).to.deep.equal(
      [
        "7 function: f is called",
        "22 function: g is called",
        ...[9, 10, 11, 12, 13, 14].map((line) => `${line} line: statement is reached`),
        ...["11 line: statement is reached", "12 line: statement is reached"],
        "10 error: TooMuch",
        "12 error: Odd",
        ...["10 a < most", "10 b < 5", "10 b > 7", "11 a > b", "12 b == 3", "13 a == 2"].flatMap(waysOf),
        ...["15 eq(a, 4)", "19 lt(i, b)"].flatMap(waysOf),
      ].sort(),
    );
  });

  it("reports what a call reached, also one that reverts, and changes no answer", async () => {
    const first = await reachedBy([[2n, 1n]]);
    expect(first.answers).to.deep.equal(["7"]);
    const missed = ({ hits }: { hits: ReadonlySet<number> }): string[] =>
      marks.filter((_, n) => !hits.has(n)).map(({ line, kind, what }) => `${line} ${kind}: ${what}`);
    expect(missed(first)).to.deep.equal([
      "10 error: TooMuch",
      "10 branch: a < most is false",
      "10 branch: b < 5 is false",
      "10 branch: b > 7 is true",
      "10 branch: b > 7 is false",
      "12 line: statement is reached",
      "11 branch: a > b is false",
      "12 line: statement is reached",
      "12 error: Odd",
      "12 branch: b == 3 is true",
      "12 branch: b == 3 is false",
      "13 branch: a == 2 is false",
      "15 branch: eq(a, 4) is true",
      "22 function: g is called",
    ]);
    const rest = await reachedBy([
      [2n, 1n],
      [4n, 1n],
      [9n, 1n],
      [3n, 9n],
      [1n, 3n],
      [1n, 6n],
    ]);
    expect(rest.answers).to.deep.equal(["7", "reverts", "reverts", "9", "reverts", "reverts"]);
    expect(missed(rest)).to.deep.equal(["22 function: g is called"]);
  });

  it("adds what two processes executed of a script", () => {
    const text = "function f(a) {\n  if (a) return 1;\n  // then\n  return 2;\n}\nconst g = () => 3;\n";
    const inner = text.indexOf("return 1");
    const rest = text.indexOf(";", inner) + 1;
    const file = { functionName: "", ranges: [{ startOffset: 0, endOffset: text.length, count: 1 }] };
    const [start, end] = [0, text.indexOf("}") + 1];
    const arrow = text.indexOf("() =>");
    const g = { functionName: "g", ranges: [{ startOffset: arrow, endOffset: text.length - 2, count: 0 }] };
    const f = (taken: number): ScriptCounts["functions"][number] => ({
      functionName: "f",
      ranges: [
        { startOffset: start, endOffset: end, count: 1 },
        { startOffset: inner, endOffset: rest, count: taken },
        { startOffset: rest, endOffset: end, count: 1 - taken },
      ],
    });
    const missing = (places: readonly Place[]): string[] =>
      places.filter(({ reached }) => !reached).map(({ kind, line, what }) => `${line} ${kind}: ${what}`);
    const once = addCounts(undefined, { url: "file:///f.js", functions: [file, f(1), g] });
    expect(missing(placesOf("f.js", text, once))).to.deep.equal([
      "4 lines: ",
      "6 functions: g is called",
      "4 branches: return 2;",
    ]);
    const twice = addCounts(once, { url: "file:///f.js", functions: [file, f(0), g] });
    expect(missing(placesOf("f.js", text, twice))).to.deep.equal(["6 functions: g is called"]);
    expect(missing(placesOf("f.js", text, undefined)).length).to.equal(4);
    const script = { url: "file:///f.js", functions: [file, f(1), g] };
    expect(
      [isOf(script, text), isOf(script, `${text}// longer`)],
      "what a loader rewrote counts for nothing",
    ).to.deep.equal([true, false]);
  });

  it("counts by room, leaves argued places out, and names those argued for nothing", () => {
    const place = (kind: Place["kind"], line: number, reached: boolean): Place => ({
      kind,
      file: "contracts/a/A.sol",
      line,
      reached,
      what: "",
    });
    const lines = ["one", "  two", "three"];
    const places = [place("lines", 1, true), place("lines", 2, false), place("branches", 3, true)];
    const argued = { file: "contracts/a/A.sol", text: "two", why: "dead" };
    const verdict = (list: readonly (typeof argued)[]): ReturnType<typeof judge> =>
      judge(
        "contracts",
        places,
        list,
        () => "a",
        () => lines,
      );
    expect(verdict([])).to.include({ holds: false, argued: 0 });
    expect(verdict([]).missing).to.deep.equal(["contracts/a/A.sol:2 lines: two"]);
    expect(verdict([]).table).to.match(/^a +50\.0 % 1 of 2 +100\.0 % 0 of 0 +100\.0 % 1 of 1$/m);
    expect(verdict([argued])).to.include({ holds: true, argued: 1 });
    const stale = { ...argued, text: "one" };
    expect(verdict([argued, stale])).to.deep.include({ holds: false, stale: [stale] });
  });
});

function waysOf(condition: string): string[] {
  const [line = "", ...words] = condition.split(" ");
  return [true, false].map((way) => `${line} branch: ${words.join(" ")} is ${way}`);
}
