import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { TransportFailed } from "@yellowstone-compute/sdk/errors";
import { createDomain } from "@yellowstone-compute/sdk/messages";
import {
  AUTH_HEADERS,
  createHttpLiveness,
  createHttpTransport,
  createRequestVerifier,
  routerKeyOf,
  type RouterTransport,
} from "@yellowstone-compute/sdk/service";
import { id } from "ethers";

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

const domain = createDomain(31_337, `0x${"cc".repeat(20)}`);
const [asking, asked] = [routerKeyOf(id("asking")), routerKeyOf(id("asked"))];
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

describe("service: transport", () => {
  const servers: Server[] = [];
  const serve = async (handler: Handler): Promise<string> => {
    let nth = 0;
    const server = createServer((request, response) => handler(request, response, nth++));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const transportTo = (url: string): RouterTransport =>
    createHttpTransport({
      key: asking.requests,
      domain,
      peers: new Map([[asked.signer.address, url]]),
      self: {
        coSign: () => Promise.reject(new TypeError()),
        blocksAfter: () => Promise.resolve([]),
      },
      maxAnswerBytes: 65_536,
      retry: { baseMs: 5, maxMs: 1_500 },
    });
  const fetchBlocks = (url: string, signal = AbortSignal.timeout(5_000)) =>
    transportTo(url).fetchBlocks(asked.signer.address, 4n, signal);
  const failure = async (handler: Handler, signal?: AbortSignal): Promise<TransportFailed> => {
    const error = await fetchBlocks(await serve(handler), signal).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TransportFailed);
    return error as TransportFailed;
  };

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  it("signs every request so that the one who is asked knows who asks", async () => {
    const verifier = createRequestVerifier({ domain, windowMs: 5_000 });
    let caller = "";
    const url = await serve((request, response) => {
      const parts = { method: "GET", path: request.url ?? "", body: new Uint8Array(), to: asked.signer.address };
      caller = verifier.verify(parts, request.headers, BigInt(Date.now()), () => true);
      json(response, 200, { blocks: [] });
    });
    expect(await fetchBlocks(url)).to.deep.equal([]);
    expect(caller).to.equal(asking.signer.address);
  });

  it("tries again after the time it is told, signed anew", async () => {
    const nonces = new Set<unknown>();
    const times: number[] = [];
    const url = await serve((request, response, nth) => {
      nonces.add(request.headers[AUTH_HEADERS.nonce]);
      times.push(performance.now());
      if (nth === 0) json(response, 429, {}, { "retry-after": "1" });
      else if (nth === 1) response.destroy();
      else json(response, 200, { blocks: [] });
    });
    expect(await fetchBlocks(url)).to.deep.equal([]);
    expect(nonces.size).to.equal(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).to.be.at.least(990);
  });

  it("does not wait longer than it may", async () => {
    const before = performance.now();
    const error = await failure((_, response) => json(response, 503, {}, { "retry-after": "60" }));
    expect(error.message).to.include("status 503");
    expect(performance.now() - before).to.be.below(1_000);
  });

  it("refuses what is no answer", async () => {
    const cases: [RegExp, Handler][] = [
      [/not JSON/, (_, response) => response.writeHead(200).end("{")],
      [/more than 65536 bytes/, (_, response) => json(response, 200, { blocks: ["x".repeat(100_000)] })],
      [/status 401 RequestUnauthenticated/, (_, response) => json(response, 401, { code: "RequestUnauthenticated" })],
      [/answer: expected/, (_, response) => json(response, 200, [])],
      [/answer\.blocks/, (_, response) => json(response, 200, { blocks: {} })],
      [/at most 64 entries/, (_, response) => json(response, 200, { blocks: Array.from({ length: 65 }, () => 0) })],
      [/evidence/, (_, response) => json(response, 200, { blocks: [{ block: {}, steps: [], more: 1 }] })],
      [/unreachable/, (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ];
    for (const [expected, handler] of cases) expect((await failure(handler)).message).to.match(expected);
    const gone = await transportTo("http://127.0.0.1:1")
      .fetchBlocks(asking.signer.address, 0n, AbortSignal.timeout(100))
      .catch((reason: unknown) => reason);
    expect(gone, "itself is asked without HTTP").to.deep.equal([]);
  });

  it("ends with its signal", async () => {
    const error = await failure(() => undefined, AbortSignal.timeout(50));
    expect(error.message).to.include("no answer in time");
  });
});

describe("service: liveness", () => {
  const listen = async (handler: Handler): Promise<{ url: string; server: Server }> => {
    const server = createServer((request, response) => handler(request, response, 0));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
  };

  it("takes any answer below 500 for life, and silence, refusal and failure for none", async () => {
    let status = 200;
    const { url, server } = await listen((_, response) => void (status > 0 && response.writeHead(status).end()));
    try {
      for (const [each, expected] of [
        [200, true],
        [404, true],
        [302, true],
        [500, false],
        [0, false],
      ] as const) {
        status = each;
        const liveness = createHttpLiveness({ allowPrivate: true, timeoutMs: 100 });
        expect(await liveness.isAlive(url), String(each)).to.equal(expected);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
    expect(await createHttpLiveness({ allowPrivate: true }).isAlive(url), "nobody listens").to.equal(false);
  });

  it("probes no private address unless it may, nor what is no URL", async () => {
    let probes = 0;
    const { url, server } = await listen((_, response) => void (probes++, response.end()));
    try {
      const { port } = new URL(url);
      const liveness = createHttpLiveness();
      for (const host of ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"]) {
        expect(await liveness.isAlive(`http://${host}:${port}/`), host).to.equal(false);
      }
      for (const endpoint of ["", "ftp://x", "http://me:pw@example.org/"]) {
        expect(await liveness.isAlive(endpoint), endpoint).to.equal(false);
      }
      expect(probes).to.equal(0);
    } finally {
      server.close();
    }
  });

  it("asks once at a time, and not again for a while", async () => {
    let probes = 0;
    const { url, server } = await listen((_, response) => void (probes++, response.end()));
    try {
      const liveness = createHttpLiveness({ allowPrivate: true, cacheMs: 10_000 });
      await Promise.all([1, 2, 3].map(() => liveness.isAlive(url)));
      await liveness.isAlive(url);
      expect(probes).to.equal(1);
    } finally {
      server.close();
    }
  });
});
