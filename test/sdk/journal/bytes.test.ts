import { expect } from "chai";
import fc from "fast-check";
import { InvalidField, JournalDamaged } from "../../../sdk/src/errors/index.js";
import { ByteReader, ByteWriter } from "../../../sdk/src/journal/bytes.js";

/** What `write` leaves. */
function written(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.take();
}

describe("journal, binary form", () => {
  it("gives back whatever was written, in order, and is at its end then", () => {
    const entries = fc.array(
      fc.record({
        flag: fc.boolean(),
        amount: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        count: fc.nat(),
        words: fc.string({ unit: "grapheme" }),
        blob: fc.uint8Array({ maxLength: 9_000 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(entries, (list) => {
        const bytes = written((out) =>
          out.list(list, ({ flag, amount, count, words, blob }) => {
            out.bool(flag);
            out.uint(amount);
            out.count(count);
            out.text(words);
            out.bytes(blob);
          }),
        );
        const from = new ByteReader(bytes, 0);
        const read = from.list(() => ({
          flag: from.bool(),
          amount: from.uint(),
          count: from.count(),
          words: from.text(),
          blob: Uint8Array.from(from.bytes()),
        }));
        expect(read).to.deep.equal(list.map((entry) => ({ ...entry, blob: Uint8Array.from(entry.blob) })));
        expect(from.isAtEnd).to.equal(true);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses to write what cannot be read back", () => {
    const out = new ByteWriter();
    for (const value of [-1n, 2n ** 256n]) expect(() => out.uint(value)).to.throw(InvalidField);
    for (const hex of ["0x12", "0x1234567", "0xzz34", "1234"]) expect(() => out.fixed(hex, 2)).to.throw(InvalidField);
    expect(out.length, "nothing was written").to.equal(0);
  });

  const DAMAGED: readonly (readonly [string, readonly number[], (from: ByteReader) => unknown, RegExp])[] = [
    ["a flag that is neither", [2], (from) => from.bool(), /flag/],
    ["an integer of 33 bytes", [33, ...Array<number>(33).fill(1)], (from) => from.uint(), /longer than 32/],
    ["a count that no number holds", [8, 255, 255, 255, 255, 255, 255, 255, 255], (from) => from.count(), /too large/],
    ["a text that is not UTF-8", [1, 2, 0xc3, 0x28], (from) => from.text(), /UTF-8/],
    ["a list longer than its bytes", [1, 9, 0], (from) => from.list(() => from.byte()), /longer than its bytes/],
    ["an entry without its end", [1, 4, 0, 0], (from) => from.bytes(), /middle of an entry/],
    ["an address without its end", [1, 2, 3], (from) => from.address(), /middle of an entry/],
  ];
  for (const [what, bytes, read, reason] of DAMAGED) {
    it(`refuses ${what}, and names the input`, () => {
      const from = new ByteReader(Uint8Array.from(bytes), 77);
      expect(() => read(from))
        .to.throw(JournalDamaged, reason)
        .with.nested.property("data.position", 77);
    });
  }
});
