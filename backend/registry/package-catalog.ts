// What jobs and purchases need of the registry of packages. Implemented in backend/registry.
import type { CbbListing, RegistryKeys, Requirement, Resolution } from '@genrtl/contracts';

export interface PackageCatalog {
  /** The registry as one account may see it: private packages of others are not there. */
  seenBy(accountId: string): PackageView;
  /** base64 detached signature over the archive of a version that was bought, and the key that made it. */
  signatureOf(
    cbbId: string,
    version: string,
  ): Promise<{ signature: string; public_key: string; registry?: RegistryKeys }>;
}

export interface PackageView {
  /** Every published package in its latest version. */
  latest(): Promise<readonly CbbListing[]>;
  /** One published version, or null. A version never changes once published. */
  find(cbbId: string, version: string): Promise<CbbListing | null>;
  search(query: string): Promise<readonly CbbListing[]>;
  /** Quotes carry `owned: false`; who owns what is the ledger's. */
  resolve(requirements: readonly Requirement[]): Promise<Resolution[]>;
  /** RTL sources of a version, for prompts. */
  sources(cbbId: string, version: string): Promise<{ path: string; text: string }[]>;
  /** README.md of a version as it was published, or null when it has none. */
  readme(cbbId: string, version: string): Promise<string | null>;
}
