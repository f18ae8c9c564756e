import { expect } from "chai";
import { InvalidRange, PayloadTruncated } from "@yellowstone-compute/sdk/errors";
import {
  LedgerTree,
  buildClaim,
  claimedIds,
  packClaim,
  planClaim,
  splitClaim,
  unpackClaim,
} from "@yellowstone-compute/sdk/ledger";

/** Pieces of a claim, cut down to single providers. */
function pieces(claim: Uint8Array): Uint8Array[] {
  const halves = splitClaim(claim);
  return halves === undefined ? [claim] : halves.flatMap(pieces);
}

describe("parts of a claim", () => {
  const tree = LedgerTree.from([5n, 6n, 7n, 0n, 8n]);

  it("are the same whether a range is given with the empty words behind it or without them", () => {
    const [range] = planClaim([0, 1, 2, 4]);
    const exact = packClaim(tree, [{ ...range!, level: 1, count: 2 }]);
    for (const level of [2, 3, 10]) {
      const wide = packClaim(tree, [{ ...range!, level, count: 2 }]);
      expect(claimedIds(wide)).to.deep.equal(claimedIds(exact));
      expect(pieces(wide)).to.deep.equal(pieces(exact));
    }
  });

  it("are cut down to one provider, and nothing has none", () => {
    expect(pieces(buildClaim(tree, [0, 2, 4])).map(claimedIds)).to.deep.equal([[0], [2], [4]]);
    expect(splitClaim(buildClaim(tree, [4]))).to.equal(undefined);
    expect(splitClaim(new Uint8Array())).to.equal(undefined);
  });

  it("are read whole or not at all", () => {
    const claim = packClaim(tree, [{ firstWord: 0, level: 1, count: 2, lanes: 3 }]);
    expect(claimedIds(claim)).to.deep.equal([0, 1, 4, 5]);
    for (let length = 1; length < claim.length; length++) {
      expect(() => unpackClaim(claim.subarray(0, length)), `${length} bytes`).to.throw(PayloadTruncated);
    }
    expect(() => unpackClaim(Uint8Array.of(0, 0, 0, 2, 0, 0, 3, 1))).to.throw(InvalidRange, "an odd number of words");
  });
});
