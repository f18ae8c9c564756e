/** Version of this package, as its package.json says it; `npm run release` writes both. */
export const SDK_VERSION = "0.1.0";
