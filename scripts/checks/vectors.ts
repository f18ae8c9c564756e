// npm run vectors -- FILE: reference vectors against the deployed contracts and against the SDK's twins.
// Exit codes: 0 all hold, 1 some failed, 2 bad file or arguments.
import { Tally } from "./vectors/tally.js";
import { readVectorsFile, VectorsFileInvalid, type VectorsFile } from "./vectorsFile.js";

const [path, ...more] = process.argv.slice(2);
if (path === undefined || more.length > 0) {
  console.error("usage: npm run vectors -- FILE\n  FILE has the form of test/vectors/emission.json or guard.json");
  process.exitCode = 2;
} else {
  process.exitCode = await run(path);
}

async function run(path: string): Promise<number> {
  let file: VectorsFile;
  try {
    file = readVectorsFile(path);
  } catch (error) {
    if (!(error instanceof VectorsFileInvalid)) throw error;
    console.error(error.message);
    return 2;
  }
  const tally = new Tally((line) => console.log(line));
  // Loaded only now: a bad file is refused without a chain.
  const { tryVectors } = await import("./vectors/index.js");
  await tryVectors(file, tally);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}
