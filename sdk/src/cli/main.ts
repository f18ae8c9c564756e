#!/usr/bin/env node
/// <reference types="node" />
import { run } from "./run.js";

const { env, stdout, stderr, stdin } = process;
// A reader that goes away, as `head` does, is no failure.
stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exitCode = await run(process.argv.slice(2), { env, out: stdout, err: stderr, input: stdin });
