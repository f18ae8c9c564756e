import type { Receipt } from "../chain/node.js";
import { probeData, type Question } from "../chain/probe.js";
import type { Outcome, Place } from "../model/outcome.js";
import { describeError, describeLine, errorData, logLine } from "../wire/abi.js";
import { hex, word } from "../wire/bytes.js";
import type { World } from "./world.js";

/** What chain and model do not agree on. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** What was compared, and the first difference. */
export interface Compared {
  readonly figures: number;
  readonly difference?: Difference;
}

const reasonsOf = ({ refusals }: Outcome): string =>
  refusals.map(({ error, args }) => `${error}(${args.join(", ")})`).join(" or ");

/** Compare what a transaction did with what the model says: status, error with arguments, events, return values. */
export function compareReceipt(world: World, outcome: Outcome, receipt: Receipt): Compared {
  const { refusals } = outcome;
  if (!receipt.status) {
    const data = receipt.revertData ?? "";
    const actual = describeError(data);
    if (refusals.some((refusal) => errorData(refusal) === data)) return { figures: 1 + Math.floor(data.length / 64) };
    return { figures: 0, difference: { what: "refusal", expected: reasonsOf(outcome) || "accepted", actual } };
  }
  if (refusals.length > 0) {
    return { figures: 0, difference: { what: "refusal", expected: reasonsOf(outcome), actual: "accepted" } };
  }
  const addresses: Readonly<Record<Place, bigint>> = { ...world.addresses, authority: 0n };
  const expected = outcome.logs.map((log) => logLine(log, hex(addresses[log.place], 20))).sort();
  const actual = [...receipt.logs].sort();
  const at = expected.findIndex((line, i) => line !== actual[i]);
  if (at >= 0 || expected.length !== actual.length) {
    const what = "events";
    const difference = { what, expected: without(expected, actual), actual: without(actual, expected) };
    return { figures: 0, difference };
  }
  const figures = 1 + expected.reduce((sum, line) => sum + Math.floor(line.length / 64), 0);
  if (receipt.returned === undefined || outcome.output === undefined) return { figures };
  const output = outcome.output.map(word).join("");
  if (output === receipt.returned) return { figures: figures + outcome.output.length };
  return { figures, difference: { what: "return value", expected: output, actual: receipt.returned } };
}

/** Events of `lines` that `others` lack, each as often as it is there. */
function without(lines: readonly string[], others: readonly string[]): string {
  const rest = [...others];
  const left = lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return left.map(describeLine).join("; ");
}

/** Ask the chain for figures and compare them with the model's. */
export async function compareFigures(world: World, questions: readonly Question[]): Promise<Compared> {
  const { node, probe, actors } = world;
  const answer = await node.call(actors.deployer.address, probe, probeData(questions));
  let expected = "";
  for (const question of questions) for (const value of question.expected) expected += word(value);
  const figures = expected.length / 64;
  if (answer === expected) return { figures };
  let at = 0;
  for (const { label, expected: values } of questions) {
    for (const [i, value] of values.entries()) {
      const actual = BigInt(`0x${answer.slice(at, at + 64) || "0"}`);
      at += 64;
      if (actual === value) continue;
      const what = values.length === 1 ? label : `${label}[${i}]`;
      return { figures, difference: { what, expected: value.toString(), actual: actual.toString() } };
    }
  }
  return {
    figures,
    difference: { what: "size of the answers", expected: `${figures}`, actual: `${answer.length / 64}` },
  };
}
