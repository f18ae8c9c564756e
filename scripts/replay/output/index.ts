export { formatDuration, formatInteger, formatMor, formatPercent, formatUMor } from "./format.js";
export { createProgress, type Progress, type ProgressOptions, type ProgressOutput } from "./progress.js";
export { formatTable, type Column } from "./table.js";
