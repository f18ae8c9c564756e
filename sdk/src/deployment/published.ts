import type { PublishedDeployment } from "./addresses.js";

/** Deployments that are published. Written by `npm run deploy -- --export`: do not edit. */
export const PUBLISHED: readonly PublishedDeployment[] = Object.freeze([]);
