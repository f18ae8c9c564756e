const MASK = (1n << 64n) - 1n;

/** A stream of random numbers that a seed fixes (splitmix64). */
export class Random {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = seed & MASK;
  }

  /** 64 random bits. */
  bits(): bigint {
    this.#state = (this.#state + 0x9e3779b97f4a7c15n) & MASK;
    let z = this.#state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  }

  /** A number from `least` to `most`, both included. */
  big(least: bigint, most: bigint): bigint {
    const range = most - least + 1n;
    return least + ((range > MASK ? (this.bits() << 64n) | this.bits() : this.bits()) % range);
  }

  /** A small number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Number(this.bits() % BigInt(most - least + 1));
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.int(0, 99) < percent;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** One of weighted names. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const names = Object.keys(weights) as K[];
    let rest = this.int(0, names.reduce((sum, name) => sum + weights[name], 0) - 1);
    for (const name of names) {
      rest -= weights[name];
      if (rest < 0) return name;
    }
    return names[names.length - 1]!;
  }

  /** An amount of up to `most`, small ones as likely as great ones. */
  magnitude(most: bigint): bigint {
    if (most <= 1n) return most;
    const size = this.int(1, most.toString(2).length);
    const value = this.big(1n, 1n << BigInt(size));
    return value < most ? value : most;
  }

  /** A random 32-byte word. */
  word(): bigint {
    return (this.bits() << 192n) | (this.bits() << 128n) | (this.bits() << 64n) | this.bits();
  }
}
