// `npm run proofs [-- NAME ...]`: proves the reserve's books for every sequence of calls and refutes their wrong twins.
// Names select the proofs and twins that contain one of them. Exit 1 unless every fact is proved and every twin refuted.
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { PROOFS, TWINS } from "./proofJobs.mjs";
import { check } from "./smtChecker.mjs";

// One for each core of the smallest machine this runs on.
const WORKERS = 2;

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else parentPort.postMessage(check(workerData));

async function main(names) {
  const chosen = (job) => names.length === 0 || names.some((name) => job.name.includes(name));
  const jobs = [...PROOFS, ...TWINS].filter(chosen);
  const tally = { proved: 0, unproved: 0, refuted: 0, standing: 0 };
  const queue = [...jobs];
  const lane = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await runJob(job, tally);
  };
  await Promise.all(Array.from({ length: WORKERS }, lane));
  if (tally.standing > 0) console.log(`${tally.standing} twins not refuted`);
  console.log(`${tally.proved} proved, ${tally.unproved} unproved, ${tally.refuted} twins refuted`);
  return jobs.length > 0 && tally.unproved === 0 && tally.standing === 0 ? 0 : 1;
}

async function runJob(job, tally) {
  const began = performance.now();
  const outcome = await inWorker(job);
  const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  if (job.edit) {
    // A twin may leave other facts of the same contract unproved; what counts is a counterexample to one of them.
    const refuted = outcome.refuted > 0;
    tally[refuted ? "refuted" : "standing"]++;
    console.log(`${refuted ? "refuted" : "STANDING"}  ${job.name}  ${seconds}`);
    if (!refuted) outcome.problems.forEach((problem) => console.log(`          ${problem}`));
    return;
  }
  const complete = outcome.proved === job.facts && outcome.refuted === 0 && outcome.problems.length === 0;
  tally.proved += Math.min(outcome.proved, job.facts);
  // An unexpected count, or anything else the checker says, is a failure even if each fact asked for was proved.
  if (!complete) tally.unproved += Math.max(1, job.facts - outcome.proved);
  console.log(`${complete ? "proved " : "UNPROVED"}  ${job.name}  ${outcome.proved} of ${job.facts} facts  ${seconds}`);
  if (outcome.refuted > 0) console.log(`          ${outcome.refuted} refuted by a counterexample`);
  outcome.problems.forEach((problem) => console.log(`          ${problem}`));
}

/** A check blocks its thread while the solver runs, and a compiler that crashed takes only its own thread with it. */
function inWorker(job) {
  return new Promise((resolve) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: job });
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ proved: 0, refuted: 0, problems: [String(error)] }));
  });
}
