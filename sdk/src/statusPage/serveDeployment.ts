/// <reference types="node" />
import { once } from "node:events";
import type { Deployment } from "../deployment/deployment.js";
import { createStatusCollector, type CollectorOptions } from "./collector.js";
import { serveStatus, type ServeOptions } from "./server.js";

/** A deployment whose page is served. */
export interface StatusService {
  readonly url: string;
  /** Stop reading the chain, end the streams and close the port. May be called twice. */
  stop(): Promise<void>;
  /** Settles when it has stopped. */
  readonly stopped: Promise<void>;
}

/** Options of page and collector, and a signal that stops both. */
export interface StatusServiceOptions extends ServeOptions, CollectorOptions {
  readonly signal?: AbortSignal;
}

/**
 * Serve the status page of a deployment until told to stop: all that `yellowstone status --serve` needs. The page listens first
 * and says that it waits while the events of a long chain are read; a chain that cannot be read is told on it and asked again.
 *
 * @example
 * const page = await serveDeployment(d, { signal });
 * console.log(page.url);
 * await page.stopped;
 * @throws PortInUse, ListenFailed
 */
export async function serveDeployment(d: Deployment, options: StatusServiceOptions = {}): Promise<StatusService> {
  const collector = createStatusCollector(d, options);
  const server = await serveStatus(collector, options);
  const end = new AbortController();
  const closed = once(end.signal, "abort").then(() => server.close());
  const stopped = Promise.all([closed, collector.run(end.signal)]).then(() => undefined);
  const stop = (): Promise<void> => {
    end.abort();
    return stopped;
  };
  const { signal } = options;
  if (signal?.aborted === true) await stop();
  else signal?.addEventListener("abort", () => void stop(), { once: true });
  return { url: server.url, stop, stopped };
}
