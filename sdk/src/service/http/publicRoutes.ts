import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Quota } from "../../access/index.js";
import { ResourceUnknown } from "../../errors/service.js";
import { proveReport, type ReportEntry, type ReportProof } from "../../ledger/index.js";
import { serializeMessage } from "../../messages/index.js";
import { address, dayAt, hash32, modelId, type Address, type Hash32 } from "../../units/index.js";
import { serializeEquivocation } from "../archive/equivocations.js";
import { serializeAttestationPost } from "../attestationJson.js";
import { AUTH_HEADERS, createRequestVerifier } from "../requestAuth.js";
import type { Station } from "../station.js";
import { PARAMETERS, exactly } from "./schemas.js";
import { bodyOf, type ServerOptions } from "./server.js";

/** Routes that anyone may read: blocks, proofs, attestations, evidence, quotas, health and metrics. */
export function addPublicRoutes(app: FastifyInstance, options: ServerOptions): void {
  const { station, metrics } = options;
  const unlimited = { config: { rateLimit: false } };
  app.get("/health", unlimited, () => ({ status: "up" }));
  app.get("/ready", unlimited, async (_request, reply) => {
    const reasons = station().notReady();
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ status: reasons.length === 0 ? "ready" : "notReady", reasons });
  });
  app.get("/metrics", unlimited, async (_request, reply) => {
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  const byHeight = { schema: { params: exactly({ height: PARAMETERS.number }) } };
  app.get<{ Params: { height: string } }>("/v1/blocks/:height", byHeight, (request) => {
    const { core } = station();
    const found = core.archive.blockAt(core.self, BigInt(request.params.height));
    if (found === undefined) throw new ResourceUnknown(`block ${request.params.height}`);
    return { block: serializeMessage(found.block), hash: found.hash };
  });
  const byReport = { schema: { params: exactly({ reportHash: PARAMETERS.hash }) } };
  app.get<{ Params: { reportHash: string } }>("/v1/reports/:reportHash/proof", byReport, (request) =>
    proofsOf(station(), hash32(request.params.reportHash.toLowerCase())),
  );
  const bySeq = { schema: { params: exactly({ seq: PARAMETERS.number }) } };
  app.get<{ Params: { seq: string } }>("/v1/attestations/:seq", bySeq, (request) => {
    const found = station().core.archive.attestation(BigInt(request.params.seq));
    if (found === undefined) throw new ResourceUnknown(`attestation ${request.params.seq}`);
    return serializeAttestationPost(found);
  });
  app.get("/v1/evidence", async () => {
    const evidence = await station().core.archive.equivocations.all();
    return { evidence: evidence.map(serializeEquivocation) };
  });
  addQuotaRoute(app, options);
}

/** Proof of a report in its block, and in the attestation that pays it, if one does. */
function proofsOf({ core }: Station, reportHash: Hash32): object {
  const { archive } = core;
  const place = archive.placeOf(reportHash);
  const block = place && archive.blockAt(place.router, place.height);
  if (place === undefined || block === undefined) throw new ResourceUnknown(`report ${reportHash}`);
  const paid = place.seq === undefined ? undefined : archive.paidBy(place.seq);
  const { seq, height, router } = place;
  return {
    router,
    height: height.toString(),
    block: { reportsRoot: block.block.value.reportsRoot, proof: proofIn(block.reports, reportHash) },
    ...(paid === undefined || seq === undefined
      ? {}
      : { attestation: { seq: seq.toString(), proof: proofIn(paid, reportHash) } }),
  };
}

function proofIn(reports: readonly ReportEntry[], reportHash: Hash32): object {
  const index = reports.findIndex((report) => report.reportHash === reportHash);
  return proofJson(proveReport(reports, index));
}

function proofJson({ report, index, count, siblings }: ReportProof): object {
  const { reportHash, providerId, creditWei } = report;
  return {
    report: { reportHash, providerId: providerId.toString(), creditWei: creditWei.toString() },
    index,
    count,
    siblings: siblings.map(({ hash, sumWei }) => ({ hash, sumWei: sumWei.toString() })),
  };
}

/** What a user used of the day is shown to that user alone; without its signature the quota is that of a day just begun. */
function addQuotaRoute(app: FastifyInstance, { station, config, domain, self }: ServerOptions): void {
  const verifier = createRequestVerifier({ domain, windowMs: config.limits.clockSkewMs });
  interface Route {
    Params: { user: string };
    Querystring: { model: string };
  }
  const isSigned = (request: FastifyRequest<Route>, user: Address): boolean => {
    if (request.headers[AUTH_HEADERS.signature] === undefined) return false;
    const parts = { method: request.method, path: request.url, body: bodyOf(request), to: self };
    verifier.verify(parts, request.headers, BigInt(Date.now()), (caller) => caller === user);
    return true;
  };
  const route = {
    schema: { params: exactly({ user: PARAMETERS.address }), querystring: exactly({ model: PARAMETERS.hash }) },
    // Each new user costs a look at the chain.
    config: { rateLimit: { max: Math.ceil(config.limits.requestsPerMinute / 10), timeWindow: 60_000 } },
  };
  app.get<Route>("/v1/users/:user/quota", route, async (request) => {
    const { core, emissionStart } = station();
    const user = address(request.params.user, "user");
    const usedIncluded = isSigned(request, user);
    const atMs = BigInt(Date.now());
    const day = dayAt(atMs / 1_000n, emissionStart);
    const balanceWei = await core.days.balanceWei(user, day);
    const model = modelId(request.query.model.toLowerCase());
    const quota = core.router.quotaOf(usedIncluded ? user : undefined, model, { balanceWei, atMs });
    return { day: day.toString(), usedIncluded, ...quotaJson(quota) };
  });
}

function quotaJson({ steps, ...figures }: Quota): object {
  const written = Object.entries(figures).map(([name, figure]) => [name, figure.toString()] as const);
  return { ...Object.fromEntries<string>(written), steps };
}
