// The registry of CBB packages: catalogue, resolve, archives, signatures, publishing. Charging is the ledger's.
export { BUILTIN_PACKAGES, publishBuiltins, publishPackage } from './catalog.ts';
export type { CatalogParts, CatalogReport } from './catalog.ts';
export { benderYml, fusesocCore } from './export.ts';
export { createRegistry } from './registry.ts';
export type { Registry } from './registry.ts';
export { createRegistryRepository } from './repository.ts';
export type { PublishedVersion, RegistryRepository } from './repository.ts';
export { quoteOf, resolveRequirements } from './resolve.ts';
export { searchListings } from './search.ts';
export { openSigningKey, verifySignature } from './sign.ts';
export type { SigningKey } from './sign.ts';
