/**
 * A seeded source of integers: the same seed gives the same sequence on every host. For synthetic input, never for keys
 * that hold value.
 */
export interface Random {
  /** A whole number from 0 to `end` - 1; `end` at most 2^32. */
  below(end: number): number;
  /** 32 random bits. */
  bits32(): number;
  /** 256 random bits. */
  bits256(): bigint;
}

/**
 * Create a generator: xoshiro128** (Blackman and Vigna), its four words filled from the seed by splitmix32. Each
 * purpose draws from a `stream` of its own, so that a change in one does not move the others.
 */
export function createRandom(seed: number, stream: number): Random {
  const state = new Uint32Array(4);
  let filler = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
  for (let i = 0; i < 4; i++) state[i] = splitmix32((filler = (filler + 0x9e3779b9) >>> 0));
  const bits32 = (): number => nextXoshiro(state);
  return {
    bits32,
    below: (end) => drawBelow(end, bits32),
    bits256: () => Array.from({ length: 8 }, bits32).reduce((sum, word) => (sum << 32n) | BigInt(word), 0n),
  };
}

function splitmix32(seed: number): number {
  let mixed = seed;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function nextXoshiro(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
  const third = c ^ a;
  const fourth = d ^ b;
  state[1] = b ^ third;
  state[0] = a ^ fourth;
  state[2] = third ^ (b << 9);
  state[3] = rotateLeft(fourth, 11);
  return result;
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

/** Without the bias of a bare remainder: draws of the incomplete last span are thrown away. */
function drawBelow(end: number, bits32: () => number): number {
  const span = 2 ** 32 - (2 ** 32 % end);
  for (;;) {
    const drawn = bits32();
    if (drawn < span) return drawn % end;
  }
}
