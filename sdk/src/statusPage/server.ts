/// <reference types="node" />
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type {} from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply } from "fastify";
import { RateLimited, ResourceUnknown, RouterNotReady } from "../errors/service.js";
import { ListenFailed, PortInUse } from "../errors/statusPage.js";
import { outwardFailure, statusOf } from "../service/http/failures.js";
import { serverUrl } from "../service/http/serverUrl.js";
import { StatusFeed } from "./feed.js";
import { serializeStatus } from "./json.js";
import { renderPage, renderWaiting } from "./page.js";
import { pageCount } from "./renderTables.js";
import type { StatusSource } from "./snapshot.js";
import { ICON, STYLE } from "./style.js";

/** Where and how a page is served. */
export interface ServeOptions {
  /** Loopback when left out: the page has no password. */
  readonly host?: string;
  /** `DEFAULT_STATUS_PORT` when left out; 0 for any that is free. */
  readonly port?: number;
  /** Readers that hear of changes at once; 64 when left out. */
  readonly maxReaders?: number;
  /** Requests of one address in a minute; 600 when left out. */
  readonly requestsPerMinute?: number;
  /** Updates come no closer together than this, in milliseconds; 250 when left out. */
  readonly everyMs?: number;
  /** Between two signs of life of the stream, in milliseconds; 15,000 when left out. Who takes nothing meanwhile, twice, is given up. */
  readonly heartbeatMs?: number;
}

/** A page that is served. */
export interface StatusServer {
  readonly url: string;
  /** Readers that hear of changes now. */
  readonly readers: number;
  /** End the streams, answer what was asked, and take no more. */
  close(): Promise<void>;
}

/** Port of a status page. */
export const DEFAULT_STATUS_PORT = 8_420;

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

const PAGE = { type: "object", properties: { page: { type: "string", pattern: "^[1-9][0-9]{0,6}$" } } } as const;
interface Route {
  Querystring: { page?: string };
}

/**
 * Serve one page with the figures of a source: readable without JavaScript, live with it, and as JSON at `/status.json`.
 *
 * @example
 * const server = await serveStatus(collector, { port: 0 });
 * console.log(server.url);
 * @throws PortInUse, ListenFailed
 */
export async function serveStatus(source: StatusSource, options: ServeOptions = {}): Promise<StatusServer> {
  const { host = "127.0.0.1", port = DEFAULT_STATUS_PORT, maxReaders = 64 } = options;
  const { everyMs = 250, heartbeatMs = 15_000 } = options;
  const feed = new StatusFeed(source, { maxReaders, everyMs, heartbeatMs });
  try {
    const app = await createApp(source, feed, options);
    await app.listen({ host, port });
    return {
      url: serverUrl(app.server.address() as AddressInfo),
      get readers() {
        return feed.readers;
      },
      close: async () => {
        feed.close();
        await app.close();
      },
    };
  } catch (error) {
    feed.close();
    const { code = "unknown" } = error as { code?: string };
    throw code === "EADDRINUSE" ? new PortInUse(host, port, error) : new ListenFailed(host, port, code, error);
  }
}

async function createApp(source: StatusSource, feed: StatusFeed, options: ServeOptions): Promise<FastifyInstance> {
  // Loaded with the first page.
  const [{ fastify }, { default: rateLimit }] = await Promise.all([import("fastify"), import("@fastify/rate-limit")]);
  const app = fastify({
    logger: false,
    bodyLimit: 1_024,
    requestTimeout: 10_000,
    keepAliveTimeout: 15_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 64 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(HEADERS);
    done();
  });
  app.setErrorHandler(async (error, request, reply) => {
    const failure = outwardFailure(error, request.id, request.routeOptions.bodyLimit);
    if (failure instanceof RateLimited) reply.header("retry-after", failure.data.retryAfterSeconds);
    await reply.code(statusOf(failure)).send(failure.toJSON());
  });
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? 600,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) => new RateLimited(Math.max(1, Math.ceil(ttl / 1_000))),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new ResourceUnknown("this page");
  });
  addPages(app, source, feed);
  addFiles(app);
  return app;
}

function addPages(app: FastifyInstance, source: StatusSource, feed: StatusFeed): void {
  const schema = { querystring: PAGE };
  const pageOf = ({ page = "1" }: Route["Querystring"]): number => Number(page);
  app.get<Route>("/", { schema }, async (request, reply) => {
    const snapshot = source.current();
    if (snapshot === undefined)
      return sendHtml(reply.code(503).header("retry-after", 5), renderWaiting(source.trouble()));
    const page = Math.min(pageOf(request.query), pageCount(snapshot));
    return sendHtml(reply, renderPage(snapshot, { page, nowMs: Date.now() }));
  });
  app.get<Route>("/status.json", { schema }, async (request) => {
    const snapshot = source.current();
    if (snapshot === undefined) throw new RouterNotReady(["the events of the chain are being read"]);
    const page = pageOf(request.query);
    if (page > pageCount(snapshot)) throw new ResourceUnknown(`page ${page}`);
    return Promise.resolve(serializeStatus(snapshot, page));
  });
  app.get<Route>("/events", { schema, exposeHeadRoute: false }, (request, reply) => {
    feed.requireRoom();
    reply.hijack();
    reply.raw.writeHead(200, { ...HEADERS, "content-type": "text/event-stream; charset=utf-8" });
    feed.add(reply.raw, pageOf(request.query));
  });
}

/** What the page is made of beside its figures: read once, from this package. */
function addFiles(app: FastifyInstance): void {
  const script = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), "utf8");
  const files: readonly (readonly [string, string, string])[] = [
    ["/style.css", "text/css", STYLE],
    ["/icon.svg", "image/svg+xml", ICON],
    ["/browser/app.js", "text/javascript", script("app.js")],
    ["/browser/duration.js", "text/javascript", script("duration.js")],
  ];
  for (const [path, type, text] of files) {
    app.get(path, async (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text));
  }
}

async function sendHtml(reply: FastifyReply, text: string): Promise<FastifyReply> {
  return reply.type("text/html; charset=utf-8").send(text);
}
