import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect } from "chai";
import { formatMor, wei } from "@yellowstone-compute/sdk";
import { runScript } from "../utils/script.js";

const start = (...args: string[]) => runScript("scripts/replay/main.ts", args);

/** What is read of the page. */
interface Seen {
  readonly state: {
    readonly head: { readonly lastSeq: string };
    readonly pool: { unusedWei: string; owedWei: string };
  };
  readonly trouble?: unknown;
}

const TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens";
const LATENCY =
  "provider,model,seq,error_code,ttft_s,end_to_end_latency_s,inter_token_latency_s,number_input_tokens,number_output_tokens";
const PRICES = "provider,model,source_key,usd_per_1m_input,usd_per_1m_output";
const row = (second: number, context: string | number, generated: string | number) =>
  `2023-11-16 18:15:${String(second).padStart(2, "0")}.0000000,${context},${generated}`;
const csv = (...lines: string[]) => `${lines.join("\n")}\n`;

describe("scenario: npm start at the command line", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "start-"));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  /** Put a text into a file of its own. */
  function fileOf(name: string, text: string): string {
    const file = join(scratch, name);
    writeFileSync(file, text);
    return file;
  }

  /** Run with bad input: exit 2, the place and a next step printed, no stack, no JSON file. */
  async function refuses(args: string[], ...said: string[]): Promise<void> {
    const json = join(scratch, "never.json");
    const { code, text } = await start("--json", json, ...args);
    expect(code, text).to.equal(2);
    for (const part of said) expect(text).to.include(part);
    expect(text).to.not.match(/^\s+at /m);
    expect(readdirSync(scratch).filter((name) => name.startsWith("never"))).to.deep.equal([]);
  }

  it("--help says what there is", async () => {
    const { code, text } = await start("--help");
    expect(code).to.equal(0);
    for (const option of ["--trace", "--latency", "--prices", "--requests", "--seed", "--rpc", "--json", "--serve"]) {
      expect(text).to.include(option);
    }
  });

  const badTraces: [what: string, text: string, said: string][] = [
    ["a wrong header", csv("TIMESTAMP,Context,Generated", row(1, 1, 1)), "line 1: header is"],
    ["a row cut short", `${csv(TRACE, row(1, 5, 5))}2023-11-16 18:15:02.000`, "line 3"],
    ["no row at all", csv(TRACE), "ends early"],
    ["negative tokens", csv(TRACE, row(1, 5, 5), row(2, 5, -5)), "line 3, field GeneratedTokens"],
    ["fractional tokens", csv(TRACE, row(1, "5.5", 5)), "line 2, field ContextTokens"],
    ["timestamps out of order", csv(TRACE, row(2, 5, 5), row(1, 5, 5)), "line 3, field TIMESTAMP"],
  ];
  for (const [what, text, said] of badTraces) {
    it(`refuses ${what}`, async () => {
      const file = fileOf("trace.csv", text);
      await refuses(["--trace", file], `${file}, `, said);
    });
  }

  it("refuses a model that it does not know", async () => {
    const latency = fileOf("latency.csv", csv(LATENCY, "north,llama-2-7b-chat,0,,0.5,1.5,0.01,550,150"));
    const prices = fileOf("prices.csv", csv(PRICES, "north,llama-9-7b-chat,key,0.15,0.15"));
    await refuses(["--latency", latency, "--prices", prices], `${prices}, line 2, field model`, "unknown model");
  });

  it("refuses files that are not there, or not together", async () => {
    const missing = join(scratch, "missing.csv");
    await refuses(["--trace", missing], `${missing}: cannot be read`);
    await refuses(["--latency", missing], "prices");
  });

  it("refuses options that mean nothing", async () => {
    await refuses(["--speed", "9"], "--speed");
    await refuses(["--requests", "10", "--trace", "x.csv"], "either --requests or --trace");
    await refuses(["--requests", "0"], "requests", "at least 1");
    await refuses(["--seed", "1.5"], "seed");
    await refuses(["--serve", "65536"], "serve", "at most 65535");
    await refuses(["--serve", "here"], "serve", "a whole number");
    await refuses(["--json", join(scratch, "no", "such", "folder.json")], "json", "a folder that exists");
  });

  it("writes the figures once all is done", async () => {
    const json = join(scratch, "figures.json");
    const { code, text } = await start("--requests", "40", "--json", json);
    expect(code, text).to.equal(0);
    expect(text).to.include("synthetic from seed 1").and.include("reconciled to the uMOR and the wei");
    const figures = JSON.parse(readFileSync(json, "utf8")) as Record<string, unknown>;
    expect(figures).to.include({ requests: 40, reconciled: true });
    expect(readdirSync(scratch).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    expect(existsSync(json)).to.equal(true);
  });

  it("refuses to serve its page where another program listens, before any work", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const { port } = other.address() as AddressInfo;
      await refuses(
        ["--requests", "40", "--serve", String(port)],
        `port ${port} of 127.0.0.1 is in use`,
        "another port",
      );
    } finally {
      other.close();
    }
  });

  it("serves its page while it replays, and the end until Ctrl-C", async () => {
    const seqs: bigint[] = [];
    let ended: Promise<string> | undefined;
    const listener = (text: string, interrupt: () => void): void => {
      const url = /^status page: (http:\S+)$/m.exec(text)?.[1];
      if (url === undefined || ended !== undefined) return;
      const isOver = text.includes("shows the end");
      const looked = fetch(`${url}/status.json`).then((answer) => answer.json() as Promise<Partial<Seen>>);
      void looked.then(({ state }) => void (state !== undefined && seqs.push(BigInt(state.head.lastSeq))));
      if (isOver) ended = looked.then((seen) => JSON.stringify(seen)).finally(interrupt);
    };
    const args = ["--requests", "40", "--serve", "0"];
    const { code, text } = await runScript("scripts/replay/main.ts", args, {}, listener);
    expect(code, text).to.equal(0);
    const seen = JSON.parse((await ended) ?? "") as Seen;
    const { unusedWei, owedWei } = seen.state.pool;
    expect(text).to.include(`unused ${formatMor(wei(BigInt(unusedWei)))} + owed ${formatMor(wei(BigInt(owedWei)))}`);
    expect(seen.trouble).to.equal(undefined);
    expect(seqs.length, "it was there before the end").to.be.greaterThan(1);
    expect(seqs[0]! < seqs[seqs.length - 1]!, "and moved").to.equal(true);
  });
});
