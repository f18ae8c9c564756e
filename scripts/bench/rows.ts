/** One figure of the bench. `peer` is empty for our own. */
export interface Row {
  suite: "gas" | "l2" | "scale" | "sdk";
  name: string;
  n: number;
  value: number;
  unit: string;
  peer: string;
}

/** Collects rows and prints each as it comes. */
export class Rows {
  readonly all: Row[] = [];
  readonly #suite: Row["suite"];

  constructor(suite: Row["suite"]) {
    this.#suite = suite;
  }

  add(name: string, n: number, value: number, unit: string, peer = ""): void {
    this.all.push({ suite: this.#suite, name, n, value, unit, peer });
    const figure = Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(1);
    const who = peer === "" ? "" : ` [${peer}]`;
    console.log(
      `${this.#suite.padEnd(6)}${(name + who).padEnd(58)} N ${String(n).padStart(7)} ${figure.padStart(12)} ${unit}`,
    );
  }
}
