import { YellowstoneError } from "./base.js";
import { describe } from "./describe.js";

/** A field of unknown or typed input does not have the required form. `path` names it, as in `Bid.value.priceWei`. */
export class InvalidField extends YellowstoneError<{ path: string; expected: string; actual: string }> {
  constructor(path: string, expected: string, actual: unknown, cause?: unknown) {
    const found = describe(actual);
    super(`${path}: expected ${expected}, got ${found}`, {
      code: "InvalidField",
      data: { path, expected, actual: found },
      next: `Correct ${path} and send it again.`,
      retry: "no",
      cause,
    });
  }
}

/** Typed data that is no message of this protocol was handed to a signer that signs nothing else. */
export class ForeignTypedData extends YellowstoneError<{ types: readonly string[] }> {
  constructor(types: readonly string[]) {
    const names = types.slice(0, 8).map((name) => name.slice(0, 64));
    super(`not a message of Yellowstone Compute: ${names.join(", ") || "no type"}`, {
      code: "ForeignTypedData",
      data: { types: names },
      next: "Sign with a general wallet, or pass one of the tables of `typedDataTypes`.",
      retry: "no",
    });
  }
}

/** The parameters of an emission schedule do not describe one. */
export class InvalidSchedule extends YellowstoneError<{ field: string; expected: string; actual: string }> {
  constructor(field: string, expected: string, actual: unknown) {
    const found = describe(actual);
    super(`emission schedule: ${field} must be ${expected}, got ${found}`, {
      code: "InvalidSchedule",
      data: { field, expected, actual: found },
      next: `Read ${field} from the deployed schedule.`,
      retry: "no",
    });
  }
}
