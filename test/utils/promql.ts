/** A time series at one moment. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What was scraped at a moment, in Unix seconds. */
export interface Scrape {
  readonly at: number;
  readonly samples: readonly Sample[];
}

type Value = number | readonly Sample[];
type Matcher = (labels: Readonly<Record<string, string>>) => boolean;

interface Selector {
  readonly name: string;
  readonly matches: Matcher;
}

/** Read the text that Prometheus scrapes. */
export function parseMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null) return [];
    const labels = Object.fromEntries(
      [...(found[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name ?? "", value ?? ""]),
    );
    return [{ name: found[1] ?? "", labels, value: Number(found[3]) }];
  });
}

/**
 * Evaluate an expression of PromQL on scrapes, at the last of them. Knows what our rules use: selectors with matchers, numbers,
 * arithmetic, comparisons, `and`, `or`, `unless`, and over a range `delta`, `increase`, `rate` and `changes`, without Prometheus'
 * extrapolation to the ends of the range. Anything else is refused.
 */
export function evaluate(expression: string, scrapes: readonly Scrape[]): Value {
  const parser = new Parser(tokensOf(expression), scrapes);
  return parser.whole();
}

/** Names of the metrics of an expression. */
export function metricsOf(expression: string): string[] {
  const words = tokensOf(expression.replace(/\{[^}]*\}/g, "")).filter((token) => /^[a-zA-Z_]/.test(token));
  return words.filter((word) => !RESERVED.has(word));
}

const FUNCTIONS = ["delta", "increase", "rate", "changes"];
const RESERVED = new Set([...FUNCTIONS, "and", "or", "unless"]);
const TOKEN = /\s*([a-zA-Z_]\w*|\{[^}]*\}|\[\d+[smhd]\]|\d+(?:\.\d+)?(?:e[+-]?\d+)?|==|!=|>=|<=|[-+*/()<>])/y;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const text = expression.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`not understood at ${at}: ${text.slice(at, at + 20)}`);
    tokens.push(found[1] ?? "");
  }
  return tokens;
}

const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and", "unless"],
  ["==", "!=", ">", "<", ">=", "<="],
  ["+", "-"],
  ["*", "/"],
];

class Parser {
  #next = 0;

  constructor(
    readonly tokens: readonly string[],
    readonly scrapes: readonly Scrape[],
  ) {}

