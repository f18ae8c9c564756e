import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseAddress } from "../../crypto/index.js";
import { InvalidField } from "../../errors/input.js";
import { RequestUnauthenticated } from "../../errors/service.js";
import { parseMessage, serializeMessage } from "../../messages/index.js";
import { readRecord } from "../../messages/parse.js";
import { parseProposal, serializeProposal, type Announcement } from "../../quorum/index.js";
import type { Address } from "../../units/index.js";
import { serializeRefusal } from "../refusalJson.js";
import { AUTH_HEADERS, createRequestVerifier } from "../requestAuth.js";
import { PARAMETERS, exactly } from "./schemas.js";
import { bodyOf, type ServerOptions } from "./server.js";

/** Routers of a set at most, and how much more often than a user each may ask. */
const ROUTER_SHARE = 10;

/** Routes for the other routers of the set, and for watchers that only read: every request is signed by one of them. */
export function addQuorumRoutes(app: FastifyInstance, { station, config, domain, self }: ServerOptions): void {
  const { limits } = config;
  const verifier = createRequestVerifier({ domain, windowMs: limits.clockSkewMs });
  const callers = new WeakMap<FastifyRequest, Address>();
  const isRouter = (caller: Address): boolean =>
    caller !== self && station().core.set.routers.some(({ account }) => account === caller);
  const mayRead = (caller: Address): boolean => isRouter(caller) || config.watchers.includes(caller);
  const routeFor = (mayAsk: (caller: Address) => boolean) => ({
    bodyLimit: limits.quorumBodyBytes,
    config: { rateLimit: { max: limits.requestsPerMinute * ROUTER_SHARE, timeWindow: 60_000 } },
    // Before a body is read: whoever does not even claim to be one of them is not listened to.
    onRequest: async (request: FastifyRequest) => {
      const from = parseAddress(request.headers[AUTH_HEADERS.from]);
      if (from === undefined || !mayAsk(from)) throw new RequestUnauthenticated("this caller may not ask");
      return Promise.resolve();
    },
    preValidation: async (request: FastifyRequest) => {
      const parts = { method: request.method, path: request.url, body: bodyOf(request), to: self };
      callers.set(request, verifier.verify(parts, request.headers, BigInt(Date.now()), mayAsk));
      return Promise.resolve();
    },
  });
  const route = routeFor(isRouter);
  const reading = routeFor(mayRead);
  app.post("/v1/quorum/signatures", route, async (request) => {
    const answer = await station().peers.coSign(parseProposal(request.body));
    return "status" in answer ? serializeRefusal(answer) : serializeMessage(answer);
  });
  app.post("/v1/quorum/announcements", route, async (request, reply) => {
    const from = callers.get(request);
    if (from !== undefined) station().peers.hear(from, parseAnnouncement(request.body));
    return reply.code(204).send();
  });
  const byHeight = { ...reading, schema: { querystring: exactly({ from: PARAMETERS.number }) } };
  app.get<{ Querystring: { from: string } }>("/v1/quorum/blocks", byHeight, (request) => ({
    blocks: station().peers.evidenceFrom(BigInt(request.query.from)),
  }));
  const bySeq = { ...reading, schema: { params: exactly({ seq: PARAMETERS.number }) } };
  app.get<{ Params: { seq: string } }>("/v1/quorum/proposals/:seq", bySeq, (request) => {
    const known = station().core.archive.proposals(BigInt(request.params.seq));
    return { proposals: known.map(({ proposal }) => serializeProposal(proposal)) };
  });
}

/** @throws InvalidField */
function parseAnnouncement(input: unknown): Announcement {
  const kind: unknown = typeof input === "object" && input !== null && "kind" in input ? input.kind : undefined;
  if (kind === "bid")
    return { kind, bid: parseMessage("Bid", readRecord(input, "announcement", ["kind", "bid"])["bid"]) };
  if (kind !== "accepted") throw new InvalidField("announcement.kind", "bid or accepted", kind);
  return { kind, proposal: parseProposal(readRecord(input, "announcement", ["kind", "proposal"])["proposal"]) };
}
