import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import ts from "typescript";
import { renderExamples } from "../../scripts/tools/examples.js";
import { ACTIVATION_DELAY, attestationOf, BOND_WEI, deploySuite, networkHelpers } from "../sdk/actions/fixture.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SDK_IMPORT = /import \{([^}]*)\} from "@yellowstone-compute\/sdk[^"]*";/g;

/** The pages for each reader. */
function pages(): string[] {
  return readdirSync(join(ROOT, "docs", "integration")).map((name) => `docs/integration/${name}`);
}

/** The `ts` blocks of a document. */
function blocksOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
}

/** What the readers of the documents have at hand. */
const AT_HAND = `
import type { Signer, TransactionReceipt } from "ethers";
import type * as kit from "@yellowstone-compute/sdk";
declare global {
  const runner: Signer; const addresses: kit.KnownAddresses; const d: kit.Deployment; const key: string;
  const userKey: string; const queryKey: string; const routerKey: string; const ownerKey: string; const model: kit.ModelId;
  const rfc: kit.Signed<"Rfc">; const bid: kit.Signed<"Bid">; const report: kit.Signed<"InferenceReport">;
  const owner: kit.Address; const payout: kit.Address; const contentHash: kit.Hash32; const nowMs: bigint;
  const supplyWei: bigint; const budgetWei: bigint; const balanceWei: bigint; const input: unknown;
  const policy: kit.RouterPolicy; const set: kit.RouterSet; const router: kit.Router; const draft: kit.AttestationDraft;
  const signatures: Map<kit.Address, kit.Hex>; const matched: kit.Matched;
  const balances: kit.BalanceSource; const transport: kit.Transport; const signedSeqStore: kit.SignedSeqStore;
  const readOwner: (id: kit.ProviderId) => Promise<kit.Address>;
  const guardian: kit.Deployment; const governance: kit.Deployment; const routerAddress: kit.Address; const poster: kit.Address;
  const oldGuardian: kit.Address; const newGuardian: kit.Address; const oldGovernance: kit.Address; const newGovernance: kit.Address;
  const eventId: kit.Hash32; const seq: bigint; const call: kit.UnsignedCall; const post: kit.AttestationPost;
  const args: kit.ClaimArgs; const receipt: TransactionReceipt; const ids: number[];
  const sendToUser: (match: kit.Signed<"Match">, endpoint: string) => void;
}`;

/** Problems of the blocks when each is compiled as a module of its own, strictly. */
function problemsOf(sources: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  };
  const files = new Map([...sources].map(([name, text]) => [join(ROOT, name), text]));
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, language, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName ?? ""}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

/** Run a block with the names it imports and the values its reader has at hand; gives what it printed. */
async function runBlock(block: string, atHand: Record<string, unknown>): Promise<string[]> {
  const printed: string[] = [];
  const imports = [...block.matchAll(SDK_IMPORT)].map(([, names]) => `const {${names ?? ""}} = sdk;`);
  const body = ts.transpileModule(block.replace(SDK_IMPORT, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  }).outputText;
  const values = { ...atHand, sdk, console: { log: (line: string) => printed.push(line) } };
  // The text is our own document's.
  const AsyncFunction = (async () => {}).constructor as new (
    ...text: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(values), `${imports.join("\n")}\n${body}`)(...Object.values(values));
  return printed;
}

/** Six providers; 0 and 5 are credited by an active attestation. */
async function credited() {
  const suite = await deploySuite();
  const { d, sender } = suite;
  await sdk.approveBond.sendAndWait(d, { bondWei: sdk.wei(6n * BOND_WEI) });
  for (let i = 0; i < 6; i++) {
    await sdk.registerProvider.sendAndWait(d, {
      owner: sdk.address(sender.address),
      payout: sdk.address(`0x${(0x1000 + i).toString(16).padStart(40, "0")}`),
      bondWei: sdk.wei(BOND_WEI),
      metadata: { uri: "ipfs://x", contentHash: sdk.hash32(`0x${"11".repeat(32)}`) },
    });
  }
  const deltas = new Map([
    [0, 5_000_000n],
    [5, 2_000_000n],
  ]);
  const { post } = await attestationOf(d, sdk.LedgerTree.empty(), deltas);
  await sdk.postAttestation.sendAndWait(d, post);
  await networkHelpers.time.increase(ACTIVATION_DELAY);
  await networkHelpers.mine();
  return suite;
}

describe("documents", () => {
  it("README: the SDK in ten lines runs, and is ten lines at most", async () => {
    const [block] = blocksOf("README.md");
    expect(block?.split("\n").filter((line) => line.trim() !== "")).to.have.length.within(1, 10);
    const { sender, addresses } = await networkHelpers.loadFixture(credited);
    expect(await runBlock(block ?? "", { runner: sender, addresses })).to.deep.equal([
      "today 993 MOR may still be credited; 1 is the last active attestation",
      "provider 0 is due 5000000 uMOR",
      "provider 5 is due 2000000 uMOR",
      "paid 7000000 uMOR",
    ]);
  });

  it("every example is shown to its reader, as it is (npm run docs:examples)", () => {
    const documents = renderExamples();
    for (const [path, { text }] of documents) expect(readFileSync(join(ROOT, path), "utf8"), path).to.equal(text);
    const examples = readdirSync(join(ROOT, "sdk", "examples")).map((name) => `sdk/examples/${name}/${name}.ts`);
    expect([...documents.values()].flatMap(({ shown }) => shown)).to.have.members(examples);
  });

  it("every link from paper to paper leads somewhere", () => {
    const papers = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
    for (const document of [...papers, "sdk/README.md", ...pages()]) {
      const text = readFileSync(join(ROOT, document), "utf8");
      for (const [, path = "", anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
        const target = path === "" ? document : join(document, "..", path);
        expect(existsSync(join(ROOT, target)), `${document}: ${path}`).to.equal(true);
        if (anchor === undefined || !target.endsWith(".md")) continue;
        const headings = [...readFileSync(join(ROOT, target), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, words = ""]) =>
          words
            .toLowerCase()
            .replace(/[^\w\- ]/g, "")
            .replaceAll(" ", "-"),
        );
        expect(headings, `${document}: ${path}`).to.include(anchor);
      }
    }
  });

  it("every block of code compiles against the SDK's public door", () => {
    const sources = new Map([["at-hand.ts", AT_HAND]]);
    // A page for the shell has commands instead.
    const ofCode = pages().filter((page) => !page.endsWith("command-line.md"));
    for (const document of ["README.md", "INTEGRATION.md", "sdk/README.md", "docs/operate/runbook.md", ...ofCode]) {
      const blocks = blocksOf(document);
      expect(blocks, document).to.not.be.empty;
      blocks.forEach((block, i) => {
        const name = `${document.replaceAll("/", "-").replace(".md", "")}-block-${i + 1}.ts`;
        sources.set(name, `export {};\n${block}`);
      });
    }
    expect(problemsOf(sources)).to.deep.equal([]);
  }).timeout(60_000);
});
