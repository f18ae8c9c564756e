/** A passed report as the gate counts it: integer ns per T, after the cap. */
export interface Sample {
  readonly nsPerT: bigint;
  readonly user: string | undefined;
}

/** The last Z samples with their exact sum, at most `perUserCap` of them from one user. */
export class SampleWindow {
  readonly #size: number;
  readonly #perUserCap: number;
  readonly #samples: Sample[] = [];
  #sumNs = 0n;

  constructor(size: number, perUserCap: number) {
    this.#size = size;
    this.#perUserCap = perUserCap;
  }

  get count(): number {
    return this.#samples.length;
  }

  get sumNs(): bigint {
    return this.#sumNs;
  }

  /** The samples in force, oldest first. */
  get samples(): readonly Sample[] {
    return [...this.#samples];
  }

  /** Add a sample. A user at its cap displaces its own oldest sample, everyone else the oldest of all. */
  push(sample: Sample): void {
    const own = this.#samples.filter(({ user }) => user !== undefined && user === sample.user).length;
    if (own >= this.#perUserCap) this.#drop(this.#samples.findIndex(({ user }) => user === sample.user));
    else if (this.#samples.length >= this.#size) this.#drop(0);
    this.#samples.push(sample);
    this.#sumNs += sample.nsPerT;
  }

  #drop(index: number): void {
    for (const dropped of this.#samples.splice(index, 1)) this.#sumNs -= dropped.nsPerT;
  }
}
