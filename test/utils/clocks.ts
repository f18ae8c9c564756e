/** The clocks of this process, which a test lets run ahead of the real ones. */
export class Clocks {
  readonly #wall = Date.now.bind(Date);
  readonly #steady = performance.now.bind(performance);
  #aheadMs = 0;

  /** Let `Date.now` and `performance.now` show so many milliseconds more. Timers run as they ran. */
  ahead(ms: number): void {
    this.#aheadMs += ms;
    Date.now = () => this.#wall() + this.#aheadMs;
    performance.now = () => this.#steady() + this.#aheadMs;
  }

  /** Show the real time again. */
  reset(): void {
    this.#aheadMs = 0;
    Date.now = this.#wall;
    performance.now = this.#steady;
  }
}
