/// <reference types="node" />
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AttestationPost } from "../actions/postAttestation.js";
import { YellowstoneError } from "../errors/base.js";
import { CommandLineInvalid } from "../errors/service.js";
import { parseAttestationPost } from "../service/attestationJson.js";
import { urlOf } from "./arguments.js";
import { askRouter } from "./http.js";
import { readJsonFile } from "./inputFile.js";

/** Something that gives signed attestations. */
export interface RelaySource {
  readonly name: string;
  /**
   * Attestations above `lastSeq` that it has now, lowest seq first. What cannot be read is told and passed over.
   * @throws the errors of a node or router
   */
  look(lastSeq: bigint, onUnfit: (path: string, error: unknown) => void): Promise<Required<AttestationPost>[]>;
}

/** Make the source of an argument: a file, a folder with `*.json`, or the URL of a router. @throws CommandLineInvalid */
export async function sourceOf(argument: string): Promise<RelaySource> {
  if (/^https?:\/\//.test(argument)) return router(urlOf(argument, "SOURCE"));
  const found = await stat(argument).catch(() => undefined);
  if (found === undefined) throw new CommandLineInvalid(`${argument}: no such file or folder, and no URL`);
  return found.isDirectory() ? folder(argument) : file(argument);
}

/** Read an attestation with its quorum. @throws InvalidField, CommandLineInvalid */
export async function readPost(path: string): Promise<Required<AttestationPost>> {
  return parseAttestationPost(await readJsonFile(path));
}

function file(path: string): RelaySource {
  return {
    name: path,
    // What is named by itself must be right.
    look: async (lastSeq) => {
      const post = await readPost(path);
      return post.attestation.seq > lastSeq ? [post] : [];
    },
  };
}

function folder(path: string): RelaySource {
  return {
    name: path,
    async look(lastSeq, onUnfit) {
      const posts: Required<AttestationPost>[] = [];
      for (const name of (await readdir(path)).filter((each) => each.endsWith(".json")).sort()) {
        try {
          const post = await readPost(join(path, name));
          if (post.attestation.seq > lastSeq) posts.push(post);
        } catch (error) {
          // A file that is being written is not JSON yet.
          if (!(error instanceof YellowstoneError)) throw error;
          onUnfit(join(path, name), error);
        }
      }
      return posts.sort((a, b) => Number(a.attestation.seq - b.attestation.seq));
    },
  };
}

function router(url: string): RelaySource {
  return {
    name: url,
    async look(lastSeq) {
      const answer = await askRouter({ url: `${url}/v1/attestations/${lastSeq + 1n}` });
      return answer === undefined ? [] : [parseAttestationPost(answer)];
    },
  };
}
