/** Where in the input something is wrong. */
export interface InputPlace {
  readonly file: string;
  /** Counted from 1, the header being line 1. */
  readonly line?: number;
  readonly field?: string;
}

/** The root of every refusal of the replay's input: names the file, the line and the field, and what to do next. */
export class InputError extends Error {
  readonly file: string;
  readonly line: number | undefined;
  readonly field: string | undefined;
  readonly next: string;

  constructor(place: InputPlace, what: string, next: string, cause?: unknown) {
    const { file, line, field } = place;
    const where = [file, line === undefined ? "" : `line ${line}`, field === undefined ? "" : `field ${field}`];
    super(`${where.filter((part) => part !== "").join(", ")}: ${what}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.file = file;
    this.line = line;
    this.field = field;
    this.next = next;
  }
}

/** The file is not there or cannot be read. */
export class UnreadableFile extends InputError {
  constructor(file: string, cause: unknown) {
    super({ file }, "cannot be read", "check the path, or leave the argument out to replay synthetic input", cause);
  }
}

/** The first line is not the header of this form. */
export class WrongHeader extends InputError {
  constructor(file: string, expected: string, actual: string) {
    super(
      { file, line: 1 },
      `header is "${actual}", expected "${expected}"`,
      "pass the file to the argument of its form",
    );
  }
}

/** The file ends inside a row, or holds no row at all. */
export class TruncatedFile extends InputError {
  constructor(file: string, line: number, expected: string) {
    super({ file, line }, `ends early, expected ${expected}`, "copy the file again and compare its sha256");
  }
}

/** A row has more or fewer fields than the header. */
export class WrongFieldCount extends InputError {
  constructor(file: string, line: number, expected: number, actual: number) {
    super({ file, line }, `${actual} fields, expected ${expected}`, "correct or remove the line");
  }
}

/** A field does not hold what its column promises. */
export class InvalidField extends InputError {
  constructor(place: Required<InputPlace>, actual: string, expected: string) {
    super(place, `"${actual}" is not ${expected}`, "correct or remove the line");
  }
}

/** A row comes before the row above it, or repeats it. */
export class OutOfOrder extends InputError {
  constructor(place: Required<InputPlace>, actual: string, previous: string) {
    super(
      place,
      `"${actual}" comes after "${previous}"`,
      "sort the file by this column, without repeats where it counts up",
    );
  }
}

/** A row names a model the replay does not know. */
export class UnknownModel extends InputError {
  constructor(place: InputPlace, model: string, known: readonly string[]) {
    super(
      place,
      `unknown model "${model}", known are ${known.join(", ")}`,
      "correct the name, or add the model to the mix",
    );
  }
}

/** Two rows price the same model of the same provider. */
export class DuplicatePrice extends InputError {
  constructor(place: InputPlace, provider: string, model: string) {
    super(place, `${provider} has a price for ${model} already`, "keep one of the two lines");
  }
}

/** A requested model has no bid at all. */
export class ModelWithoutBid extends InputError {
  constructor(model: string) {
    super(
      { file: "prices", field: model },
      `${model} is requested, but nobody with a measured latency bids on it`,
      "add a price, or take the model out of the mix",
    );
  }
}

/** A setting of the replay is out of its range. */
export class InvalidSetting extends InputError {
  constructor(setting: string, actual: unknown, expected: string) {
    super(
      { file: "settings", field: setting },
      `is ${String(actual)}, expected ${expected}`,
      `set ${setting} to ${expected}`,
    );
  }
}
