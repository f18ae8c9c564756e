/// <reference types="node" />
import type { AddressInfo } from "node:net";
import type {} from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RateLimited, ResourceUnknown } from "../../errors/service.js";
import type { Domain } from "../../messages/index.js";
import type { Address } from "../../units/index.js";
import type { RouterConfig } from "../config/config.js";
import type { ServiceLog } from "../log.js";
import type { RouterMetrics } from "../metrics.js";
import type { Station } from "../station.js";
import { answerFailure } from "./failures.js";
import { addPublicRoutes } from "./publicRoutes.js";
import { addQuorumRoutes } from "./quorumRoutes.js";
import { serverUrl } from "./serverUrl.js";
import { addUserRoutes } from "./userRoutes.js";

/** What the HTTP server needs. */
export interface ServerOptions {
  readonly config: Pick<RouterConfig, "listen" | "limits" | "watchers">;
  readonly domain: Domain;
  readonly self: Address;
  readonly metrics: RouterMetrics;
  readonly log: ServiceLog;
  /** The router at work. @throws RouterNotReady while there is none */
  readonly station: () => Station;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Finish the requests that are being answered, and take no more. */
  close(): Promise<void>;
}

/** Bytes of a body as they came: what a signature of a request is over. */
const bodies = new WeakMap<FastifyRequest, Uint8Array>();

/** The body of a request, byte by byte; nothing for one without. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return bodies.get(request) ?? new Uint8Array();
}

/** Start the HTTP server of a router. @throws what the operating system says of the address */
export async function createHttpServer(options: ServerOptions): Promise<RunningServer> {
  const { listen } = options.config;
  const app = await createApp(options);
  await app.listen({ host: listen.host, port: listen.port });
  return { url: serverUrl(app.server.address() as AddressInfo), close: () => app.close() };
}

/** Put the routes together without listening. */
export async function createApp(options: ServerOptions): Promise<FastifyInstance> {
  const { config, metrics, log } = options;
  const { limits, listen } = config;
  // Loaded with the first server: whoever only calls routers does without.
  const [{ fastify }, { default: rateLimit }] = await Promise.all([import("fastify"), import("@fastify/rate-limit")]);
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    connectionTimeout: 2 * limits.requestMs,
    keepAliveTimeout: 15_000,
    trustProxy: listen.trustProxy,
    forceCloseConnections: "idle",
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 128 },
    // Nothing is coerced, dropped or filled in: what does not fit is refused.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
  });
  keepBodies(app);
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, log));
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    const labels = { route, method: request.method, status: reply.statusCode };
    metrics.requests.observe(labels, reply.elapsedTime / 1_000);
    return Promise.resolve();
  });
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) => new RateLimited(Math.max(1, Math.ceil(ttl / 1_000))),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new ResourceUnknown("this route");
  });
  addUserRoutes(app, options);
  addPublicRoutes(app, options);
  addQuorumRoutes(app, options);
  return app;
}

/** Read JSON bodies as bytes first, and parse them as strictly as the server does by itself. */
function keepBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    bodies.set(request, body);
    void parse(request, body.toString("utf8"), done);
  });
}
