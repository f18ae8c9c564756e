import { hex, sizeOf } from "../wire/bytes.js";

/** A view to be asked: the contract, its calldata, and how many words it answers. */
export interface Question {
  readonly label: string;
  readonly to: bigint;
  readonly data: string;
  readonly expected: readonly bigint[];
}

const OP: Readonly<Record<string, string>> = {
  STOP: "00", ADD: "01", GT: "11", ISZERO: "15", AND: "16", SHR: "1c", CALLDATALOAD: "35", CALLDATASIZE: "36",
  CALLDATACOPY: "37", RETURNDATASIZE: "3d", RETURNDATACOPY: "3e", POP: "50", JUMP: "56", JUMPI: "57", GAS: "5a",
  JUMPDEST: "5b", PUSH0: "5f", DUP1: "80", DUP2: "81", DUP3: "82", DUP4: "83", DUP5: "84", DUP6: "85", DUP7: "86", DUP8: "87",
  SWAP2: "91", SWAP4: "93", RETURN: "f3", STATICCALL: "fa", REVERT: "fd",
}; // prettier-ignore

// Calldata: { contract b20 | size u16 | answer size u16 | calldata }*. Stack: end of the answers, place in the calldata.
const ASK = `
  PUSH0 PUSH0
  :next DUP1 CALLDATASIZE GT ISZERO >end JUMPI
  DUP1 CALLDATALOAD
  DUP1 50 SHR ffff AND
  DUP1 DUP4 18 ADD DUP6 CALLDATACOPY
  DUP2 40 SHR ffff AND
  DUP1 DUP6 DUP4 DUP8 DUP7 60 SHR GAS STATICCALL
  ISZERO >failed JUMPI
  SWAP4 DUP5 ADD SWAP4 POP
  SWAP2 DUP3 ADD 18 ADD SWAP2 POP POP
  >next JUMP
  :end POP PUSH0 RETURN
  :failed RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY RETURNDATASIZE PUSH0 REVERT`;

function assemble(source: string): string {
  const marks = new Map<string, number>();
  const tokens = source.trim().split(/\s+/);
  let text = "";
  for (const pass of [1, 2]) {
    text = "";
    for (const token of tokens) {
      if (token.startsWith(":")) {
        marks.set(token.slice(1), sizeOf(text));
        text += OP["JUMPDEST"]!;
      } else if (token.startsWith(">")) text += `60${hex(pass === 1 ? 0 : marks.get(token.slice(1))!, 1)}`;
      else text += OP[token] ?? hex(0x5f + token.length / 2, 1) + token;
    }
  }
  return text;
}

/** Creation code of a contract that asks many views at once and answers all they say, one behind the other. */
export function probeCode(): string {
  const runtime = assemble(ASK);
  return `60${hex(sizeOf(runtime), 1)}8060095f395ff3${runtime}`;
}

/** Calldata of the probe for these questions. */
export function probeData(questions: readonly Question[]): string {
  let text = "";
  for (const { to, data, expected } of questions) {
    text += hex(to, 20) + hex(sizeOf(data), 2) + hex(expected.length * 32, 2) + data;
  }
  return text;
}
