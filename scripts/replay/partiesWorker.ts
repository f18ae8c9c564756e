// A thread of `Parties`: the users' and the providers' side of the replay, with their keys.
import { parentPort, workerData } from "node:worker_threads";
import { localSigner } from "@yellowstone-compute/sdk/messages";
import { checkQuery, queryKeyOf, signQuery, signReport, signRequest, type UserRequest } from "./parties.js";
import type { PartiesAnswer, PartiesData, PartiesQuestion, ServeQuestion, RequestsQuestion } from "./partiesWire.js";

const { seed, domain, userKeys } = workerData as PartiesData;
const users = userKeys.map((key) => localSigner(key));
/** RFCs of this thread that were not served yet, by the index of their request. */
const underway = new Map<number, UserRequest>();

async function requests({ requests: asked }: RequestsQuestion): Promise<PartiesAnswer> {
  const rfcs = [];
  for (const { index, user, ...request } of asked) {
    const whole = { ...request, queryKey: queryKeyOf(seed, index), nonce: BigInt(index) };
    const signed = await signRequest(users[user]!, whole, domain);
    underway.set(index, signed);
    rfcs.push(signed.rfc);
  }
  return { kind: "requests", rfcs };
}

async function serve({ index, match, matchHash, router, atMs, report }: ServeQuestion): Promise<PartiesAnswer> {
  const request = underway.get(index)!;
  underway.delete(index);
  const prompt = new TextEncoder().encode(`request ${index}`);
  const query = await signQuery(request, { match, matchHash, router, atMs, prompt }, domain);
  await checkQuery(query, match, { router, providerId: match.value.providerId, atMs }, domain);
  if (report === undefined) return { kind: "serve", report: undefined };
  const signed = await signReport(request.queryKey, match.value, { ...report, matchHash }, domain);
  return { kind: "serve", report: signed };
}

async function answer(question: PartiesQuestion): Promise<PartiesAnswer> {
  try {
    return await (question.kind === "requests" ? requests(question) : serve(question));
  } catch (reason) {
    return { kind: "failed", reason };
  }
}

// One after the other, so that answers leave in the order of their questions.
let last: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (question: PartiesQuestion) => {
  last = last.then(async () => parentPort?.postMessage(await answer(question)));
});
