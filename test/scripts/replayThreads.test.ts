import { expect } from "chai";
import {
  createDomain,
  hashMessage,
  hexToBytes,
  keccak256Text,
  localSigner,
  modelId,
  providerId,
  signMessage,
  unixMillis,
  unixSeconds,
  wei,
  type Match,
  type Rfc,
  type Signed,
} from "@yellowstone-compute/sdk";
import { AheadVerifier } from "../../scripts/replay/aheadVerifier.js";
import { PartiesThreads } from "../../scripts/replay/partiesThreads.js";

const AT_MS = 1_767_225_600_000n;
const domain = createDomain(31337n, `0x${"cc".repeat(20)}`);
const router = localSigner(keccak256Text("test: router"));
const userKeys = [keccak256Text("test: user 0"), keccak256Text("test: user 1")];
const model = modelId(keccak256Text("test: model"));
const report = { tokens: 90n, passed: true, sentAtMs: AT_MS, receivedAtMs: AT_MS + 900n };

describe("threads of the replay", function () {
  this.timeout(60_000);
  let parties: PartiesThreads;
  let rfcs: Signed<"Rfc">[];

  before(async () => {
    parties = new PartiesThreads({ seed: 1, domain, userKeys }, 2);
    const wanted = Array.from({ length: 5 }, (_, index) => {
      return { index, user: index % 2, modelId: model, tokens: 90n, atMs: AT_MS };
    });
    rfcs = await Promise.all(parties.sign(wanted));
  });
  after(() => parties.close());

  async function matchFor(rfc: Rfc, change: Partial<Match> = {}, key = router): Promise<Signed<"Match">> {
    const value: Match = {
      rfcHash: hashMessage("Rfc", rfc, domain),
      bidHash: keccak256Text("test: bid"),
      queryKey: rfc.queryKey,
      providerId: providerId(3),
      modelId: model,
      tokenMax: rfc.tokenMax,
      priceWei: wei(1n),
      matchedAtMs: unixMillis(AT_MS),
      reportDeadlineAt: unixSeconds(AT_MS / 1_000n + 600n),
      router: key.address,
      ...change,
    };
    return signMessage(key, "Match", value, domain);
  }
  const serve = (index: number, match: Signed<"Match">) =>
    parties.serve({
      index,
      match,
      matchHash: hashMessage("Match", match.value, domain),
      router: router.address,
      atMs: AT_MS,
      report,
    });
  const failure = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "none",
      (reason: unknown) => String(reason),
    );

  it("RFCs and reports come in their order, signed by their users and their query keys", async () => {
    expect(rfcs.map(({ value }) => value.nonce)).to.deep.equal([0n, 1n, 2n, 3n, 4n]);
    expect(rfcs.map(({ signer }) => signer)).to.deep.equal(
      [0, 1, 0, 1, 0].map((user) => localSigner(userKeys[user]!).address),
    );
    const signed = await serve(0, await matchFor(rfcs[0]!.value));
    expect(signed?.signer).to.equal(rfcs[0]!.value.queryKey);
    expect(signed?.value).to.include({ providerId: 3n, tokens: 90n, passed: true });
  });

  it("a match of another router, for another key, or changed after it was signed ends the job", async () => {
    const stranger = localSigner(keccak256Text("test: another router"));
    expect(await failure(serve(1, await matchFor(rfcs[1]!.value, {}, stranger)))).to.include(
      "a match of somebody else",
    );
    const queryKey = rfcs[0]!.value.queryKey;
    expect(await failure(serve(2, await matchFor(rfcs[2]!.value, { queryKey })))).to.include(
      "a match of somebody else",
    );
    const match = await matchFor(rfcs[3]!.value);
    const changed = { ...match, value: { ...match.value, priceWei: wei(2n) } };
    expect(await failure(serve(3, changed))).to.include("expected signer");
  });

  it("the router is told who signed what it asks about, and nothing else", async () => {
    const verifier = new AheadVerifier(domain);
    try {
      const { value, signature, signer } = rfcs[4]!;
      const digest = hexToBytes(hashMessage("Rfc", value, domain));
      await verifier.begin(Promise.resolve(rfcs[4]!));
      const another = hexToBytes(rfcs[0]!.signature);
      expect(await verifier.recover(digest, another), "another signature").to.not.equal(signer);
      expect(await verifier.recover(digest, hexToBytes(signature)), "begun").to.equal(signer);
      expect(await verifier.recover(digest, hexToBytes(signature)), "asked again").to.equal(signer);
      const short = hexToBytes(signature).subarray(0, 64);
      expect(await failure(Promise.resolve().then(() => verifier.recover(digest, short)))).to.include("64");
    } finally {
      await verifier.close();
    }
  });
});
