import type { VectorsFile } from "../vectorsFile.js";
import { tryEmission } from "./emission.js";
import { tryGuard } from "./guard.js";
import type { Tally } from "./tally.js";

export { Tally } from "./tally.js";

/** Try every vector of a file on both sides. */
export function tryVectors(file: VectorsFile, tally: Tally): Promise<void> {
  return file.kind === "emission" ? tryEmission(file.vectors, tally) : tryGuard(file.scenarios, tally);
}
