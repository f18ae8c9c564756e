import { ConfirmationMissing } from "../errors/cli.js";
import type { Context } from "./command.js";
import { ask, isPersonThere } from "./password.js";

/** Agree before anything of value happens: by --yes, or by the person at the terminal. @throws ConfirmationMissing */
export async function confirm({ args, around, print }: Context, what: string): Promise<void> {
  if (args.flag("yes")) return;
  if (!isPersonThere(around)) throw new ConfirmationMissing(what);
  print.end();
  const answer = await ask(around, `${what}. Go on? [y/N] `, true);
  if (!/^y(es)?$/i.test(answer.trim())) throw new ConfirmationMissing(what);
}
