import { DAY } from "./units.js";

/** Parameters of a schedule that falls by the same amount every interval. Wei and seconds. */
export interface EmissionParameters {
  readonly initialWei: bigint;
  readonly decreaseWei: bigint;
  readonly startAt: bigint;
  readonly intervalSeconds: bigint;
}

/** The emission of the compute bucket (design 3), interval by interval. */
export class Emission {
  readonly #sums: bigint[] = [0n];

  constructor(readonly parameters: EmissionParameters) {}

  /** Everything due by `t`, in wei, rounded down. */
  cumulative(t: bigint): bigint {
    const { startAt, intervalSeconds } = this.parameters;
    if (t <= startAt) return 0n;
    const whole = (t - startAt) / intervalSeconds;
    const rest = (t - startAt) % intervalSeconds;
    return this.#sumOf(whole) + (this.#rateOf(whole) * rest) / intervalSeconds;
  }

  /** What is due within block-day `day`, in wei. */
  scheduled(day: bigint): bigint {
    const from = this.parameters.startAt + day * DAY;
    return this.cumulative(from + DAY) - this.cumulative(from);
  }

  /** The block-day of `t`. */
  dayOf(t: bigint): bigint {
    return (t - this.parameters.startAt) / DAY;
  }

  #rateOf(interval: bigint): bigint {
    const { initialWei, decreaseWei } = this.parameters;
    const rate = initialWei - decreaseWei * interval;
    return rate > 0n ? rate : 0n;
  }

  /** Sum of the first `count` intervals: added up one by one, as far as anything is emitted. */
  #sumOf(count: bigint): bigint {
    const { initialWei, decreaseWei } = this.parameters;
    if (decreaseWei === 0n) return initialWei * count;
    while (BigInt(this.#sums.length) <= count) {
      const rate = this.#rateOf(BigInt(this.#sums.length - 1));
      if (rate === 0n) break;
      this.#sums.push(this.#sums[this.#sums.length - 1]! + rate);
    }
    const last = this.#sums.length - 1;
    return this.#sums[count < BigInt(last) ? Number(count) : last]!;
  }
}
