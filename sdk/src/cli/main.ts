#!/usr/bin/env node
/// <reference types="node" />
import { run } from "./run.js";

process.exitCode = await run(process.argv.slice(2), { env: process.env, out: process.stdout, err: process.stderr });
