import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { TransportFailed } from "@yellowstone-compute/sdk/errors";
import { createDomain, serializeMessage, signMessage } from "@yellowstone-compute/sdk/messages";
import { serializeEvidence, serializeProposal, type QuorumPeer } from "@yellowstone-compute/sdk/quorum";
import {
  AUTH_HEADERS,
  createHttpTransport,
  createRequestVerifier,
  routerKeyOf,
  serializeAttestationPost,
  serializeRefusal,
  type RouterTransport,
} from "@yellowstone-compute/sdk/service";
import { ZERO_HASH, wei } from "@yellowstone-compute/sdk/units";
import { id } from "ethers";
import { attestationOf, proposalOf } from "./sample.js";

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

const domain = createDomain(31_337, `0x${"cc".repeat(20)}`);
const [asking, asked, deaf] = [routerKeyOf(id("asking")), routerKeyOf(id("asked")), routerKeyOf(id("deaf"))];
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
  const transportTo = (url: string, self: Partial<QuorumPeer> = {}): RouterTransport =>
    createHttpTransport({
      key: asking.requests,
      domain,
      peers: new Map([[asked.signer.address, url]]),
      self: { blocksAfter: () => Promise.resolve([]), ...self },
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

  it("reads the time to wait as a date too, and waits its own time for what is no time", async () => {
    for (const [told, least, most] of [
      [new Date(Date.now() + 1_400).toUTCString(), 1, 1_500],
      [new Date(0).toUTCString(), 0, 200],
      ["soon", 0, 200],
      [undefined, 0, 200],
    ] as const) {
      const times: number[] = [];
      const url = await serve((_, response, nth) => {
        times.push(performance.now());
        if (nth === 0) json(response, 503, {}, told === undefined ? {} : { "retry-after": told });
        else json(response, 200, { blocks: [] });
      });
      await fetchBlocks(url);
      expect((times[1] ?? 0) - (times[0] ?? 0), told).to.be.within(least, most);
    }
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

  it("takes a signature or a refusal for an answer, and asks itself without HTTP", async () => {
    const proposal = proposalOf(7n);
    const signed = await signMessage(asked.signer, "Attestation", proposal.attestation, domain);
    const refusal = { status: "refused", seq: 7n, findings: [{ where: "block 3", what: "paid twice" }] } as const;
    const signal = AbortSignal.timeout(5_000);
    const ask = async (answer: unknown): Promise<unknown> => {
      const url = await serve((_, response) => json(response, 200, answer));
      return transportTo(url).requestSignature(asked.signer.address, proposal, signal);
    };
    expect(await ask(serializeMessage(signed))).to.deep.equal(signed);
    expect(await ask(serializeRefusal(refusal))).to.deep.equal(refusal);
    expect(await ask({ status: "signed" }).catch((reason: unknown) => reason)).to.be.instanceOf(TransportFailed);
    const unreachable = "http://127.0.0.1:1";
    const own = transportTo(unreachable, { coSign: () => Promise.resolve(refusal) });
    expect(await own.requestSignature(asking.signer.address, proposal, signal)).to.equal(refusal);
    const alone = await transportTo(unreachable)
      .requestSignature(asking.signer.address, proposal, signal)
      .catch((reason: unknown) => reason);
    expect((alone as TransportFailed).message).to.include("no address is configured");
  });

  it("shows proposals and blocks of the router it asked, and of no other", async () => {
    const proposal = proposalOf(7n);
    const signal = AbortSignal.timeout(5_000);
    const url = await serve((request, response) => {
      const proposals = request.url === "/v1/quorum/proposals/7" ? [serializeProposal(proposal)] : [];
      json(response, 200, { proposals });
    });
    expect(await transportTo(url).fetchProposals(asked.signer.address, 7n, signal)).to.deep.equal([proposal]);
    expect(await transportTo(url).fetchProposals(asked.signer.address, 8n, signal)).to.deep.equal([]);
    const foreign = {
      router: asking.signer.address,
      height: 5n,
      previousHash: ZERO_HASH,
      reportsRoot: ZERO_HASH,
      reportCount: 0n,
      creditWei: wei(0n),
    };
    const block = await signMessage(asking.signer, "InferenceBlock", foreign, domain);
    const shown = await failure((_, response) =>
      json(response, 200, { blocks: [serializeEvidence({ block, steps: [] })] }),
    );
    expect(shown.message).to.include(`shows a block of ${asking.signer.address}`);
  });

  it("fetches an attestation that has its quorum, where there is one", async () => {
    const part = Uint8Array.of(1, 2);
    const post = { attestation: attestationOf(7n), deltas: part, witness: part, debits: part, quorum: part };
    const url = await serve((request, response) => {
      if (request.url === "/v1/attestations/7") json(response, 200, serializeAttestationPost(post));
      else json(response, request.url === "/v1/attestations/8" ? 404 : 500, { code: "ServiceFailed" });
    });
    const fetched = (seq: bigint): Promise<unknown> =>
      transportTo(url).fetchAttestation(asked.signer.address, seq, AbortSignal.timeout(5_000));
    expect(await fetched(7n)).to.deep.equal(post);
    expect(await fetched(8n)).to.equal(undefined);
    expect(await fetched(9n).catch((reason: unknown) => reason)).to.be.instanceOf(TransportFailed);
  });

  it("tells every other router, not itself, and does not mind who does not listen", async () => {
    const heard: string[] = [];
    const told = new Promise<void>((resolve) => {
      void serve((request, response) => {
        heard.push(request.url ?? "");
        response.writeHead(204).end();
        resolve();
      }).then((url) => {
        const peers = new Map([
          [asking.signer.address, url],
          [deaf.signer.address, "http://127.0.0.1:1"],
          [asked.signer.address, url],
        ]);
        const retry = { attempts: 1 };
        createHttpTransport({ key: asking.requests, domain, peers, maxAnswerBytes: 65_536, retry }).announce({
          kind: "accepted",
          proposal: proposalOf(7n),
        });
      });
    });
    await told;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).to.deep.equal(["/v1/quorum/announcements"]);
  });

  it("ends with its signal", async () => {
    const error = await failure(() => undefined, AbortSignal.timeout(50));
    expect(error.message).to.include("no answer in time");
  });
});
