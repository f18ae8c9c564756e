import { once } from "node:events";
import type { Deployment } from "@yellowstone-compute/sdk";
import {
  createStatusCollector,
  serveStatus,
  type StatusCollector,
  type StatusServer,
  type StatusSnapshot,
  type StatusSource,
  type Trouble,
} from "@yellowstone-compute/sdk/status-page";

/** Milliseconds between two looks at the chain: a replay runs much faster than a real one. */
const POLL_MS = 500;

/** Follows a deployment until it is told that the replay is over. */
export interface Watching {
  /** Look once more, and never again. */
  finish(): Promise<void>;
}

/** A page that is there before the chain is, and stays when the chain is gone. */
export class ReplayPage implements StatusSource {
  readonly #listeners = new Set<(snapshot: StatusSnapshot) => void>();
  #collector: StatusCollector | undefined;
  #server: StatusServer | undefined;

  private constructor() {}

  /** Listen on this machine, at a port of its own without `port`. @throws PortInUse, ListenFailed */
  static async open(port?: number): Promise<ReplayPage> {
    const page = new ReplayPage();
    page.#server = await serveStatus(page, port === undefined ? {} : { port });
    return page;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  current(): StatusSnapshot | undefined {
    return this.#collector?.current();
  }

  trouble(): Trouble | undefined {
    return this.#collector?.trouble();
  }

  subscribe(hear: (snapshot: StatusSnapshot) => void): () => void {
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  }

  /** Show a deployment from now on. */
  watch(d: Deployment): Watching {
    const collector = createStatusCollector(d, { pollMs: POLL_MS });
    collector.subscribe((snapshot) => this.#listeners.forEach((hear) => hear(snapshot)));
    this.#collector = collector;
    const end = new AbortController();
    const running = collector.run(end.signal);
    return {
      finish: async () => {
        end.abort();
        await running;
        await collector.collect();
      },
    };
  }

  /** Serve what was last seen until Ctrl-C. */
  async untilStopped(): Promise<void> {
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  }

  /** End the streams and free the port. */
  async close(): Promise<void> {
    await this.#server?.close();
  }
}
