import { expect } from "chai";
import fc from "fast-check";
import { TransferLedger, type TransferCursor } from "@yellowstone-compute/sdk/access";
import { DayForgotten, InvalidField, TransferIndexDiverged } from "@yellowstone-compute/sdk/errors";
import { ZERO_HASH, address, unixSeconds, type Address } from "@yellowstone-compute/sdk/units";

const NOBODY = address(`0x${"0".repeat(40)}`);
const users = [1, 2, 3].map((i) => address(`0x${`${i}`.repeat(40)}`));
const cursorAt = (blockNumber: number): TransferCursor => ({
  blockNumber,
  blockHash: ZERO_HASH,
  timestamp: unixSeconds(blockNumber + 1),
});
const opened = () => new TransferLedger(1n, address(`0x${"99".repeat(20)}`), cursorAt(-1), 3);

describe("TransferLedger", () => {
  it("remembers every kept day as it was, whatever moves later, also over a snapshot", () => {
    const move = fc.record({ from: fc.nat(3), to: fc.nat(2), amount: fc.bigInt(0n, 50n) });
    const block = fc.record({ moves: fc.array(move, { maxLength: 4 }), turns: fc.boolean(), saves: fc.boolean() });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 40 }), (blocks) => {
        let ledger = opened();
        const now = new Map<Address, bigint>(users.map((user) => [user, 0n]));
        let days: { day: bigint; held: Map<Address, bigint>; blockNumber: number }[] = [];
        for (const [i, { moves, turns, saves }] of blocks.entries()) {
          const transfers = moves.flatMap(({ from, to, amount }) => {
            const [sender, receiver] = [users[from] ?? NOBODY, users[to]!];
            if (sender !== NOBODY && now.get(sender)! < amount) return [];
            if (sender !== NOBODY) now.set(sender, now.get(sender)! - amount);
            now.set(receiver, now.get(receiver)! + amount);
            return [{ from: sender, to: receiver, amountWei: amount }];
          });
          ledger.apply(transfers, cursorAt(i));
          if (turns) {
            ledger.beginDay(BigInt(i));
            days = [...days, { day: BigInt(i), held: new Map(now), blockNumber: i }].slice(-3);
          }
          if (saves) {
            ledger = TransferLedger.from(JSON.parse(JSON.stringify(ledger.snapshot())), 3);
            days = days.filter(({ blockNumber }) => blockNumber === i);
          }
          for (const { day, held, blockNumber } of days) {
            for (const user of users) {
              const { amountWei, cursor } = ledger.balanceOf(user, day);
              expect([amountWei, cursor.blockNumber]).to.deep.equal([held.get(user), blockNumber]);
            }
            expect(ledger.supplyOf(day).amountWei).to.equal([...held.values()].reduce((sum, one) => sum + one, 0n));
          }
          expect(() => ledger.balanceOf(users[0]!, BigInt(i) + 1n)).to.throw(DayForgotten);
        }
      }),
    );
  });

  it("is not made again from a snapshot with a field of another kind", () => {
    const ledger = opened();
    ledger.apply([{ from: NOBODY, to: users[0] as Address, amountWei: 5n }], cursorAt(1));
    const good = JSON.parse(JSON.stringify(ledger.snapshot())) as Record<string, unknown>;
    expect(TransferLedger.from(good).snapshot()).to.deep.equal(ledger.snapshot());
    const cursor = good["cursor"] as object;
    for (const [change, path] of [
      [{ version: 2 }, /snapshot\.version/],
      [{ token: 5 }, /snapshot\.token/],
      [{ balances: {} }, /snapshot\.balances/],
      [{ balances: ["x"] }, /snapshot\.balances\[0\]/],
      [{ balances: [["0x12", "5"]] }, /snapshot\.balances\[0\]/],
      [{ cursor: { ...cursor, blockNumber: -2 } }, /cursor\.blockNumber/],
      [{ cursor: { ...cursor, blockHash: 7 } }, /cursor\.blockHash/],
    ] as const) {
      expect(() => TransferLedger.from({ ...good, ...change })).to.throw(InvalidField, path);
    }
  });

  it("takes all transfers of a step or none", () => {
    const ledger = opened();
    const [a, b] = users as [Address, Address];
    ledger.apply([{ from: NOBODY, to: a, amountWei: 5n }], cursorAt(1));
    ledger.beginDay(0n);
    const step = [
      { from: a, to: b, amountWei: 5n },
      { from: b, to: a, amountWei: 6n },
    ];
    expect(() => ledger.apply(step, cursorAt(2))).to.throw(TransferIndexDiverged);
    expect([ledger.cursor.blockNumber, ledger.balanceOf(a, 0n).amountWei]).to.deep.equal([1, 5n]);
  });
});
