// Packages on demand, outside a job: bought, installed, restored and upgraded with all that they depend on.
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import maxSatisfying from 'semver/ranges/max-satisfying.js';
import { CbbListing, GenrtlError, parseUsd } from '@genrtl/contracts';
import type { Delivery, Receipt, Requirement, Resolution } from '@genrtl/contracts';
import type { z } from 'zod';
import { namedPackage } from '@genrtl/core/cbb/package-id.ts';
import { checkoutKey } from './checkout-key.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { workspaceId } from '../workspace/state-store.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { writeFilelists } from './filelists.ts';
import { installDelivery } from './install.ts';
import type { InstallState } from './install.ts';
import { activeEntries, findEntry } from './lockfile.ts';
import type { PackageId } from './record.ts';
import { damageOf } from './verify.ts';

/** What is needed of the backend's client. */
export interface SupplyClient {
  readonly http: { call<T extends z.ZodType>(method: 'GET', path: string, schema: T): Promise<z.infer<T>> };
  searchCbbs(query: string): Promise<CbbListing[]>;
  resolve(workspaceId: string, requirements: readonly Requirement[]): Promise<Resolution[]>;
  checkout(body: string, idempotencyKey: string): Promise<Receipt>;
  deliver(receiptIds: readonly string[]): Promise<Delivery[]>;
  download(url: string, signal?: AbortSignal): Promise<Readable>;
}

export interface SupplyRequest {
  readonly workspace: string;
  /** `cbb_uart_tx`, `cbb_uart_tx@1.2.0` or `@org/uart@1.2.0` */
  readonly id: string;
  /** the person agreed to pay */
  readonly agreed: boolean;
  readonly client: SupplyClient;
  /** takes the workspace from a client that nobody can reach or end */
  readonly takeOver?: boolean;
  readonly signal?: AbortSignal;
}

export interface Supplied extends PackageId {
  readonly state: InstallState;
}

/**
 * Installs a package and its dependencies, dependencies first. Throws CBB_NOT_FOUND, APPROVAL_NEEDED (with the prices,
 * nothing bought), WORKSPACE_BUSY, CBB_PRICE_CHANGED and the errors of an installation.
 */
export async function installFromRegistry(request: SupplyRequest): Promise<Supplied[]> {
  const root = await realRoot(request.workspace);
  return withWriterLock(root, request.takeOver ?? false, async () => {
    const listings = await closure(request.client, request.id);
    await requireAgreement(root, request, listings);
    const done: Supplied[] = [];
    for (const listing of listings) done.push(await supply(root, request, listing));
    await writeFilelists(root);
    return done;
  });
}

/** Installs the latest version of an installed package. Throws CBB_NOT_FOUND when it is not installed. */
export async function upgrade(request: SupplyRequest): Promise<Supplied> {
  const root = await realRoot(request.workspace);
  if (!(await activeEntries(root)).some((entry) => entry.cbb_id === request.id)) {
    throw new GenrtlError('CBB_NOT_FOUND', `${request.id} is not installed.`, { hint: 'See `npx genrtl cbb list`.' });
  }
  const done = (await installFromRegistry(request)).find((each) => each.cbb_id === request.id);
  if (!done) throw new TypeError('the closure holds the package itself');
  return done;
}

/**
 * Restores every damaged or missing package of the lockfile from its receipt, which costs nothing. One whose receipt
 * this account does not know is bought again where that was agreed to. Throws CBB_RECEIPT_UNKNOWN.
 */
export async function restoreAll(
  workspace: string,
  client: SupplyClient,
  options: { readonly agreed?: boolean; readonly signal?: AbortSignal; readonly takeOver?: boolean } = {},
): Promise<Supplied[]> {
  const root = await realRoot(workspace);
  return withWriterLock(root, options.takeOver ?? false, async () => {
    const done: Supplied[] = [];
    for (const entry of await activeEntries(root)) {
      const state =
        (await damageOf(root, entry)) === null ? ('intact' as const) : await restore(root, client, entry, options);
      done.push({ cbb_id: entry.cbb_id, version: entry.version, state });
    }
    await writeFilelists(root);
    return done;
  });
}

