// Makes test/vectors/messages.json: one signed example of each message, computed with ethers alone, so that the SDK is
// compared with a second implementation. Run by `npx node scripts/tools/golden-messages.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TypedDataEncoder, Wallet, id, type TypedDataField } from "ethers";

const NAME = "test/vectors/messages.json";
const FILE = fileURLToPath(new URL(`../../${NAME}`, import.meta.url));

/** Types and example of one message; integers as decimal strings, as JSON carries them. */
interface Example {
  readonly fields: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

const USER = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
const QUERY_KEY = "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF";
const ROUTER = "0x1efF47bc3a10a45D4B230B5d10E37751FE6AA718";
const MODEL = id("llama-2-70b-chat");

// The fields are written out a second time, independent of the SDK, so that a slip in one table cannot hide in both.
const EXAMPLES: Readonly<Record<string, Example>> = {
  Rfc: {
    fields:
      "address user,address queryKey,bytes32 modelId,uint64 tokenMax,uint64 issuedAtMs,uint64 deadlineAt,uint256 nonce",
    value: {
      user: USER,
      queryKey: QUERY_KEY,
      modelId: MODEL,
      tokenMax: "4096",
      issuedAtMs: "1732190400123",
      deadlineAt: "1732190460",
      nonce: "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    },
  },
  Bid: {
    fields:
      "uint64 providerId,bytes32 modelId,uint8 unit,uint256 priceWei,uint32 capacity,uint64 sequence,uint64 validFromAt,uint64 expiresAt,string endpoint",
    value: {
      providerId: "7",
      modelId: MODEL,
      unit: 0,
      priceWei: "100000000000",
      capacity: 2,
      sequence: "3",
      validFromAt: "1732190400",
      expiresAt: "1732276800",
      endpoint: "https://provider.example/v1/größe",
    },
  },
  ModelPossession: { fields: "uint64 providerId,bytes32 modelId", value: { providerId: "7", modelId: MODEL } },
  Match: {
    fields:
      "bytes32 rfcHash,bytes32 bidHash,address queryKey,uint64 providerId,bytes32 modelId,uint64 tokenMax,uint256 priceWei,uint64 matchedAtMs,uint64 reportDeadlineAt,address router",
    value: {
      rfcHash: id("rfc"),
      bidHash: id("bid"),
      queryKey: QUERY_KEY,
      providerId: "7",
      modelId: MODEL,
      tokenMax: "4096",
      priceWei: "100000000000",
      matchedAtMs: "1732190400456",
      reportDeadlineAt: "1732191000",
      router: ROUTER,
    },
  },
  Query: {
    fields: "bytes32 matchHash,bytes32 promptHash,uint64 sentAtMs",
    value: { matchHash: id("match"), promptHash: id("prompt"), sentAtMs: "1732190400789" },
  },
  InferenceReport: {
    fields: "bytes32 matchHash,uint64 providerId,uint64 tokens,bool passed,uint64 sentAtMs,uint64 receivedAtMs",
    value: {
      matchHash: id("match"),
      providerId: "7",
      tokens: "512",
      passed: true,
      sentAtMs: "1732190400789",
      receivedAtMs: "1732190405012",
    },
  },
  InferenceBlock: {
    fields:
      "address router,uint64 height,bytes32 previousHash,bytes32 reportsRoot,uint64 reportCount,uint256 creditWei",
    value: {
      router: ROUTER,
      height: "2066400",
      previousHash: id("block 2066399"),
      reportsRoot: id("reports"),
      reportCount: "61",
      creditWei: "3123200000000000",
    },
  },
  Attestation: {
    fields:
      "uint64 seq,bytes32 previousRoot,bytes32 newRoot,uint64 credited,bytes32 debitsHash,uint64 firstBlock,uint64 lastBlock,bytes32 reportsRoot,bytes32 routerSet,uint64 deadline",
    value: {
      seq: "1",
      previousRoot: id("previous root"),
      newRoot: id("new root"),
      credited: "18446744073709551615",
      debitsHash: id("debits"),
      firstBlock: "2066351",
      lastBlock: "2066400",
      reportsRoot: id("reports"),
      routerSet: id("router set"),
      deadline: "1732194000",
    },
  },
  SlashOrder: {
    fields: "bytes32 eventId,uint64 providerId,uint256 amountWei,bytes32 reasonHash,bytes32 routerSet,uint64 deadline",
    value: {
      eventId: id("event"),
      providerId: "7",
      amountWei: "1000000000000000000",
      reasonHash: id("reason"),
      routerSet: id("router set"),
      deadline: "1732194000",
    },
  },
};

// Signer of each kind by the private key 1, 2, 3 or 4, which everyone knows.
const KEY_OF: Readonly<Record<string, number>> = { Rfc: 1, Query: 2, InferenceReport: 2, Bid: 3, ModelPossession: 3 };
const ROUTER_KEY = 4;

const domain = {
  name: "Yellowstone Compute",
  version: "1",
  chainId: "8453",
  verifyingContract: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
};

/** Compute the vectors. An array, not a map, so that a Solidity test can walk it by index. */
export async function goldenMessages(): Promise<object> {
  const messages = await Promise.all(Object.entries(EXAMPLES).map(([kind, example]) => vectorOf(kind, example)));
  return {
    source:
      "Computed with ethers by scripts/tools/golden-messages.ts. Wide integers are decimal strings. The keys are public.",
    domain,
    domainSeparator: TypedDataEncoder.hashDomain(domain),
    messages,
  };
}

/** The text of the committed file. */
export async function goldenText(): Promise<string> {
  return `${JSON.stringify(await goldenMessages(), null, 2)}\n`;
}

async function vectorOf(kind: string, { fields, value }: Example): Promise<object> {
  const types: Record<string, TypedDataField[]> = { [kind]: fields.split(",").map(fieldOf) };
  const wallet = new Wallet(`0x${(KEY_OF[kind] ?? ROUTER_KEY).toString(16).padStart(64, "0")}`);
  const encoder = TypedDataEncoder.from(types);
  return {
    kind,
    type: encoder.encodeType(kind),
    typeHash: id(encoder.encodeType(kind)),
    value,
    structHash: encoder.hash(value),
    digest: TypedDataEncoder.hash(domain, types, value),
    signer: wallet.address,
    privateKey: wallet.privateKey,
    signature: await wallet.signTypedData(domain, types, value),
  };
}

function fieldOf(text: string): TypedDataField {
  const [type = "", name = ""] = text.split(" ");
  return { name, type };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await goldenText();
  const changed = readOr(FILE) !== text;
  writeFileSync(FILE, text);
  console.log(`${NAME}: ${changed ? "written" : "unchanged"}`);
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
