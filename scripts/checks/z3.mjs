// Answers one SMT-LIB file with the wasm build of Z3: `node z3.mjs [name=value ...] FILE`. A process of its own, because
// the solver's worker threads outlive a query and only the end of the process stops them.
import fs from "node:fs";
import { init } from "z3-solver";

async function main() {
  const settings = process.argv.slice(2);
  const file = settings.pop();
  const { Z3, em } = await init();
  for (const setting of settings) {
    const split = setting.indexOf("=");
    Z3.global_param_set(setting.slice(0, split), setting.slice(split + 1));
  }
  const context = Z3.mk_context(Z3.mk_config());
  const answer = await Z3.eval_smtlib2_string(context, fs.readFileSync(file, "utf8"));
  fs.writeSync(1, answer);
  em.PThread.terminateAllThreads();
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
