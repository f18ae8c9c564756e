import { Worker } from "node:worker_threads";
import type { Signed } from "@yellowstone-compute/sdk/messages";
import type { PartiesAnswer, PartiesData, PartiesQuestion, ServeQuestion, WantedRequest } from "./partiesWire.js";

interface Waiting {
  readonly resolve: (answer: PartiesAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** A thread and the questions it has not answered yet, oldest first. */
interface Lane {
  readonly worker: Worker;
  readonly waiting: Waiting[];
}

/**
 * The users and providers of a replay, in threads of their own: in life they are other machines. They sign and check
 * everything they would there; what fails there fails the replay, when its answer is taken.
 */
export class PartiesThreads {
  readonly #lanes: readonly Lane[];

  constructor(data: PartiesData, threads: number) {
    this.#lanes = Array.from({ length: threads }, () => start(data));
  }

  /** RFCs of requests that stand one behind the other, signed: a promise each, in their order. */
  sign(requests: readonly WantedRequest[]): Promise<Signed<"Rfc">>[] {
    const answers = this.#lanes.map((lane, i) => {
      const own = requests.filter(({ index }) => index % this.#lanes.length === i);
      return ask(lane, { kind: "requests", requests: own }).then((answer) => {
        const rfcs = answer.kind === "requests" ? answer.rfcs : [];
        return new Map(own.map(({ index }, at) => [index, rfcs[at]!]));
      });
    });
    return requests.map(({ index }) => handled(answers[index % this.#lanes.length]!.then((rfcs) => rfcs.get(index)!)));
  }

  /** What came of a match; undefined from a user that never reports. */
  serve(question: Omit<ServeQuestion, "kind">): Promise<Signed<"InferenceReport"> | undefined> {
    const lane = this.#lanes[question.index % this.#lanes.length]!;
    const answer = ask(lane, { kind: "serve", ...question });
    return handled(answer.then((given) => (given.kind === "serve" ? given.report : undefined)));
  }

  /** End the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }
}

function start(workerData: PartiesData): Lane {
  const execArgv = ["--import", import.meta.resolve("tsx")];
  const worker = new Worker(new URL("./partiesWorker.ts", import.meta.url), { workerData, execArgv });
  const lane: Lane = { worker, waiting: [] };
  const refuse = (reason: unknown): void => lane.waiting.splice(0).forEach(({ reject }) => reject(reason));
  worker.on("message", (answer: PartiesAnswer) => {
    const asked = lane.waiting.shift();
    if (answer.kind === "failed") asked?.reject(answer.reason);
    else asked?.resolve(answer);
  });
  worker.on("error", refuse);
  worker.on("exit", () => refuse(new Error("replay: a thread of the parties ended")));
  return lane;
}

function ask({ worker, waiting }: Lane, question: PartiesQuestion): Promise<PartiesAnswer> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage(question);
  });
}

/** A failure is seen by whoever awaits the answer, which is later than it happens: until then it is no unhandled one. */
function handled<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}
