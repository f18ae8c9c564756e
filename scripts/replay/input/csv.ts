import { readFileSync } from "node:fs";
import { InvalidField, TruncatedFile, UnreadableFile, WrongFieldCount, WrongHeader } from "./errors.js";

/** One data row of a CSV file. */
export interface CsvRow<Column extends string> {
  readonly line: number;
  /** Text of a column. */
  get(column: Column): string;
  /** The refusal of a column's content. */
  invalid(column: Column, expected: string): InvalidField;
  place(column: Column): { readonly file: string; readonly line: number; readonly field: string };
}

/** Read a whole text file. Throws UnreadableFile. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UnreadableFile(file, cause);
  }
}

/**
 * Split a CSV text with LF or CRLF line ends into rows; the last line may lack its end. These forms quote nothing, so a
 * comma always separates. Throws WrongHeader, TruncatedFile, WrongFieldCount.
 */
export function parseCsv<Column extends string>(
  text: string,
  file: string,
  columns: readonly Column[],
): CsvRow<Column>[] {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  const ended = lines.at(-1) === "";
  if (ended) lines.pop();
  const [header = "", ...body] = lines;
  if (header !== columns.join(",")) throw new WrongHeader(file, columns.join(","), header.slice(0, 200));
  if (body.length === 0) throw new TruncatedFile(file, 2, "at least one row");
  return body.map((line, i) => {
    const fields = line.split(",");
    if (fields.length < columns.length && !ended && i === body.length - 1) {
      throw new TruncatedFile(file, i + 2, `${columns.length} fields`);
    }
    if (fields.length !== columns.length) throw new WrongFieldCount(file, i + 2, columns.length, fields.length);
    return createRow(file, i + 2, columns, fields);
  });
}

/** Read a column that counts: digits only, no sign, point or exponent. Throws InvalidField. */
export function parseCount<Column extends string>(row: CsvRow<Column>, column: Column): bigint {
  const text = row.get(column);
  if (!/^\d{1,15}$/.test(text)) throw row.invalid(column, "a whole number, at least 0, in plain digits");
  return BigInt(text);
}

/** Read a column that names something. Throws InvalidField. */
export function parseName<Column extends string>(row: CsvRow<Column>, column: Column): string {
  const text = row.get(column);
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(text))
    throw row.invalid(column, "a name of letters, digits and . _ / -");
  return text;
}

function createRow<Column extends string>(
  file: string,
  line: number,
  columns: readonly Column[],
  fields: readonly string[],
): CsvRow<Column> {
  const get = (column: Column): string => fields[columns.indexOf(column)] ?? "";
  const place = (column: Column) => ({ file, line, field: column });
  return { line, get, place, invalid: (column, expected) => new InvalidField(place(column), get(column), expected) };
}
