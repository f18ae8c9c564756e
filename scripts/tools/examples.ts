// Puts the examples of the SDK into the documents that show them: npm run docs:examples. A document names one in a comment, and
// the block of code under it becomes the file's text. test/scenarios/documents.test.ts fails when a block is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDER = join("docs", "integration");
const PLACE = /<!-- (sdk\/examples\/[\w/]+\.ts) -->\n```ts\n[^]*?```/g;

/** The documents that show examples, by path, with the examples as they are. */
export function renderExamples(): Map<string, { readonly text: string; readonly shown: readonly string[] }> {
  const documents = readdirSync(join(ROOT, FOLDER)).map((name) => {
    const shown: string[] = [];
    const before = readFileSync(join(ROOT, FOLDER, name), "utf8");
    const text = before.replace(PLACE, (_, file: string) => {
      shown.push(file);
      return `<!-- ${file} -->\n\`\`\`ts\n${readFileSync(join(ROOT, file), "utf8")}\`\`\``;
    });
    return [join(FOLDER, name), { text, shown }] as const;
  });
  return new Map(documents);
}

if (process.argv[1] === import.meta.filename) {
  const documents = renderExamples();
  for (const [path, { text }] of documents) writeFileSync(join(ROOT, path), text);
  console.log(`examples written to ${[...documents.keys()].join(", ")}`);
}
