import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { serializeMessage, signMessage, type Rfc, type SignedJson } from "@yellowstone-compute/sdk/messages";
import {
  createLog,
  readConfig,
  requestKeyOf,
  signRequest,
  startRouter,
  type RequestKey,
  type RouterService,
} from "@yellowstone-compute/sdk/service";
import { hexToBytes } from "@yellowstone-compute/sdk/crypto";
import { createDomain } from "@yellowstone-compute/sdk/messages";
import { unixMillis, unixSeconds, type Address } from "@yellowstone-compute/sdk/units";
import {
  Parties,
  ROUTERS,
  deployWorld,
  keyOf,
  secretOf,
  usersOf,
  type World,
} from "../../scenarios/threeRouters/world.js";
import { startAnvil, type LocalNode } from "../../utils/node.js";

const PROMPT = "what the user asks is nobody's business";
const [self = "", other = ""] = ROUTERS;

interface Case {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  /** A body as it is sent, or what is written as JSON. */
  readonly body?: unknown;
  readonly headers?: () => Record<string, string>;
  readonly status: number;
  readonly code: string;
}

describe("service: bad requests", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "bad-requests-"));
  const answers: string[] = [];
  let log = "";
  let node: LocalNode;
  let world: World;
  let service: RouterService;
  let users: string[];
  let rfc: SignedJson<"Rfc">;
  let bid: SignedJson<"Bid">;
  let query: SignedJson<"Query">;
  let report: SignedJson<"InferenceReport">;

  const start = async (name: string, limits: object): Promise<RouterService> => {
    const config = {
      listen: { port: 0 },
      chain: { rpcUrl: node.url, pollMs: 200 },
      deployment: world.addresses,
      key: { env: "ROUTER_KEY" },
      journal: { path: join(folder, `${name}.journal`) },
      archive: { path: join(folder, `${name}.archive`) },
      watchers: [keyOf("watcher").address],
      balancesFromBlock: world.fromBlock,
      liveness: { allowPrivate: true, check: false },
      limits,
      tickMs: 50,
    };
    const sink = { write: (line: string) => void (log += line) };
    return startRouter({
      config: readConfig(JSON.stringify(config)),
      env: { ROUTER_KEY: secretOf(name) },
      log: createLog("trace", sink),
    });
  };

  async function send({ path, method = "POST", body, headers }: Omit<Case, "name" | "status" | "code">, at = service) {
    const text = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`${at.url}${path}`, {
      method,
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers?.() },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    answers.push(answer);
    return { status: response.status, headers: response.headers, answer };
  }

  /** What users and routers can see of the state, but for the count of rejections. */
  async function figures(): Promise<string> {
    await sleep(150);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    const of = /^yellowstone_(waiting|matched|backlog_umor|seq|outcomes\{outcome="(?!rejected)\w+"\}) \S+$/;
    const quota = await send({
      path: `/v1/users/${keyOf(users[0] ?? "").address}/quota?model=${rfc.value.modelId}`,
      method: "GET",
    });
    return [...text.split("\n").filter((line) => of.test(line)), quota.answer].join("\n");
  }

  before(async () => {
    node = await startAnvil();
    world = await deployWorld(node.url, (from) => (users = usersOf(from, 2).get(self) ?? []), 13);
    await world.mineEverySecond();
    service = await start(self, { requestsPerMinute: 100_000 });
    const parties = new Parties(world.d);
    const first = await parties.bid(0, "http://127.0.0.1:9/");
    rfc = serializeMessage(await parties.rfc(users[0] ?? ""));
    bid = serializeMessage(first);
    expect((await send({ path: "/v1/bids", body: bid })).status).to.equal(200);
    const matched = await send({ path: "/v1/rfcs", body: rfc });
    const { matchHash } = JSON.parse(matched.answer) as { matchHash: Address };
    const { domain } = world.d;
    const now = BigInt(Date.now());
    const stranger = keyOf("stranger");
    const asked = { matchHash, promptHash: `0x${"11".repeat(32)}`, sentAtMs: unixMillis(now) } as const;
    query = serializeMessage(await signMessage(stranger, "Query", asked as never, domain));
    const said = { matchHash, providerId: 0n, tokens: 5n, passed: true, sentAtMs: now, receivedAtMs: now };
    report = serializeMessage(await signMessage(stranger, "InferenceReport", said as never, domain));
  });

  after(async () => {
    await service?.stop();
    await world?.close();
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const changed = async (change: Partial<Rfc>, user = users[0] ?? "", domain = world.d.domain) => {
    const signed = await new Parties({ domain }).rfc(user, {
      nonce: BigInt(Math.floor(Math.random() * 2 ** 40)),
      ...change,
    });
    return serializeMessage(signed);
  };

  it("answers every one with a typed error and changes nothing", async () => {
    const past = unixSeconds(BigInt(Math.floor(Date.now() / 1_000)) - 60n);
    const future = unixMillis(BigInt(Date.now()) + 600_000n);
    const value = rfc.value;
    const foreign = createDomain(world.d.chainId + 1n, world.d.domain.verifyingContract);
    const away = [...usersOf(world.emissionStart, 1)].find(([name]) => name !== self)?.[1][0] ?? "";
    const flipped = `${rfc.signature.slice(0, -4)}${rfc.signature.slice(-4, -3) === "0" ? "1" : "0"}${rfc.signature.slice(-3)}`;
    const cases: Case[] = [
      { name: "nothing", path: "/v1/rfcs", status: 400, code: "RequestInvalid" },
      { name: "no JSON", path: "/v1/rfcs", body: "{", status: 400, code: "RequestInvalid" },
      {
        name: "another type of content",
        path: "/v1/rfcs",
        body: "x=1",
        headers: () => ({ "content-type": "text/plain" }),
        status: 400,
        code: "RequestInvalid",
      },
      { name: "null", path: "/v1/rfcs", body: "null", status: 400, code: "RequestInvalid" },
      { name: "a list", path: "/v1/rfcs", body: [], status: 400, code: "RequestInvalid" },
      { name: "another kind", path: "/v1/rfcs", body: bid, status: 400, code: "RequestInvalid" },
      {
        name: "a number for a bigint",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: 5 } },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a float",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: "1.5" } },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a sign",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: "-1" } },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "2^64",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: "18446744073709551616" } },
        status: 400,
        code: "InvalidField",
      },
      {
        name: "a leading zero",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: "01" } },
        status: 400,
        code: "InvalidField",
      },
      {
        name: "2^256",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, nonce: (1n << 256n).toString() } },
        status: 400,
        code: "InvalidField",
      },
      {
        name: "a wrong checksum",
        path: "/v1/rfcs",
        body: {
          ...rfc,
          value: {
            ...value,
            user: value.user
              .replace(/[a-f]/, (c) => c.toUpperCase())
              .replace(/[A-F](?!.*[A-F])/, (c) => c.toLowerCase()),
          },
        },
        status: 400,
        code: "InvalidField",
      },
      {
        name: "a short address",
        path: "/v1/rfcs",
        body: { ...rfc, signer: "0x12" },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a field too many",
        path: "/v1/rfcs",
        body: { ...rfc, prompt: PROMPT },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a prompt in a field",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: PROMPT } },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a field too few",
        path: "/v1/rfcs",
        body: { kind: "Rfc", value, signer: rfc.signer },
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "__proto__",
        path: "/v1/rfcs",
        body: JSON.stringify(rfc).replace("{", '{"__proto__":{"admin":true},'),
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "constructor.prototype",
        path: "/v1/rfcs",
        body: JSON.stringify(rfc).replace("{", '{"constructor":{"prototype":{}},'),
        status: 400,
        code: "RequestInvalid",
      },
      {
        name: "a huge body",
        path: "/v1/rfcs",
        body: { ...rfc, signature: `0x${"00".repeat(20_000)}` },
        status: 413,
        code: "BodyTooLarge",
      },
      {
        name: "a long signature",
        path: "/v1/rfcs",
        body: { ...rfc, signature: `0x${"00".repeat(5_000)}` },
        status: 400,
        code: "RequestInvalid",
      },
      { name: "another's signature", path: "/v1/rfcs", body: { ...rfc, signature: flipped }, status: 401, code: "" },
      {
        name: "a changed value",
        path: "/v1/rfcs",
        body: { ...rfc, value: { ...value, tokenMax: "999" } },
        status: 401,
        code: "SignerMismatch",
      },
      {
        name: "another chain",
        path: "/v1/rfcs",
        body: await changed({}, users[0], foreign),
        status: 401,
        code: "SignerMismatch",
      },
      { name: "a replay", path: "/v1/rfcs", body: rfc, status: 409, code: "RfcReplayed" },
      {
        name: "past its deadline",
        path: "/v1/rfcs",
        body: await changed({ deadlineAt: past }),
        status: 422,
        code: "MessageExpired",
      },
      {
        name: "from the future",
        path: "/v1/rfcs",
        body: await changed({ issuedAtMs: future }),
        status: 422,
        code: "RfcWindowInvalid",
      },
      {
        name: "more than the quota",
        path: "/v1/rfcs",
        body: await changed({ tokenMax: 10n ** 15n }),
        status: 403,
        code: "QuotaExceeded",
      },
      {
        name: "no tokens",
        path: "/v1/rfcs",
        body: await changed({ tokenMax: 0n }),
        status: 422,
        code: "InvalidAccessInput",
      },
      { name: "another's user", path: "/v1/rfcs", body: await changed({}, away), status: 421, code: "WrongRouter" },
      { name: "an old bid", path: "/v1/bids", body: bid, status: 409, code: "StaleBid" },
      {
        name: "a bid of a stranger",
        path: "/v1/bids",
        body: await strangersBid(),
        status: 401,
        code: "SignerMismatch",
      },
      {
        name: "a bid of nobody",
        path: "/v1/bids",
        body: serializeMessage(await new Parties(world.d).bid(77, "http://127.0.0.1:9/")),
        status: 404,
        code: "RegistryProviderUnknown",
      },
      {
        name: "a bid without a URL",
        path: "/v1/bids",
        body: serializeMessage(await new Parties(world.d).bid(1, "javascript:0")),
        status: 422,
        code: "EndpointRefused",
      },
      {
        name: "a bid with credentials",
        path: "/v1/bids",
        body: serializeMessage(await new Parties(world.d).bid(1, "http://me:secret@127.0.0.1/")),
        status: 422,
        code: "EndpointRefused",
      },
      { name: "a report of a stranger", path: "/v1/reports", body: report, status: 401, code: "SignerMismatch" },
      {
        name: "a report of no match",
        path: "/v1/reports",
        body: { ...report, value: { ...report.value, matchHash: `0x${"22".repeat(32)}` } },
        status: 404,
        code: "MatchUnknown",
      },
      {
        name: "a report with text for passed",
        path: "/v1/reports",
        body: { ...report, value: { ...report.value, passed: "yes" } },
        status: 400,
        code: "RequestInvalid",
      },
      { name: "unanswered, says a stranger", path: "/v1/unanswered", body: query, status: 401, code: "SignerMismatch" },
      {
        name: "unanswered, of no match",
        path: "/v1/unanswered",
        body: { ...query, value: { ...query.value, matchHash: `0x${"22".repeat(32)}` } },
        status: 404,
        code: "MatchUnknown",
      },
      {
        name: "the match of no RFC",
        path: `/v1/rfcs/0x${"22".repeat(32)}`,
        method: "GET",
        status: 404,
        code: "RfcUnmatched",
      },
      { name: "a hash of another length", path: "/v1/rfcs/0x22", method: "GET", status: 400, code: "RequestInvalid" },
      {
        name: "a block that is not there",
        path: "/v1/blocks/999999999999",
        method: "GET",
        status: 404,
        code: "ResourceUnknown",
      },
      { name: "a block below zero", path: "/v1/blocks/-1", method: "GET", status: 400, code: "RequestInvalid" },
      {
        name: "a proof of no report",
        path: `/v1/reports/0x${"22".repeat(32)}/proof`,
        method: "GET",
        status: 404,
        code: "ResourceUnknown",
      },
      {
        name: "a quota of another model",
        path: `/v1/users/${rfc.signer}/quota?model=0x${"22".repeat(32)}`,
        method: "GET",
        status: 404,
        code: "BidMissing",
      },
      {
        name: "a quota without a model",
        path: `/v1/users/${rfc.signer}/quota`,
        method: "GET",
        status: 400,
        code: "RequestInvalid",
      },
      { name: "no such route", path: "/v1/admin", method: "GET", status: 404, code: "ResourceUnknown" },
      ...quorumCases(),
    ];
    const before = await figures();
    for (const each of cases) {
      const { status, answer } = await send(each);
      const told = JSON.parse(answer) as { code: string; next: string; retry: string; message: string };
      expect(status, `${each.name}: ${answer}`).to.equal(each.status);
      if (each.code !== "") expect(told.code, each.name).to.equal(each.code);
      expect(told.next, each.name).to.match(/^[A-Z].*\.$/);
      expect(told.retry, each.name).to.be.oneOf(["no", "now", "later"]);
      expect(answer, each.name).to.not.match(/\bat \S+ \(|node_modules|\.ts:/);
    }
    expect(cases.length).to.be.at.least(55);
    expect(await figures()).to.equal(before);
  });

  async function strangersBid(): Promise<SignedJson<"Bid">> {
    const { value } = await new Parties(world.d).bid(1, "http://127.0.0.1:9/");
    return serializeMessage(await signMessage(keyOf("stranger"), "Bid", value, world.d.domain));
  }

  /** Requests in another router's name. */
  function quorumCases(): Case[] {
    const path = "/v1/quorum/blocks?from=0";
    const router = requestKeyOf(hexToBytes(secretOf(other)));
    const stranger = requestKeyOf(hexToBytes(secretOf("stranger")));
    const to = keyOf(self).address;
    const headers = (key: RequestKey, change: object = {}, shiftMs = 0n, domain = world.d.domain) => {
      const parts = { method: "GET", path, body: new Uint8Array(), to, ...change };
      return signRequest(key, domain, parts, BigInt(Date.now()) + shiftMs);
    };
    const once = headers(router);
    const refused = { path, method: "GET", status: 401, code: "RequestUnauthenticated" };
    const posted = { ...refused, path: "/v1/quorum/signatures", method: "POST" };
    const body = JSON.stringify({ attestation: {}, through: [], paidCount: 0, debits: [] });
    const bytes = new TextEncoder().encode(body);
    const signed = () => headers(router, { method: "POST", path: posted.path, body: bytes });
    return [
      { ...refused, name: "a request without a signature" },
      { ...refused, name: "a request of a stranger", headers: () => headers(stranger) },
      {
        ...refused,
        name: "of a stranger in a router's name",
        headers: () => ({ ...headers(stranger), "x-yellowstone-from": router.address }),
      },
      { ...refused, name: "for another path", headers: () => headers(router, { path: "/v1/quorum/blocks?from=1" }) },
      { ...refused, name: "for another router", headers: () => headers(router, { to: router.address }) },
      { ...refused, name: "of a minute ago", headers: () => headers(router, {}, -60_000n) },
      { ...refused, name: "of a minute ahead", headers: () => headers(router, {}, 60_000n) },
      {
        ...refused,
        name: "of another chain",
        headers: () => headers(router, {}, 0n, createDomain(1n, world.d.domain.verifyingContract)),
      },
      {
        name: "an unknown route, signed",
        path: "/v1/quorum/none",
        method: "GET",
        headers: () => once,
        status: 404,
        code: "ResourceUnknown",
      },
      { ...posted, name: "a body that was changed", body: `${body} `, headers: signed },
      { ...posted, name: "a proposal without fields", body, headers: signed, status: 400, code: "InvalidField" },
    ];
  }

  it("takes a signed request once", async () => {
    const path = "/v1/quorum/blocks?from=0";
    const key = requestKeyOf(hexToBytes(secretOf(other)));
    const headers = signRequest(
      key,
      world.d.domain,
      { method: "GET", path, body: new Uint8Array(), to: keyOf(self).address },
      BigInt(Date.now()),
    );
    const statuses = [];
    for (let i = 0; i < 2; i++) statuses.push((await send({ path, method: "GET", headers: () => headers })).status);
    expect(statuses).to.deep.equal([200, 401]);
  });

  it("shows watchers the evidence of blocks, and lets them ask for nothing else", async () => {
    const key = requestKeyOf(hexToBytes(secretOf("watcher")));
    const statusOf = async (method: "GET" | "POST", path: string, body?: string) => {
      const bytes = new TextEncoder().encode(body ?? "");
      const parts = { method, path, body: bytes, to: keyOf(self).address };
      const headers = () => signRequest(key, world.d.domain, parts, BigInt(Date.now()));
      return (await send({ path, method, headers, ...(body === undefined ? {} : { body }) })).status;
    };
    expect(await statusOf("GET", "/v1/quorum/blocks?from=0")).to.equal(200);
    expect(await statusOf("GET", "/v1/quorum/proposals/1")).to.equal(200);
    const proposal = JSON.stringify({ attestation: {}, through: [], paidCount: 0, debits: [] });
    expect(await statusOf("POST", "/v1/quorum/signatures", proposal)).to.equal(401);
    expect(await statusOf("POST", "/v1/quorum/announcements", JSON.stringify({ kind: "bid" }))).to.equal(401);
  });

  it("shows a user what it used, and nobody else", async () => {
    const user = users[0] ?? "";
    const path = `/v1/users/${keyOf(user).address}/quota?model=${rfc.value.modelId}`;
    const key = requestKeyOf(hexToBytes(secretOf(user)));
    const headers = () =>
      signRequest(
        key,
        world.d.domain,
        { method: "GET", path, body: new Uint8Array(), to: keyOf(self).address },
        BigInt(Date.now()),
      );
    const own = JSON.parse((await send({ path, method: "GET", headers })).answer) as Record<string, string>;
    const anyone = JSON.parse((await send({ path, method: "GET" })).answer) as Record<string, string>;
    expect(BigInt(own["usedWei"] ?? 0)).to.equal(1_000n * 10n ** 10n);
    expect(anyone["usedWei"]).to.equal("0");
  });

  it("limits the rate, and says how long to wait", async () => {
    const limited = await start(other, { requestsPerMinute: 5 });
    try {
      const answers = [];
      for (let i = 0; i < 7; i++) answers.push(await send({ path: "/v1/blocks/999999999999", method: "GET" }, limited));
      expect(answers.map(({ status }) => status)).to.deep.equal([404, 404, 404, 404, 404, 429, 429]);
      const last = answers[6];
      expect(JSON.parse(last?.answer ?? "")).to.include({ code: "RateLimited", retry: "later" });
      expect(Number(last?.headers.get("retry-after"))).to.be.within(1, 60);
    } finally {
      await limited.stop();
    }
  });

  it("keeps keys, prompts and users out of answers, logs, journal and metrics", async () => {
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    await service.stop();
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));
    expect(log).to.include("serving");
    for (const text of [...answers, ...files, log, metrics]) {
      for (const name of [self, other, ...users]) {
        expect(text).to.not.include(secretOf(name).slice(2));
        expect(text).to.not.include(Buffer.from(secretOf(name).slice(2), "hex").toString("latin1"));
      }
      expect(text).to.not.include(PROMPT);
    }
    for (const user of users) {
      for (const text of [log, metrics])
        expect(text.toLowerCase()).to.not.include(keyOf(user).address.slice(2).toLowerCase());
    }
  });
});
