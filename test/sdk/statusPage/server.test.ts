import { connect as connectSocket } from "node:net";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import {
  serializeStatus,
  serveDeployment,
  serveStatus,
  type ServeOptions,
  type StatusServer,
  type StatusSnapshot,
} from "@yellowstone-compute/sdk/status-page";
import { failureOf, networkHelpers } from "../actions/fixture.js";
import { HandSource, busyPage, busySnapshot, crowded } from "./world.js";

interface Message {
  readonly at: number;
  readonly parts: Record<string, string>;
  readonly said?: string;
  readonly points?: unknown[];
}

/** Messages of a stream, until it has `count` of them or ends. */
async function* messagesOf(response: Response): AsyncGenerator<Message, undefined> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data) as Message;
    }
  }
  return undefined;
}

describe("status server", () => {
  let snapshot: StatusSnapshot;
  const servers: StatusServer[] = [];
  const serve = async (source: HandSource, options: ServeOptions = {}): Promise<StatusServer> => {
    const server = await serveStatus(source, { port: 0, everyMs: 0, ...options });
    servers.push(server);
    return server;
  };
  const textOf = async (url: string): Promise<string> => (await fetch(url)).text();
  before(async () => {
    snapshot = await networkHelpers.loadFixture(busySnapshot);
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it("serves the figures of the moment without a script, on this machine alone", async () => {
    const { url } = await serve(new HandSource(snapshot));
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(url);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
    const page = await response.text();
    for (const figure of ["1,488.4600", "1,488.0600", "6.0000", "11.9000", "pending", "vetoed", "Season 0 runs"])
      expect(page).to.include(figure);
    expect(page).to.match(/ends in <b><span class="ticking" data-until="\d+">\d+ min \d\d s<\/span><\/b>/);
    expect(page.match(/<tr>/g)?.length).to.be.greaterThan(15);
  });

  it("lets nothing in that is not of its own, and asks for nothing elsewhere", async () => {
    const { url } = await serve(new HandSource(snapshot));
    const response = await fetch(url);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).to.include.members([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(policy).to.not.match(/unsafe|\*|http/);
    expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
    expect(response.headers.get("referrer-policy")).to.equal("no-referrer");
    const page = await response.text();
    expect(page).to.not.match(/ style=| on[a-z]+="/);
    const named = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target = ""]) => target);
    expect(named).to.include.members(["/style.css", "/browser/app.js", "/icon.svg"]);
    for (const target of named) expect(target).to.match(/^[/#]/);
    for (const file of ["/style.css", "/browser/app.js", "/browser/duration.js", "/icon.svg"]) {
      const answer = await fetch(url + file);
      expect([answer.status, answer.headers.get("content-security-policy")], file).to.deep.equal([200, policy]);
      expect(await answer.text()).to.not.match(/@import|url\(|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    }
  });

  it("escapes what providers say of themselves, in the page, in the stream and in JSON", async () => {
    const { url } = await serve(new HandSource(snapshot));
    const page = await textOf(url);
    expect(page).to.include("&quot;&gt;&lt;script&gt;document.title=&quot;taken");
    expect(page.match(/<script/g)).to.have.length(1);
    expect(page).to.not.include("<img").and.not.include("\u202e");
    const abort = new AbortController();
    const stream = await fetch(`${url}/events`, { signal: abort.signal });
    for await (const { parts } of messagesOf(stream)) {
      expect(Object.keys(parts)).to.include.members(["block", "tiles", "plots", "provider-rows", "happened"]);
      expect(Object.values(parts).join(""))
        .to.include("&lt;script&gt;")
        .and.not.match(/<script|<img/);
      break;
    }
    abort.abort();
    const answer = await fetch(`${url}/status.json`);
    expect(answer.headers.get("content-type")).to.equal("application/json; charset=utf-8");
    expect(await answer.json()).to.deep.equal(serializeStatus(snapshot));
  });

  it("gives exact figures as JSON", () => {
    const json = serializeStatus(snapshot) as unknown as {
      state: { pool: { unusedWei: string } };
      providers: { rows: { id: string; creditedUMor: string }[]; totals: { paidUMor: string } };
    };
    expect(json.state.pool.unusedWei).to.equal(snapshot.state.pool.unusedWei.toString());
    expect(json.providers.rows[0]).to.include({ id: "0", creditedUMor: "5000000" });
    expect(json.providers.totals.paidUMor).to.equal("5500000");
  });

  it("pages through ten thousand providers, a hundred at a time", async () => {
    const { url } = await serve(new HandSource(crowded(snapshot, 10_000)));
    const startedAt = performance.now();
    const page = await textOf(`${url}/?page=100`);
    console.log(
      `      10,000 providers: a page of ${page.length} characters in ${(performance.now() - startedAt).toFixed(1)} ms`,
    );
    expect(page.match(/https:\/\/provider-\d+\.example/g)).to.have.length(100);
    expect(page).to.include("provider-9999.example").and.include("10,000 providers").and.include("Page 100 of 100");
    expect(page).to.include(`href="/?page=99#providers"`).and.not.include("page=101");
    expect(page.length).to.be.below(200_000);
    expect(await textOf(`${url}/?page=9999`), "behind the last").to.include("Page 100 of 100");
    const { providers } = (await (await fetch(`${url}/status.json?page=2`)).json()) as {
      providers: { page: number; pages: number; rows: { id: string }[] };
    };
    expect([providers.page, providers.pages, providers.rows[0]?.id, providers.rows.length]).to.deep.equal([
      2,
      100,
      "100",
      100,
    ]);
    const unknown = await fetch(`${url}/status.json?page=101`);
    expect([unknown.status, ((await unknown.json()) as { code: string }).code]).to.deep.equal([404, "ResourceUnknown"]);
  });

  it("refuses what it does not serve, in typed words", async () => {
    const { url } = await serve(new HandSource(snapshot), { requestsPerMinute: 12 });
    const cases: [string, RequestInit, number, string][] = [
      ["/?page=0", {}, 400, "RequestInvalid"],
      ["/?page=-1", {}, 400, "RequestInvalid"],
      ["/?page=1e3", {}, 400, "RequestInvalid"],
      ["/?page=1&page=2", {}, 400, "RequestInvalid"],
      ["/status.json?page=%3Cscript%3E", {}, 400, "RequestInvalid"],
      ["/../package.json", {}, 404, "ResourceUnknown"],
      ["/browser/..%2Fserver.js", {}, 404, "ResourceUnknown"],
      ["/", { method: "POST", body: "{}" }, 404, "ResourceUnknown"],
    ];
    for (const [path, init, status, code] of cases) {
      const answer = await fetch(url + path, init);
      expect([answer.status, ((await answer.json()) as { code: string }).code], path).to.deep.equal([status, code]);
    }
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await fetch(url)).status);
    expect(statuses).to.deep.equal([200, 200, 200, 200, 429, 429]);
  });

  it("says that it waits while there are no figures, then has them", async () => {
    const source = new HandSource();
    const { url } = await serve(source);
    const waiting = await fetch(url);
    expect([waiting.status, waiting.headers.get("retry-after")]).to.deep.equal([503, "5"]);
    expect(await waiting.text()).to.include("The events of the chain are being read");
    expect((await fetch(`${url}/status.json`)).status).to.equal(503);
    const stream = messagesOf(await fetch(`${url}/events`));
    const first = stream.next();
    source.tell(snapshot);
    expect((await first).value?.parts["tiles"]).to.include("1,488.4600");
    expect((await fetch(url)).status).to.equal(200);
    source.tell({
      ...snapshot,
      trouble: { code: "LogsPruned", reason: "gone <b>", next: "Ask another.", retry: "no" },
    });
    expect(await textOf(url)).to.include("cannot be read any further: gone &lt;b&gt;. Ask another.");
  });

  it("sends a reader all of its page once, then what changed", async () => {
    const source = new HandSource(crowded(snapshot, 250));
    const server = await serve(source);
    const stream = messagesOf(await fetch(`${server.url}/events?page=3`));
    const { value: all } = await stream.next();
    expect(all?.parts["provider-rows"]?.match(/<tr>/g)).to.have.length(50);
    expect(all).to.not.have.property("said");
    expect(all?.points).to.have.length(snapshot.points.length);
    const item = { blockNumber: 99, text: "Provider 1 was paid." };
    source.tell({ ...crowded(snapshot, 250), news: [item, ...snapshot.news] });
    const { value: changed } = await stream.next();
    expect(changed?.said).to.equal("Provider 1 was paid.");
    expect(changed?.parts["happened"]).to.include("Provider 1 was paid.");
    expect(changed?.parts).to.not.have.any.keys("provider-rows", "plots", "season-tables");
    expect(server.readers).to.equal(1);
  });

  it("says nothing of a chain on which nothing has happened", async () => {
    const { url } = await serve(new HandSource({ ...snapshot, news: [] }));
    const { value } = await messagesOf(await fetch(`${url}/events`)).next();
    expect(value?.parts["happened"]).to.include("Nothing has happened yet.");
    expect(value).to.not.have.property("said");
  });

  it("takes so many readers, forgets those that leave, and gives up one that does not read", async () => {
    const source = new HandSource(crowded(snapshot, 100));
    const server = await serve(source, { maxReaders: 2, heartbeatMs: 50 });
    const [first, second] = [new AbortController(), new AbortController()];
    for (const { signal } of [first, second]) await fetch(`${server.url}/events`, { signal });
    const third = await fetch(`${server.url}/events`);
    expect([third.status, third.headers.get("retry-after")]).to.deep.equal([429, "30"]);
    first.abort();
    second.abort();
    await until(() => server.readers === 0);
    // It asks and never reads.
    const silent = connectSocket(Number(new URL(server.url).port), "127.0.0.1");
    silent.pause();
    silent.write("GET /events HTTP/1.1\r\nhost: x\r\n\r\n");
    await until(() => server.readers === 1);
    for (let i = 0; i < 5_000 && server.readers > 0; i++) {
      const rows = crowded(snapshot, 100).providers.map((row) => ({ ...row, uri: `${i}`.repeat(60) }));
      source.tell({ ...snapshot, providers: rows });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => server.readers === 0);
    silent.destroy();
  });

  it("stops in order: streams end, the port is free, nothing listens any more", async () => {
    const source = new HandSource(snapshot);
    const server = await serveStatus(source, { port: 0 });
    const stream = messagesOf(await fetch(`${server.url}/events`));
    await stream.next();
    await server.close();
    expect((await stream.next()).done).to.equal(true);
    expect(source.listeners).to.equal(0);
    expect(await failureOf(fetch(server.url))).to.be.instanceOf(TypeError);
    await (await serveStatus(source, { port: Number(new URL(server.url).port) })).close();
  });

  it("says which port is taken, and where it cannot listen", async () => {
    const source = new HandSource(snapshot);
    const { url } = await serve(source);
    const port = Number(new URL(url).port);
    const taken = await failureOf(serveStatus(source, { port }));
    expect(taken).to.be.instanceOf(sdk.PortInUse).and.to.have.deep.property("data", { host: "127.0.0.1", port });
    const foreign = await failureOf(serveStatus(source, { host: "203.0.113.1", port: 0 }));
    expect(foreign).to.be.instanceOf(sdk.ListenFailed).and.to.have.nested.property("data.reason", "EADDRNOTAVAIL");
    expect(source.listeners, "only the one that listens").to.equal(1);
  });

  it("serves a deployment with one call, live, until its signal", async () => {
    const { d, attest } = await networkHelpers.loadFixture(busyPage);
    const end = new AbortController();
    const page = await serveDeployment(d, { port: 0, pollMs: 10, everyMs: 0, signal: end.signal });
    const stream = messagesOf(await fetch(`${page.url}/events`));
    await stream.next();
    await attest([[5, 250_000n]]);
    const heard: string[] = [];
    for await (const { said } of stream) {
      if (said !== undefined) heard.push(said);
      if (heard.length > 0) break;
    }
    expect(heard).to.deep.equal(["Attestation 5 was accepted: 0.2500 MOR credited."]);
    end.abort();
    await page.stopped;
    await page.stop();
    expect(await failureOf(fetch(page.url))).to.be.instanceOf(TypeError);
    const late = await serveDeployment(d, { port: 0, signal: AbortSignal.abort() });
    await late.stopped;
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).to.equal(true);
}
