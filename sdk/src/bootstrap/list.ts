import { InvalidSeasonList } from "../errors/bootstrap.js";
import { keccak256Hex } from "../crypto/keccak.js";
import { ZERO_HASH, providerId, uint, type Hash32, type UMor } from "../units/index.js";
import { SEASON_RANKS, compareEntries, type SeasonEntry } from "./ranking.js";

/** Bytes of an entry: weight in uMOR u48, provider id u24, big-endian. */
const ENTRY_BYTES = 9;

/**
 * Pack the list of a season as the contract takes it: at most a hundred entries, best first. Twin of
 * contracts/interfaces/IBootstrapPool.sol.
 * @throws InvalidSeasonList; InvalidField for an id above 24 bits or a weight above 48
 */
export function packList(entries: readonly SeasonEntry[]): Uint8Array {
  requireList(entries);
  const out = new Uint8Array(entries.length * ENTRY_BYTES);
  const view = new DataView(out.buffer);
  entries.forEach(({ id, weightUMor }, i) => {
    const weight = uint(weightUMor, 48, `list[${i}].weightUMor`);
    const at = i * ENTRY_BYTES;
    view.setUint32(at, Number(weight >> 16n));
    view.setUint16(at + 4, Number(weight & 0xffffn));
    // Overlaps the weight's last byte, which is written again: big-endian u32 of it and the id.
    view.setUint32(at + 5, Number(((weight & 0xffn) << 24n) | uint(id, 24, `list[${i}].id`)));
  });
  return out;
}

/** Read a packed list. @throws InvalidSeasonList when the contract would not have written it */
export function unpackList(data: Uint8Array): SeasonEntry[] {
  const entries = unpackEntries(data);
  requireList(entries);
  return entries;
}

/** Read packed entries in any order and number, as events carry them. @throws InvalidSeasonList */
export function unpackEntries(data: Uint8Array): SeasonEntry[] {
  if (data.length % ENTRY_BYTES !== 0) throw new InvalidSeasonList(`${data.length} bytes are no multiple of 9`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / ENTRY_BYTES }, (_, i) => {
    const at = i * ENTRY_BYTES;
    const weight = (BigInt(view.getUint32(at)) << 16n) | BigInt(view.getUint16(at + 4));
    return { id: providerId(view.getUint32(at + 5) & 0xffffff), weightUMor: weight as UMor };
  });
}

/** Hash under which the contract keeps a packed list: zero for the empty one. */
export function listHash(packed: Uint8Array): Hash32 {
  return packed.length === 0 ? ZERO_HASH : keccak256Hex(packed);
}

/**
 * Enter providers into a list as the contract does: the best hundred of both stay. Who is in it already, has no weight or is
 * not better than the last of a full list changes nothing.
 */
export function enterList(list: readonly SeasonEntry[], entered: readonly SeasonEntry[]): SeasonEntry[] {
  const known = new Map(list.map((entry) => [entry.id, entry]));
  for (const entry of entered) {
    if (entry.weightUMor > 0n && !known.has(entry.id)) known.set(entry.id, entry);
  }
  return [...known.values()].sort(compareEntries).slice(0, SEASON_RANKS);
}

function requireList(entries: readonly SeasonEntry[]): void {
  if (entries.length > SEASON_RANKS) throw new InvalidSeasonList(`${entries.length} entries, at most ${SEASON_RANKS}`);
  for (let i = 1; i < entries.length; i++) {
    if (compareEntries(entries[i - 1]!, entries[i]!) >= 0) {
      throw new InvalidSeasonList(`entry ${i} does not come after the one before it`);
    }
  }
  const seen = new Set(entries.map(({ id }) => id));
  if (seen.size !== entries.length) throw new InvalidSeasonList("a provider stands in it twice");
  const last = entries[entries.length - 1];
  if (last?.weightUMor === 0n) throw new InvalidSeasonList("an entry without weight");
}
