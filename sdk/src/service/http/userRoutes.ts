import type { FastifyInstance } from "fastify";
import { YellowstoneError } from "../../errors/base.js";
import { RouterNotReady } from "../../errors/service.js";
import { parseMessage, serializeMessage } from "../../messages/index.js";
import type { Matched, Queued, Rejected, Unserved } from "../../router/index.js";
import { hash32, type Hash32 } from "../../units/index.js";
import { statusOf } from "./failures.js";
import { PARAMETERS, exactly, signedSchema } from "./schemas.js";
import type { ServerOptions } from "./server.js";

/** What is answered, and with which status. */
interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Routes for users and providers: bids, requests, reports. */
export function addUserRoutes(app: FastifyInstance, { station }: ServerOptions): void {
  const ready = () => {
    const at = station();
    const reasons = at.notReady();
    if (reasons.length > 0) throw new RouterNotReady(reasons);
    return at;
  };
  app.post("/v1/bids", { schema: { body: signedSchema("Bid") } }, async (request) => {
    const bidHash = await ready().users.postBid(parseMessage("Bid", request.body), now());
    return { bidHash };
  });
  app.post("/v1/rfcs", { schema: { body: signedSchema("Rfc") } }, async (request, reply) => {
    const { status, body } = placed(await ready().users.admit(parseMessage("Rfc", request.body), now()));
    return reply.code(status).send(body);
  });
  const byHash = { schema: { params: exactly({ rfcHash: PARAMETERS.hash }) } };
  app.get<{ Params: { rfcHash: string } }>("/v1/rfcs/:rfcHash", byHash, async (request) => {
    return matched(await ready().core.router.matchOf(hash32(request.params.rfcHash.toLowerCase())));
  });
  app.post("/v1/reports", { schema: { body: signedSchema("InferenceReport") } }, async (request) => {
    const judged = await ready().users.report(parseMessage("InferenceReport", request.body), now());
    const { providerId, creditWei, height } = judged;
    return { ...judged, providerId: providerId.toString(), creditWei: creditWei.toString(), height: height.toString() };
  });
  app.post("/v1/unanswered", { schema: { body: signedSchema("Query") } }, async (request, reply) => {
    const { status, body } = placed(await ready().users.unanswered(parseMessage("Query", request.body), now()));
    return reply.code(status).send(body);
  });
}

function placed(placement: Matched | Queued | Rejected | Unserved): Answer {
  switch (placement.status) {
    case "matched":
      return { status: 200, body: matched(placement) };
    case "queued":
      return { status: 202, body: { status: placement.status, rfcHash: placement.rfcHash } };
    case "unserved":
      return { status: 200, body: { status: placement.status, rfcHash: placement.rfcHash } };
    default:
      return rejected(placement.reason, placement.rfcHash);
  }
}

function matched({ status, rfcHash, matchHash, match, bid }: Matched): object {
  return { status, rfcHash, matchHash, match: serializeMessage(match), bid: serializeMessage(bid) };
}

function rejected(reason: YellowstoneError, rfcHash: Hash32 | undefined): Answer {
  return { status: statusOf(reason), body: { ...reason.toJSON(), ...(rfcHash === undefined ? {} : { rfcHash }) } };
}

function now(): bigint {
  return BigInt(Date.now());
}
