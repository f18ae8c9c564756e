import { expect } from "chai";
import { createEvidenceRecorder } from "@yellowstone-compute/sdk/quorum";
import type { RouterEvent } from "@yellowstone-compute/sdk/router";
import { EMISSION_START } from "../router/world.js";
import { Liar, type MatchStep } from "./liar.js";
import { PRICE, START_HEIGHT, keys } from "./world.js";

/** What a router with one match is heard to do. */
async function heard() {
  const liar = new Liar(keys[0]!, "ann");
  const { matchHash, match: value } = await liar.match(await liar.bid(0, PRICE));
  const { block, steps } = await liar.block(START_HEIGHT);
  const [bid, step] = steps as [RouterEvent, MatchStep];
  const { rfc, match, atMs } = step;
  const events = {
    bid,
    rfc: { kind: "rfc", rfcHash: value.rfcHash, rfc },
    match: { kind: "match", atMs, matchHash, value },
    signed: { kind: "signed", matchHash, match },
    blocks: { kind: "blocks", blocks: [block] },
  } as Record<"bid" | "rfc" | "match" | "signed" | "blocks", RouterEvent>;
  return { events, block, steps, matchHash, value };
}

describe("evidence recorder", () => {
  it("holds a block back until the signatures of its matches were heard", async () => {
    const { events, block, steps, matchHash, value } = await heard();
    const recorder = createEvidenceRecorder(EMISSION_START);
    const { signed, ...others } = events;
    for (const event of Object.values(others)) recorder.observer(event);
    expect(recorder.take()).to.deep.equal([]);
    expect(recorder.unsigned()).to.deep.equal([{ matchHash, value }]);
    recorder.observer(signed);
    expect(recorder.unsigned()).to.deep.equal([]);
    expect(recorder.take()).to.deep.equal([{ block, steps }]);
    expect(recorder.take()).to.deep.equal([]);
  });

  it("cannot show a match whose RFC came before it listened", async () => {
    const { events, block, steps } = await heard();
    const recorder = createEvidenceRecorder(EMISSION_START);
    for (const event of [events.bid, events.match, events.signed, events.blocks]) recorder.observer(event);
    expect(recorder.unsigned()).to.deep.equal([]);
    expect(recorder.take()).to.deep.equal([{ block, steps: steps.slice(0, 1) }]);
  });
});