  whole(): Value {
    const value = this.#level(0);
    if (this.#next !== this.tokens.length) throw new Error(`not understood: ${this.tokens[this.#next]}`);
    return value;
  }

  #level(level: number): Value {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#term();
    let left = this.#level(level + 1);
    while (operators.includes(this.tokens[this.#next] ?? "")) {
      const operator = this.#take();
      left = combine(operator, left, this.#level(level + 1));
    }
    return left;
  }

  #term(): Value {
    const token = this.#take();
    if (token === "(") {
      const value = this.#level(0);
      this.#expect(")");
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (FUNCTIONS.includes(token)) {
      this.#expect("(");
      const selector = this.#selector(this.#take());
      const range = /^\[(\d+)([smhd])\]$/.exec(this.#take());
      if (range === null) throw new Error(`${token} needs a range`);
      this.#expect(")");
      return this.#overRange(token, selector, Number(range[1]) * (SECONDS[range[2] ?? ""] ?? 0));
    }
    const { name, matches } = this.#selector(token);
    const last = this.scrapes.at(-1)?.samples ?? [];
    return last.filter((sample) => sample.name === name && matches(sample.labels));
  }

  #selector(name: string): Selector {
    if (!/^[a-zA-Z_]\w*$/.test(name) || RESERVED.has(name)) throw new Error(`no metric: ${name}`);
    const braces = this.tokens[this.#next] ?? "";
    if (!braces.startsWith("{")) return { name, matches: () => true };
    this.#next++;
    const matchers = braces
      .slice(1, -1)
      .split(",")
      .map((part): Matcher => {
        const found = /^\s*(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"\s*$/.exec(part);
        if (found === null) throw new Error(`no matcher: ${part}`);
        const [, label = "", operator = "", wanted = ""] = found;
        const test = operator.includes("~")
          ? (value: string) => new RegExp(`^(?:${wanted})$`).test(value)
          : (value: string) => value === wanted;
        return (labels) => test(labels[label] ?? "") !== operator.startsWith("!");
      });
    return { name, matches: (labels) => matchers.every((matcher) => matcher(labels)) };
  }

  #overRange(method: string, { name, matches }: Selector, seconds: number): Sample[] {
    const end = this.scrapes.at(-1)?.at ?? 0;
    const series = new Map<string, Sample[]>();
    for (const { at, samples } of this.scrapes) {
      if (at <= end - seconds) continue;
      for (const sample of samples) {
        if (sample.name !== name || !matches(sample.labels)) continue;
        series.set(keyOf(sample), [...(series.get(keyOf(sample)) ?? []), sample]);
      }
    }
    return [...series.values()].flatMap((points) => {
      const [first] = points;
      const last = points.at(-1);
      if (first === undefined || last === undefined || points.length < 2) return [];
      const steps = points.slice(1).map(({ value }, i) => value - (points[i]?.value ?? 0));
      const grown = steps.reduce((sum, step, i) => sum + (step >= 0 ? step : (points[i + 1]?.value ?? 0)), 0);
      const values: Readonly<Record<string, number>> = {
        delta: last.value - first.value,
        increase: grown,
        rate: grown / seconds,
        changes: steps.filter((step) => step !== 0).length,
      };
      return [{ ...last, value: values[method] ?? Number.NaN }];
    });
  }

  #take(): string {
    const token = this.tokens[this.#next++];
    if (token === undefined) throw new Error("ends too early");
    return token;
  }

  #expect(token: string): void {
    const found = this.#take();
    if (found !== token) throw new Error(`expected ${token}, got ${found}`);
  }
}

function combine(operator: string, left: Value, right: Value): Value {
  if (["and", "or", "unless"].includes(operator)) {
    if (typeof left === "number" || typeof right === "number") throw new Error(`${operator} joins no numbers`);
    const [inLeft, inRight] = [new Set(left.map(keyOf)), new Set(right.map(keyOf))];
    if (operator === "and") return left.filter((sample) => inRight.has(keyOf(sample)));
    if (operator === "unless") return left.filter((sample) => !inRight.has(keyOf(sample)));
    return [...left, ...right.filter((sample) => !inLeft.has(keyOf(sample)))];
  }
  const pairs = pairsOf(left, right);
  const isFilter = /[<>=]/.test(operator);
  if (typeof pairs === "number") throw new Error("two numbers make no alert");
  return pairs.flatMap(({ sample, a, b }) => {
    const result = calculate(operator, a, b);
    if (isFilter) return result === 1 ? [sample] : [];
    return [{ ...sample, value: result }];
  });
}

function pairsOf(left: Value, right: Value): number | { sample: Sample; a: number; b: number }[] {
  if (typeof left === "number") {
    return typeof right === "number" ? left : right.map((sample) => ({ sample, a: left, b: sample.value }));
  }
  if (typeof right === "number") return left.map((sample) => ({ sample, a: sample.value, b: right }));
  const others = new Map(right.map((sample) => [keyOf(sample), sample.value]));
  return left.flatMap((sample) => {
    const b = others.get(keyOf(sample));
    return b === undefined ? [] : [{ sample, a: sample.value, b }];
  });
}

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case ">":
      return Number(a > b);
    case "<":
      return Number(a < b);
    case ">=":
      return Number(a >= b);
    default:
      return Number(a <= b);
  }
}

/** Labels without the metric's name: what Prometheus joins by. */
function keyOf({ labels }: Sample): string {
  return JSON.stringify(Object.entries(labels).sort());
}
