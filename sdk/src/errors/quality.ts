import { YellowstoneError } from "./base.js";

/** A parameter of the quality gate is out of its range. */
export class InvalidGateParameter extends YellowstoneError {
  constructor(parameter: string, actual: unknown, expected: string) {
    super({
      code: "InvalidGateParameter",
      message: `${parameter} is ${String(actual)}, expected ${expected}`,
      data: { parameter, actual, expected },
      next: `set ${parameter} to ${expected}`,
      retry: "no",
    });
  }
}

/** A measured figure is out of its range. */
export class InvalidMeasurement extends YellowstoneError {
  constructor(field: string, actual: bigint, least: bigint) {
    super({
      code: "InvalidMeasurement",
      message: `${field} is ${actual}, expected at least ${least}`,
      data: { field, actual, least },
      next: "measure from the query sent to the last token received, in whole milliseconds",
      retry: "no",
    });
  }
}
