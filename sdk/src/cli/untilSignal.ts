/// <reference types="node" />
import { EXIT } from "./command.js";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Run something that goes on until SIGTERM or SIGINT asks it to end; a second one ends the process at once. */
export async function untilSignal<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.failed);
    abort.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await act(abort.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
