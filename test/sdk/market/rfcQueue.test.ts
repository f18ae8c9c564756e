import { expect } from "chai";
import fc from "fast-check";
import { RfcAlreadyQueued } from "../../../sdk/src/errors/market.js";
import { createRfcQueue, type QueuedRfc } from "../../../sdk/src/market/index.js";

const rfc = (rfcHash: string, balanceWei: bigint, deadlineAt = 100n, modelId = "m"): QueuedRfc => ({
  rfcHash,
  modelId,
  balanceWei,
  deadlineAt,
});

describe("createRfcQueue", () => {
  it("serves the user with the most MOR first, ties first come", () => {
    const queue = createRfcQueue();
    for (const one of [rfc("a", 5n), rfc("b", 9n), rfc("c", 9n), rfc("d", 1n), rfc("e", 7n, 100n, "n")])
      queue.push(one);
    expect(queue.sizeOf("m")).to.equal(4);
    expect(["b", "c", "a", "d", undefined]).to.deep.equal([1, 2, 3, 4, 5].map(() => queue.pop("m")?.rfcHash));
    expect(queue.peek("n")?.rfcHash).to.equal("e");
    expect(queue.size).to.equal(1);
  });

  it("puts back what was taken at the place it had", () => {
    const queue = createRfcQueue();
    for (const one of [rfc("a", 5n), rfc("b", 5n), rfc("c", 5n)]) queue.push(one);
    const taken = [queue.take("m")!, queue.take("m")!];
    queue.push(rfc("d", 5n));
    for (const one of taken) queue.putBack(one);
    expect(() => queue.putBack(taken[0]!)).to.throw(RfcAlreadyQueued);
    expect(["a", "b", "c", "d"]).to.deep.equal([1, 2, 3, 4].map(() => queue.pop("m")?.rfcHash));
    expect(queue.take("m")).to.equal(undefined);
  });

  it("lets an RFC wait up to its deadline and no longer", () => {
    const queue = createRfcQueue();
    for (const one of [rfc("late", 1n, 20n), rfc("soon", 9n, 10n), rfc("tie", 3n, 10n)]) queue.push(one);
    expect(queue.expire(10n)).to.deep.equal([]);
    expect(queue.expire(11n).map(({ rfcHash }) => rfcHash)).to.deep.equal(["soon", "tie"]);
    expect(queue.pop("m")?.rfcHash).to.equal("late");
  });

  it("refuses an RFC that waits already and takes out any RFC", () => {
    const queue = createRfcQueue();
    queue.push(rfc("a", 1n));
    expect(() => queue.push(rfc("a", 2n))).to.throw(RfcAlreadyQueued);
    expect(queue.remove("a")?.balanceWei).to.equal(1n);
    expect(queue.remove("a")).to.equal(undefined);
    queue.push(rfc("a", 2n));
    expect(queue.has("a")).to.equal(true);
  });

  it("behaves as a list sorted on every pop", () => {
    const step = fc.record({
      verb: fc.constantFrom("push", "pop", "remove", "expire"),
      figure: fc.nat(12),
      model: fc.constantFrom("m", "n"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const queue = createRfcQueue();
        let naive: QueuedRfc[] = [];
        steps.forEach(({ verb, figure, model }, i) => {
          if (verb === "push") {
            const one = rfc(`r${i}`, BigInt(figure), BigInt(i + figure), model);
            queue.push(one);
            naive.push(one);
          } else if (verb === "expire") {
            const gone = naive.filter(({ deadlineAt }) => deadlineAt < BigInt(i));
            gone.sort((a, b) => Number(a.deadlineAt - b.deadlineAt));
            expect(queue.expire(BigInt(i))).to.deep.equal(gone);
            naive = naive.filter((one) => !gone.includes(one));
          } else {
            const line = naive.filter(({ modelId }) => modelId === model);
            line.sort((a, b) => Number(b.balanceWei - a.balanceWei));
            const expected = verb === "pop" ? line[0] : naive[figure];
            expect(verb === "pop" ? queue.pop(model) : queue.remove(expected?.rfcHash ?? "none")).to.equal(expected);
            naive = naive.filter((one) => one !== expected);
          }
          expect(queue.size).to.equal(naive.length);
        });
      }),
    );
  });
});
