// Checkout and delivery: a package is charged only while it can be delivered, and a charge for what cannot be delivered
// any more is reversed.
import { GenrtlError, parseUsd, type CheckoutRequest, type Delivery, type Receipt } from '@genrtl/contracts';
import type { z } from 'zod';
import { inTransaction, reading, type Pool } from '../db/index.ts';
import type { JobServices } from '../jobs/services.ts';
import { findReceipt, purchase, reversePurchase } from '../ledger/index.ts';
import { dieAt } from '../death-points.ts';
import type { DownloadTokens } from './download-tokens.ts';

export interface Checkout {
  readonly accountId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly request: z.infer<typeof CheckoutRequest>;
}

const underWay = new WeakMap<Pool, Map<string, Promise<Receipt>>>();

/**
 * CBB_NOT_FOUND, CBB_UNDELIVERABLE (nothing charged), CBB_PRICE_CHANGED, BUDGET_EXCEEDED, IDEMPOTENCY_MISMATCH. The same
 * bytes under the same key have one answer: who asks while it is being made waits for that, and for no connection.
 */
export function checkout(services: JobServices, asked: Checkout): Promise<Receipt> {
  let running = underWay.get(services.pool);
  if (running === undefined) underWay.set(services.pool, (running = new Map()));
  const name = [asked.accountId, asked.requestHash, asked.key].join('\n');
  let answer = running.get(name);
  if (answer === undefined) {
    answer = carryOut(services, asked).finally(() => running.delete(name));
    running.set(name, answer);
  }
  return answer;
}

async function carryOut(
  { pool, packages, objects }: JobServices,
  { accountId, key, requestHash, request }: Checkout,
): Promise<Receipt> {
  const listing = await packages.seenBy(accountId).find(request.cbb_id, request.version);
  if (listing === null) throw new GenrtlError('CBB_NOT_FOUND', `No package ${request.cbb_id} ${request.version}`);
  if ((await objects.size(listing.sha256)) !== listing.size_bytes) {
    throw new GenrtlError('CBB_UNDELIVERABLE', `${request.cbb_id} ${request.version} cannot be delivered now`, {
      hint: 'Nothing was charged; try again later.',
    });
  }
  const receipt = await inTransaction(pool, 'package.purchase', (tx) =>
    purchase(tx, {
      accountId,
      key,
      requestHash,
      jobId: request.job_id,
      stepId: request.step_id,
      workspaceId: request.workspace_id,
      cbbId: request.cbb_id,
      version: request.version,
      sha256: listing.sha256,
      price: parseUsd(listing.manifest.price_usd),
      agreed: parseUsd(request.price_usd),
      cap: request.cap_usd === null ? null : parseUsd(request.cap_usd),
    }),
  );
  dieAt('checkout_after_commit');
  return receipt;
}

/** Short-lived links for receipts. CBB_UNDELIVERABLE, with the charge reversed, when an archive is gone or damaged. */
export async function deliver(
  { pool, packages, objects, log }: JobServices,
  downloads: DownloadTokens,
  request: { accountId: string; receiptIds: readonly string[]; origin: string },
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const receiptId of request.receiptIds) {
    const receipt = await reading(pool, (tx) => findReceipt(tx, request.accountId, receiptId));
    if (receipt === null) throw new GenrtlError('NOT_FOUND', `No receipt ${receiptId}`);
    if (receipt.revoked) {
      throw new GenrtlError('CBB_UNDELIVERABLE', `The purchase of ${receipt.cbb_id} ${receipt.version} was reversed`, {
        hint: 'Check the package out again.',
      });
    }
    const { cbb_id, version, sha256 } = receipt;
    const listing = await packages.seenBy(request.accountId).find(cbb_id, version);
    if (listing === null) throw new GenrtlError('NOT_FOUND', `No receipt ${receiptId}`);
    const intact = await objects.read(sha256).then(
      (bytes) => bytes.byteLength,
      () => null,
    );
    if (intact === null) {
      await inTransaction(pool, 'package.reverse', (tx) =>
        reversePurchase(tx, request.accountId, receiptId, 'undeliverable'),
      );
      log.warn('a purchase was reversed: its archive is gone', { receipt_id: receiptId, sha256 });
      throw new GenrtlError(
        'CBB_UNDELIVERABLE',
        `${cbb_id} ${version} could not be delivered; its charge was reversed`,
      );
    }
    // A private package goes to its members only, whoever else gets to know the link.
    const account = listing.visibility === 'private' ? request.accountId : null;
    const { signature, public_key, registry } = await packages.signatureOf(cbb_id, version);
    deliveries.push({
      receipt_id: receiptId,
      cbb_id,
      version,
      sha256,
      size_bytes: intact,
      download_url: `${request.origin}/v1/downloads/${downloads.issue({ sha256, cbb_id, version, account })}`,
      expires_in: downloads.lifetimeSeconds,
      signature,
      public_key,
      ...(registry === undefined ? {} : { registry }),
    });
  }
  return deliveries;
}
