// Rewrites an SMT-LIB query: a product with a constant that is a few powers of two apart becomes shifts, sums and differences. The
// decoders multiply by 2^a - 2^b, which a solver would spell out as one addition for each of a - b bits and then not see through.

/** A product of more powers than this is left to the solver, which is as good at it. */
const MOST_POWERS = 16;

/**
 * The query with the same meaning and no product by a constant of few powers of two; its symbols are as they were.
 * @param {string} query SMT-LIB text
 * @returns {string} one command a line
 */
export function withoutProducts(query) {
  let names = 0;
  const fresh = () => `?product${names++}`;
  return parse(query)
    .map((command) => `${print(rewrite(command, fresh))}\n`)
    .join("");
}

/**
 * Powers of two that add up to `value`, lowest first, none beside another one: the fewest there can be.
 * @param {bigint} value at least 0
 * @returns {{power: number, sign: 1 | -1}[]}
 */
export function powersOf(value) {
  const powers = [];
  for (let power = 0; value > 0n; ++power, value >>= 1n) {
    if ((value & 1n) === 0n) continue;
    const sign = (value & 3n) === 1n ? 1 : -1;
    powers.push({ power, sign });
    value -= BigInt(sign);
  }
  return powers;
}

/**
 * A sum is added up from its last summand to its first, which is how the code adds it: halmos hands over the newest first. So each
 * step moves a field to a place that is free, and carries nothing.
 */
function rewrite(term, fresh) {
  if (!Array.isArray(term)) return term;
  const below = term[0] === "bvadd" ? rewriteSummand : rewrite;
  const parts = term.map((part) => below(part, fresh));
  if (parts[0] !== "bvadd" && parts[0] !== "bvmul") return parts;
  const summands = parts[0] === "bvadd" ? parts.slice(1).reverse() : [parts];
  const products = summands.map((summand) => productOf(summand));
  if (!products.some(Boolean)) return parts;
  const bindings = [];
  const steps = products.flatMap((product, i) => {
    if (product === undefined) return [{ sign: 1, term: summands[i] }];
    const name = fresh();
    bindings.push([name, product.factor]);
    return product.powers.map(({ power, sign }) => ({ sign, term: shift(name, power, product.width) }));
  });
  const sum = steps.reduce((before, { sign, term: step }) => {
    if (before === undefined) return sign === 1 ? step : ["bvneg", step];
    return [sign === 1 ? "bvadd" : "bvsub", before, step];
  }, undefined);
  return ["let", bindings, sum];
}

/** A product in a sum stays, for the sum to take it apart. */
function rewriteSummand(term, fresh) {
  const product = productOf(term);
  if (product === undefined) return rewrite(term, fresh);
  return term.map((part) => (constantOf(part) ? part : rewrite(part, fresh)));
}

/** Factor and powers of a product by a constant, unless there are too many. */
function productOf(term) {
  if (!Array.isArray(term) || term[0] !== "bvmul" || term.length !== 3) return undefined;
  const [, a, b] = term;
  const constant = constantOf(a) ?? constantOf(b);
  if (constant === undefined) return undefined;
  const powers = powersOf(constant.value).filter(({ power }) => power < constant.width);
  if (powers.length === 0 || powers.length > MOST_POWERS) return undefined;
  return { factor: constantOf(a) ? b : a, powers, width: constant.width };
}

function shift(name, power, width) {
  if (power === 0) return name;
  return ["concat", [["_", "extract", String(width - 1 - power), "0"], name], ["_", "bv0", String(power)]];
}

function constantOf(term) {
  if (Array.isArray(term)) {
    const [head, value, width] = term;
    return head === "_" && /^bv\d+$/.test(value) ? { value: BigInt(value.slice(2)), width: Number(width) } : undefined;
  }
  if (/^#x[0-9a-fA-F]+$/.test(term)) return { value: BigInt(`0${term.slice(1)}`), width: 4 * (term.length - 2) };
  if (/^#b[01]+$/.test(term)) return { value: BigInt(`0${term.slice(1)}`), width: term.length - 2 };
  return undefined;
}

function parse(text) {
  const root = [];
  const open = [root];
  for (const [token] of text.matchAll(/;[^\n]*|\|[^|]*\||"(?:[^"]|"")*"|[()]|[^\s()|";]+/g)) {
    if (token.startsWith(";")) continue;
    if (token === "(") {
      const list = [];
      open.at(-1).push(list);
      open.push(list);
    } else if (token === ")") {
      open.pop();
      if (open.length === 0) throw new Error("a parenthesis closes nothing");
    } else open.at(-1).push(token);
  }
  if (open.length !== 1) throw new Error(`${open.length - 1} parentheses stay open`);
  return root;
}

function print(term) {
  return Array.isArray(term) ? `(${term.map(print).join(" ")})` : term;
}
