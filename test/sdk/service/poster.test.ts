import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { RouterMetrics } from "@yellowstone-compute/sdk/service";
import { Poster } from "../../../sdk/dist/service/poster.js";
import { Clocks } from "../../utils/clocks.js";
import { attestationOf, deployWithProviders, networkHelpers } from "../actions/fixture.js";
import { Lines } from "./world.js";

const running = () => deployWithProviders(2);

describe("service: poster", () => {
  const clocks = new Clocks();
  let suite: Awaited<ReturnType<typeof running>>;
  let head: sdk.HeadState;
  let said: Lines;
  let metrics: RouterMetrics;
  let poster: Poster;

  beforeEach(async () => {
    suite = await networkHelpers.loadFixture(running);
    ({ head } = await sdk.readState(suite.d));
    said = new Lines();
    metrics = new RouterMetrics();
    poster = new Poster(suite.d, said.log, metrics);
  });
  afterEach(() => clocks.reset());

  const postOf = async (credits: bigint): Promise<sdk.AttestationPost> =>
    (await attestationOf(suite.d, sdk.LedgerTree.empty(), new Map([[0, credits]]))).post;
  const seqOnChain = async (): Promise<bigint> => (await sdk.readState(suite.d)).head.lastSeq;

  it("posts what continues the head, one at a time", async () => {
    const [post, other] = [await postOf(5n), await postOf(6n)];
    poster.offer(post, { ...head, lastSeq: 1n });
    poster.offer(post, { ...head, headRoot: sdk.ZERO_HASH });
    expect(poster.isBusy, "neither continues the head").to.equal(false);
    poster.offer(post, head);
    expect(poster.isBusy).to.equal(true);
    poster.offer(other, head);
    await poster.close();
    expect(await seqOnChain()).to.equal(1n);
    expect((await sdk.readState(suite.d)).head.attestedUMor).to.equal(5n);
    expect(said.lines.map(({ msg }) => msg)).to.deep.equal(["posted"]);
    expect((await metrics.posted.get()).values[0]?.value).to.equal(1);
  });

  it("does not mind that another was first", async () => {
    const [post, other] = [await postOf(5n), await postOf(6n)];
    await sdk.postAttestation.sendAndWait(suite.d, other);
    poster.offer(post, head);
    await poster.close();
    expect(said.lines[0]).to.include({ level: "info", msg: "posted by another", code: "AttestationSeqInvalid" });
    expect(poster.isBusy, "it goes on at once").to.equal(false);
  });

  it("sleeps over a failure, twice as long each time", async () => {
    await sdk.pauseAttestations.sendAndWait(suite.asGuardian, { durationSeconds: 3_600n });
    const post = await postOf(5n);
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      poster.offer(post, head);
      await poster.close();
      clocks.ahead(pauseMs - 500);
      expect(poster.isBusy, `${pauseMs}`).to.equal(true);
      clocks.ahead(501);
      expect(poster.isBusy, `${pauseMs}`).to.equal(false);
    }
    const lines = said.lines.map(({ level, msg, code }) => [level, msg, code]);
    expect(lines).to.deep.equal(Array(3).fill(["warn", "not posted", "AttestationPaused"]));
    expect(await seqOnChain()).to.equal(0n);
  });
});
