import { expect } from "chai";
import { keccak256 } from "ethers";
import { BlockNotLinked, ReportDuplicated } from "@yellowstone-compute/sdk/errors";
import {
  buildBlock,
  mergeBlocks,
  requireLinked,
  type ClosedBlock,
  type ReportEntry,
} from "@yellowstone-compute/sdk/ledger";
import { createDomain, hashMessage, type InferenceBlock } from "@yellowstone-compute/sdk/messages";
import {
  ZERO_HASH,
  address,
  hash32,
  hex,
  providerId,
  wei,
  type Address,
  type Hash32,
} from "@yellowstone-compute/sdk/units";

const domain = createDomain(31337, `0x${"cc".repeat(20)}`);
const [a, b] = ["11", "22"].map((byte) => address(`0x${byte.repeat(20)}`)) as [Address, Address];
const report = (at: number, credit = 5): ReportEntry => ({
  reportHash: hash32(keccak256(Uint8Array.of(at))),
  providerId: providerId(at),
  creditWei: wei(credit),
});
function block(router: Address, height: bigint, previousHash: Hash32, ...reports: ReportEntry[]): ClosedBlock {
  const value = buildBlock(router, height, previousHash, reports);
  const hash = hashMessage("InferenceBlock", value, domain);
  return { signed: { kind: "InferenceBlock", value, signer: router, signature: hex("0x") }, hash, reports };
}
const changed = (one: ClosedBlock, change: Partial<InferenceBlock>): ClosedBlock => ({
  ...one,
  signed: { ...one.signed, value: { ...one.signed.value, ...change } },
});

describe("inference blocks", () => {
  const first = block(a, 3n, ZERO_HASH, report(1), report(2, 0));
  const second = block(a, 9n, first.hash, report(3));

  it("follow each other over empty heights", () => {
    requireLinked(undefined, first);
    requireLinked(first, second);
    expect(first.signed.value).to.include({ reportCount: 2n, creditWei: 5n, height: 3n });
  });

  it("are refused with another order, link or content", () => {
    for (const [before, next] of [
      [second, first],
      [first, block(a, 3n, first.hash)],
      [first, block(b, 9n, first.hash, report(3))],
      [first, block(a, 9n, second.hash, report(3))],
      [undefined, { ...second, reports: [] }],
      [undefined, { ...second, reports: [report(4)] }],
      [undefined, changed(second, { reportCount: 2n })],
      [undefined, changed(second, { creditWei: wei(6) })],
      [undefined, changed(second, { reportsRoot: ZERO_HASH })],
    ] as const) {
      expect(() => requireLinked(before, next)).to.throw(BlockNotLinked);
    }
  });

  it("merge to one line by height, router and judgement, credited reports only", () => {
    const other = block(b, 3n, ZERO_HASH, report(5), report(4));
    const blocks = [second, other, first];
    const line = mergeBlocks(blocks).map(({ providerId: id, height }) => [id, height]);
    expect(line).to.deep.equal([
      [1n, 3n],
      [5n, 3n],
      [4n, 3n],
      [3n, 9n],
    ]);
    expect(mergeBlocks([...blocks].reverse()).map(({ providerId: id, height }) => [id, height])).to.deep.equal(line);
    expect(() => mergeBlocks([first, first])).to.throw(BlockNotLinked);
    expect(() => mergeBlocks([first, block(b, 4n, ZERO_HASH, report(1))])).to.throw(ReportDuplicated);
  });
});
