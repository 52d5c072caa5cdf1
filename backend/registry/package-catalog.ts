// What jobs and purchases need of the registry of packages. Implemented in backend/registry.
import type { CbbListing, Requirement, Resolution, RegistryKeys } from '@genrtl/contracts';

export interface PackageCatalog {
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
  /** base64 detached signature over the archive, and the key that made it. */
  signatureOf(
    cbbId: string,
    version: string,
  ): Promise<{ signature: string; public_key: string; registry?: RegistryKeys }>;
}
