import { expect } from "chai";
import { crashOnce, referenceOf } from "./crash.js";

const CRASHES = 20;
const AT_ONCE = 2;

describe("journal, killed", () => {
  it(`continues as if nothing had been after each of ${CRASHES} SIGKILLs`, async () => {
    const seed = 7;
    const reference = await referenceOf(seed);
    const draws = Array.from({ length: CRASHES }, (_, i) => i);
    const points: string[] = [];
    const work = async (): Promise<void> => {
      for (let draw = draws.pop(); draw !== undefined; draw = draws.pop()) {
        points.push(await crashOnce(seed, draw, reference));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(points).to.have.length(CRASHES);
    expect(new Set(points).size, points.join(", ")).to.be.above(CRASHES / 2);
  });
});
