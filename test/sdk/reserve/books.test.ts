import { expect } from "chai";
import * as errors from "../../../sdk/src/errors/index.js";
import * as books from "../../../sdk/src/reserve/books.js";

const UMOR = 10n ** 12n;
/** 1,000 MOR arrived on day 3, of which the bootstrap pool took 100; 10 uMOR are attested. */
const before = books.reserve(
  books.book(books.openBooks(3n, 50n * 10n ** 18n), 1_000n * 10n ** 18n, 100n * 10n ** 18n),
  10n,
);

describe("books of the reserve", () => {
  it("hold what arrived, whatever is moved between them", () => {
    const held = 1_000n * 10n ** 18n;
    expect(books.accounted(before)).to.equal(held);
    const moved = books.award(books.absorb(books.release(before, 3n), 2n * UMOR), 5n * UMOR);
    expect(books.accounted(moved)).to.equal(held);
    expect(moved.owedWei).to.equal((10n - 3n - 2n + 5n) * UMOR);
    expect(books.accounted(books.settle(moved, 10n * UMOR)), "only a payment leaves").to.equal(held - 10n * UMOR);
    const released = books.releaseBootstrap(moved);
    expect([released.bootstrapWei, books.accounted(released)]).to.deep.equal([0n, held]);
    expect(books.budget(released), "what is wound up raises no budget").to.equal(books.budget(moved));
  });

  it("give a veto's part back to the day it was drawn in, and never more", () => {
    expect(books.drawnToday(before)).to.equal(10n * UMOR);
    expect(books.allowance(books.release(before, 4n))).to.equal(books.allowance(before) + 4n * UMOR);
    const next = books.rollDay(before, 4n, 50n * 10n ** 18n);
    const vetoed = books.release(next, 4n);
    expect(books.drawnToday(vetoed)).to.equal(0n);
    expect(vetoed.attestedAtOpeningUMor).to.equal(6n);
    expect(books.rollDay(next, 4n, 0n), "a day opens once").to.equal(next);
  });

  it("refuse more than there is, by the chain's own errors", () => {
    expect(() => books.reserve(before, 51n * 10n ** 6n)).to.throw(errors.ReserveAllowanceExceeded);
    expect(() => books.release(before, 11n))
      .to.throw(errors.ReserveAttestedExceeded)
      .with.property("data")
      .that.deep.equals({ requestedUMor: 11n, attestedUMor: 10n });
    expect(() => books.settle(before, 10n * UMOR + 1n)).to.throw(errors.ReserveOwedExceeded);
    expect(() => books.release(books.settle(before, 8n * UMOR), 3n), "paid credit").to.throw(
      errors.ReserveOwedExceeded,
    );
    expect(() => books.award(before, before.bootstrapWei + 1n)).to.throw(errors.ReserveBootstrapExceeded);
  });
});
