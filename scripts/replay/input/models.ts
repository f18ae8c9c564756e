import { InvalidSetting, UnknownModel, type InputPlace } from "./errors.js";

/** How often each model is requested: weights, 0 for a model that is known but not requested. */
export type ModelMix = ReadonlyMap<string, number>;

/** Synthetic: no public trace names the model of a request. */
export const DEFAULT_MIX: ModelMix = new Map([
  ["llama-2-7b-chat", 30],
  ["llama-2-13b-chat", 30],
  ["llama-2-70b-chat", 40],
]);

/** Refuse a model that is not in the list; without a list every name is known. Throws UnknownModel. */
export function requireKnownModel(place: InputPlace, model: string, known?: readonly string[]): void {
  if (known !== undefined && !known.includes(model)) throw new UnknownModel(place, model, known);
}

/** Refuse a mix whose weights cannot be drawn from. Throws InvalidSetting. */
export function requireMix(mix: ModelMix): void {
  for (const [model, weight] of mix) {
    if (!Number.isSafeInteger(weight) || weight < 0 || weight > 1_000_000) {
      throw new InvalidSetting(`mix.${model}`, weight, "a whole number from 0 to 1,000,000");
    }
  }
  const total = [...mix.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) throw new InvalidSetting("mix", "empty", "at least one model with a weight above 0");
}
