import { expect } from "chai";
import fc from "fast-check";
import { createIndexedHeap } from "../../../sdk/src/market/heap.js";

const byNumber = (a: number, b: number): number => a - b;

describe("createIndexedHeap", () => {
  it("gives the values back in order", () => {
    const heap = createIndexedHeap<string, number>(byNumber);
    for (const value of [5, 3, 9, 1, 7, 3.5]) heap.set(`k${value}`, value);
    const order: number[] = [];
    for (let next = heap.pop(); next !== undefined; next = heap.pop()) order.push(next.value);
    expect(order).to.deep.equal([1, 3, 3.5, 5, 7, 9]);
    expect(heap.size).to.equal(0);
    expect(heap.peek()).to.equal(undefined);
  });

  it("behaves as a sorted list under any sequence of set, delete and pop", () => {
    const step = fc.oneof(
      fc.record({ verb: fc.constant("set" as const), key: fc.nat(30), value: fc.nat(1_000) }),
      fc.record({ verb: fc.constant("delete" as const), key: fc.nat(30), value: fc.constant(0) }),
      fc.record({ verb: fc.constant("pop" as const), key: fc.constant(0), value: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const heap = createIndexedHeap<number, readonly [number, number]>((a, b) => a[0] - b[0] || a[1] - b[1]);
        const naive = new Map<number, readonly [number, number]>();
        for (const { verb, key, value } of steps) {
          const first = [...naive.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])[0];
          if (verb === "set") {
            heap.set(key, [value, key]);
            naive.set(key, [value, key]);
          } else if (verb === "delete") {
            expect(heap.delete(key)).to.equal(naive.delete(key));
          } else {
            expect(heap.pop()?.value).to.deep.equal(first);
            if (first !== undefined) naive.delete(first[1]);
          }
          expect(heap.size).to.equal(naive.size);
          for (const [known, kept] of naive) expect(heap.get(known)).to.deep.equal(kept);
        }
      }),
    );
  });
});