async function withWriterLock<T>(root: string, takeOver: boolean, work: () => Promise<T>): Promise<T> {
  const lock = await acquireWriterLock(workspacePaths(root).writerLock, { takeOver });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** The package and all that it needs, each after what it depends on. */
async function closure(client: SupplyClient, id: string): Promise<CbbListing[]> {
  const { id: name, version } = namedPackage(id);
  const all = await client.searchCbbs('');
  const ordered: CbbListing[] = [];
  const seen = new Set<string>();
  const visit = (listing: CbbListing): void => {
    if (seen.has(listing.manifest.cbb_id)) return;
    seen.add(listing.manifest.cbb_id);
    for (const need of listing.manifest.dependencies) visit(newest(all, need.cbb_id, need.range));
    ordered.push(listing);
  };
  visit(version === undefined ? newest(all, name, '*') : await exactly(client, all, name, version));
  return ordered;
}

function newest(all: readonly CbbListing[], id: string, range: string): CbbListing {
  const versions = all.filter(({ manifest }) => manifest.cbb_id === id);
  const best =
    maxSatisfying(
      versions.map(({ manifest }) => manifest.version),
      range,
    ) ??
    // a package that has prereleases only
    maxSatisfying(
      versions.map(({ manifest }) => manifest.version),
      range,
      { includePrerelease: true },
    );
  const found = versions.find(({ manifest }) => manifest.version === best);
  if (!found)
    throw new GenrtlError('CBB_NOT_FOUND', `There is no package ${id}${range === '*' ? '' : ` of version ${range}`}.`);
  return found;
}

async function exactly(
  client: SupplyClient,
  all: readonly CbbListing[],
  id: string,
  version: string,
): Promise<CbbListing> {
  const found = all.find(({ manifest }) => manifest.cbb_id === id && manifest.version === version);
  return (
    found ?? client.http.call('GET', `/v1/cbb/${encodeURIComponent(id)}/${encodeURIComponent(version)}`, CbbListing)
  );
}

async function requireAgreement(root: string, request: SupplyRequest, listings: readonly CbbListing[]): Promise<void> {
  if (request.agreed) return;
  const paths = workspacePaths(root);
  const unlocked: CbbListing[] = [];
  for (const listing of listings) if ((await findEntry(root, listing.manifest)) === null) unlocked.push(listing);
  const priced = unlocked.filter(({ manifest }) => parseUsd(manifest.price_usd) > 0);
  if (priced.length === 0) return;
  const quotes = await request.client.resolve(
    await workspaceId(paths),
    priced.map(({ manifest }) => ({ id: manifest.cbb_id, function: manifest.cbb_id, needs_tb: false })),
  );
  const unpaid = priced.filter(
    ({ manifest }) =>
      !quotes.some(
        ({ quote }) => quote?.owned && quote.cbb_id === manifest.cbb_id && quote.version === manifest.version,
      ),
  );
  if (unpaid.length === 0) return;
  const prices = unpaid.map(({ manifest }) => `${manifest.cbb_id} ${manifest.version} for ${manifest.price_usd} USD`);
  throw new GenrtlError('APPROVAL_NEEDED', `To buy: ${prices.join(', ')}.`, {
    hint: 'Agree to the price with --yes.',
    details: {
      packages: unpaid.map(({ manifest }) => ({
        cbb_id: manifest.cbb_id,
        version: manifest.version,
        price_usd: manifest.price_usd,
      })),
    },
  });
}

async function supply(root: string, request: SupplyRequest, listing: CbbListing): Promise<Supplied> {
  const { cbb_id, version } = listing.manifest;
  const locked = await findEntry(root, listing.manifest);
  const receipt = locked ?? (await buy(root, request.client, listing));
  if (receipt.sha256 !== listing.sha256)
    throw new GenrtlError(
      'CBB_HASH_MISMATCH',
      `The receipt of ${cbb_id} ${version} names another archive than the listing.`,
    );
  const { receipt_id, price_usd, sha256 } = receipt;
  return {
    cbb_id,
    version,
    state: await restore(root, request.client, { cbb_id, version, receipt_id, price_usd, sha256 }, request),
  };
}

type Paid = PackageId & { receipt_id: string; price_usd: string; sha256: string };

async function restore(
  root: string,
  client: SupplyClient,
  entry: Paid,
  { agreed = false, signal }: { readonly agreed?: boolean; readonly signal?: AbortSignal },
): Promise<InstallState> {
  try {
    return await fetchAndInstall(root, client, entry, signal);
  } catch (error) {
    if (!agreed || GenrtlError.of(error).code !== 'CBB_RECEIPT_UNKNOWN') throw error;
    const listing = await exactly(client, await client.searchCbbs(''), entry.cbb_id, entry.version);
    return fetchAndInstall(root, client, { ...entry, ...(await buy(root, client, listing)) }, signal);
  }
}

/**
 * Entitlements are unique whatever the key, so a purchase after a crash finds its receipt; a fresh key lets a changed
 * price through.
 */
async function buy(root: string, client: SupplyClient, { manifest }: CbbListing): Promise<Receipt> {
  const { cbb_id, version, price_usd } = manifest;
  const workspace_id = await workspaceId(workspacePaths(root));
  return client.checkout(
    JSON.stringify({ job_id: null, step_id: null, workspace_id, cbb_id, version, price_usd, cap_usd: null }),
    checkoutKey(randomUUID(), cbb_id, version, workspace_id),
  );
}

/** Throws CBB_RECEIPT_UNKNOWN for a receipt of another account or ledger: a cloned workspace, a home begun anew. */
async function deliveryOf(client: SupplyClient, item: Paid): Promise<Delivery | undefined> {
  try {
    return (await client.deliver([item.receipt_id]))[0];
  } catch (error) {
    if (GenrtlError.of(error).code !== 'NOT_FOUND') throw error;
    throw new GenrtlError(
      'CBB_RECEIPT_UNKNOWN',
      `The receipt of ${item.cbb_id} ${item.version} in this workspace is not known to your account.`,
      {
        cause: error,
        details: { packages: [{ cbb_id: item.cbb_id, version: item.version, price_usd: item.price_usd }] },
      },
    );
  }
}

async function fetchAndInstall(
  root: string,
  client: SupplyClient,
  item: Paid,
  signal: AbortSignal | undefined,
): Promise<InstallState> {
  const delivery = await deliveryOf(client, item);
  if (delivery?.cbb_id !== item.cbb_id || delivery.version !== item.version || delivery.sha256 !== item.sha256) {
    throw new GenrtlError(
      'CBB_HASH_MISMATCH',
      `The registry delivers something else than ${item.cbb_id} ${item.version} of the receipt.`,
    );
  }
  return installDelivery({ workspace: root, delivery, receipt: item, fetch: (url) => client.download(url, signal) });
}
