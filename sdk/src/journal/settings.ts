import { InvalidJournalSetting, JournalDamaged } from "../errors/journal.js";
import type { Identity } from "../router/matching.js";
import type { RouterPolicy } from "../router/policy.js";
import { address, type Address } from "../units/index.js";

/** When inputs are made durable, how often the state is written whole, and how long old inputs are kept. */
export interface JournalSettings {
  /**
   * `each`: every input by itself, as soon as it comes. A number: inputs that come within so many milliseconds together; 0,
   * the default, takes those of one turn of the event loop.
   */
  readonly group?: "each" | number;
  /** A snapshot after so many inputs, later while the state is larger than the inputs since the last one; 50,000. */
  readonly snapshotEvery?: number;
  /** Inputs that a snapshot holds already are kept for so many seconds, as evidence; 604,800, seven days. */
  readonly retainSeconds?: bigint;
  /** What is checked at the start: inputs behind the snapshot (`tail`), or all that are kept; `tail`. */
  readonly verify?: "tail" | "all";
}

/** Fill in the defaults. @throws InvalidJournalSetting */
export function journalSettings(chosen: JournalSettings): Required<JournalSettings> {
  const { group = 0, snapshotEvery = 50_000, retainSeconds = 604_800n, verify = "tail" } = chosen;
  if (group !== "each" && !(Number.isFinite(group) && group >= 0 && group <= 1_000)) {
    throw new InvalidJournalSetting("group", "`each` or 0 to 1,000 milliseconds", group);
  }
  if (!Number.isSafeInteger(snapshotEvery) || snapshotEvery < 1) {
    throw new InvalidJournalSetting("snapshotEvery", "a whole number, at least 1", snapshotEvery);
  }
  if (retainSeconds < 0n) throw new InvalidJournalSetting("retainSeconds", "at least 0", retainSeconds);
  return { group, snapshotEvery, retainSeconds, verify };
}

/** What transitions depend on beside state and input. */
export interface TransitionSettings {
  readonly policy: Omit<RouterPolicy, "accessOf">;
  readonly routers: readonly Address[];
}

/** Write the settings that inputs were decided under: keys in a fixed order, bigints as `123n`. */
export function writeTransitionSettings({ policy, routers }: Identity): string {
  return JSON.stringify({ policy: sorted({ ...policy, accessOf: undefined }), routers });
}

/** Read them back. @throws JournalDamaged */
export function readTransitionSettings(text: string, position: number): TransitionSettings {
  try {
    const { policy, routers } = JSON.parse(text, (_key, value: unknown) => revive(value)) as TransitionSettings;
    return { policy, routers: routers.map((router) => address(router)) };
  } catch (cause) {
    throw new JournalDamaged(position, "its settings cannot be read", cause);
  }
}

/** JSON-safe copy with keys in order. */
function sorted(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

function revive(value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}
