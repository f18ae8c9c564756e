import { YellowstoneError } from "./base.js";

/** A parameter of the quality gate is out of its range. */
export class InvalidGateParameter extends YellowstoneError {
  constructor(parameter: string, actual: unknown, expected: string) {
    super(`${parameter} is ${String(actual)}, expected ${expected}`, {
      code: "InvalidGateParameter",
      data: { parameter, actual, expected },
      next: `Set ${parameter} to ${expected}.`,
      retry: "no",
    });
  }
}

/** A measured figure is out of its range. */
export class InvalidMeasurement extends YellowstoneError {
  constructor(field: string, actual: bigint, least: bigint) {
    super(`${field} is ${actual}, expected at least ${least}`, {
      code: "InvalidMeasurement",
      data: { field, actual, least },
      next: "Measure from the query sent to the last token received, in whole milliseconds.",
      retry: "no",
    });
  }
}
