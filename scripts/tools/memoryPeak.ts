import { existsSync, readFileSync } from "node:fs";

const STATUS = "/proc/self/status";

/**
 * Bytes this process held at its peak. On Linux the high-water mark of its own memory: `maxRSS` begins with that of the
 * process that started it, however little its own is.
 */
export function memoryPeak(): number {
  const own = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) * 1_024;
}
