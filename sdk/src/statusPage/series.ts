import type { PoolPoint } from "./snapshot.js";

/** Points kept without a word about it: enough for a curve, little enough to send often. */
export const MAX_POINTS = 240;

/**
 * A curve of bounded length. When it is full, the point goes whose neighbours are closest together; of two such the older one:
 * the whole time stays covered, the last of it more closely.
 */
export class PoolSeries {
  #points: PoolPoint[] = [];

  constructor(readonly maxPoints = MAX_POINTS) {}

  /** Oldest first. */
  get points(): readonly PoolPoint[] {
    return this.#points;
  }

  /** Append a point; one of the same block, or of the same moment, takes the place of the last. */
  add(point: PoolPoint): void {
    const last = this.#points[this.#points.length - 1];
    if (last !== undefined && (last.blockNumber === point.blockNumber || last.at >= point.at)) this.#points.pop();
    this.#points.push(point);
    if (this.#points.length > this.maxPoints) this.#points.splice(this.#leastMissed(), 1);
  }

  /** Take back the points of blocks above `blockNumber`. */
  dropAbove(blockNumber: number): void {
    this.#points = this.#points.filter((point) => point.blockNumber <= blockNumber);
  }

  #leastMissed(): number {
    const seconds = this.#points.map(({ at }) => Number(at));
    const end = seconds[seconds.length - 1]!;
    const tenth = (end - seconds[0]!) / 10;
    let [found, least] = [1, Number.POSITIVE_INFINITY];
    for (let i = 1; i < seconds.length - 1; i++) {
      const missed = (seconds[i + 1]! - seconds[i - 1]!) / (end - seconds[i]! + tenth + 1);
      if (missed < least) [found, least] = [i, missed];
    }
    return found;
  }
}
