// Purchases of packages: charge, entitlement and receipt in one transaction; a repeat gives the old receipt at 0; what
// cannot be delivered is reversed. Entitlement is unique on (account, cbb_id, version, workspace_id), whatever the job.
import { randomUUID } from 'node:crypto';
import { formatUsd, GenrtlError, microUsd, type MicroUsd, type Receipt } from '@genrtl/contracts';
import { bindKey, freeKeysOf, resultOfKey, type KeyedRequest, type Queryable } from '../db/index.ts';
import { dieAt } from '../death-points.ts';
import { ensureBudget, moveWithinCap } from './budgets.ts';
import { bucketName } from './buckets.ts';
import { planDraw } from './locked-buckets.ts';
import { lockBuckets, platformAccount } from './repository/buckets.ts';
import { insertEntry, isReversed, postingsOf } from './repository/journal.ts';
import * as repository from './repository/purchases.ts';

export interface Purchase {
  readonly accountId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly jobId: string | null;
  readonly stepId: string | null;
  readonly workspaceId: string;
  readonly cbbId: string;
  readonly version: string;
  readonly sha256: string;
  /** what the registry asks now */
  readonly price: MicroUsd;
  /** what the buyer agreed to */
  readonly agreed: MicroUsd;
  /** the job's cap, for a job not seen before */
  readonly cap: MicroUsd | null;
}

/** CBB_PRICE_CHANGED, BUDGET_EXCEEDED, IDEMPOTENCY_MISMATCH; a refusal changes nothing and binds no key. */
export async function purchase(tx: Queryable, request: Purchase): Promise<Receipt> {
  const keyed: KeyedRequest = {
    accountId: request.accountId,
    key: request.key,
    requestHash: request.requestHash,
    kind: 'checkout',
  };
  await repository.lockPackage(tx, request);
  const known = await resultOfKey(tx, keyed);
  const receipts = await repository.receiptsOf(tx, request);
  if (known !== null) {
    const first = receipts.find((receipt) => receipt.receipt_id === known);
    if (first === undefined) throw otherRequest();
    // Under the key that paid a repeat shows what it paid; under any other key nothing was paid.
    return receiptOf(first, first.checkout_key === request.key ? first.price_micro : 0);
  }
  const owned = receipts.find((receipt) => !receipt.revoked);
  if (owned !== undefined) {
    await bind(tx, keyed, owned.receipt_id);
    return receiptOf(owned, 0);
  }
  if (request.price !== request.agreed) {
    throw new GenrtlError(
      'CBB_PRICE_CHANGED',
      `${request.cbbId} ${request.version} costs $${formatUsd(request.price)} now, not $${formatUsd(request.agreed)}`,
      {
        details: { cbb_id: request.cbbId, version: request.version, price_usd: formatUsd(request.price) },
      },
    );
  }
  const receiptId = await charge(tx, request, receipts.length + 1);
  await bind(tx, keyed, receiptId);
  const made = await repository.findReceipt(tx, request.accountId, receiptId);
  if (made === null) throw new GenrtlError('INTERNAL', 'The receipt just made is missing');
  dieAt('checkout_before_commit');
  return receiptOf(made, made.price_micro);
}

async function charge(tx: Queryable, request: Purchase, nth: number): Promise<string> {
  if (request.jobId !== null) {
    if (request.cap !== null) await ensureBudget(tx, request.accountId, request.jobId, request.cap);
    await moveWithinCap(tx, request.accountId, request.jobId, { held: 0, spent: request.price });
  }
  const draws = await planDraw(tx, request.accountId, request.price);
  const entryId = `entry_${randomUUID()}`;
  await insertEntry(
    tx,
    {
      entryId,
      accountId: request.accountId,
      kind: 'cbb',
      // The n-th purchase of this package for this workspace exists once, under whatever key it was asked for.
      idempotencyKey: ['cbb', request.accountId, request.cbbId, request.version, request.workspaceId, nth].join('|'),
      requestHash: request.requestHash,
      jobId: request.jobId,
      stepId: request.stepId,
      item: request.cbbId,
      version: request.version,
      usage: null,
      reverses: null,
    },
    [
      ...draws.map((draw) => ({ ledgerAccountId: draw.ledgerAccountId, amountMicro: -draw.amountMicro })),
      { ledgerAccountId: await platformAccount(tx, 'cbb'), amountMicro: request.price },
    ],
  );
  const receiptId = `rcpt_${randomUUID()}`;
  await repository.insertReceipt(tx, {
    receiptId,
    entryId,
    checkoutKey: request.key,
    accountId: request.accountId,
    cbbId: request.cbbId,
    version: request.version,
    workspaceId: request.workspaceId,
    jobId: request.jobId,
    stepId: request.stepId,
    priceMicro: request.price,
    sha256: request.sha256,
    // the last in drawing order
    bucket: bucketName(draws.at(-1)?.bucket ?? 'included'),
  });
  return receiptId;
}

async function bind(tx: Queryable, keyed: KeyedRequest, receiptId: string): Promise<void> {
  if (!(await bindKey(tx, keyed, receiptId))) throw otherRequest();
}

function otherRequest(): GenrtlError {
  return new GenrtlError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used with another request');
}

/** Reverses a purchase that cannot be delivered and revokes its entitlement; a second call changes nothing. */
export async function reversePurchase(
  tx: Queryable,
  account: string,
  receiptId: string,
  reason: string,
): Promise<void> {
  const receipt = await repository.findReceipt(tx, account, receiptId);
  if (receipt === null) throw new GenrtlError('NOT_FOUND', `No receipt ${receiptId}`);
  await repository.lockPackage(tx, {
    accountId: account,
    cbbId: receipt.cbb_id,
    version: receipt.version,
    workspaceId: receipt.workspace_id,
  });
  if (await isReversed(tx, receipt.entry_id)) return;
  if (receipt.job_id !== null)
    await moveWithinCap(tx, account, receipt.job_id, { held: 0, spent: -receipt.price_micro });
  // in the order in which draws lock them
  await lockBuckets(tx, { accounts: [account] }, new Date());
  const postings = await postingsOf(tx, receipt.entry_id);
  await insertEntry(
    tx,
    {
      entryId: `entry_${randomUUID()}`,
      accountId: account,
      kind: 'reversal',
      idempotencyKey: `reversal|${receipt.entry_id}`,
      requestHash: receipt.sha256,
      jobId: receipt.job_id,
      stepId: receipt.step_id,
      item: receipt.cbb_id,
      version: receipt.version,
      usage: { reason },
      reverses: receipt.entry_id,
    },
    postings.map((posting) => ({ ledgerAccountId: posting.ledgerAccountId, amountMicro: -posting.amountMicro })),
  );
  await repository.revokeEntitlement(tx, receiptId);
  await freeKeysOf(tx, account, 'checkout', receiptId);
  dieAt('reversal_before_commit');
}

function receiptOf(row: repository.ReceiptRow, chargedMicro: number): Receipt {
  return {
    receipt_id: row.receipt_id,
    cbb_id: row.cbb_id,
    version: row.version,
    workspace_id: row.workspace_id,
    charged_usd: formatUsd(chargedMicro),
    price_usd: formatUsd(microUsd(row.price_micro)),
    bucket: row.bucket,
    sha256: row.sha256,
    at: row.created_at.toISOString(),
  };
}

export { entitledVersions, findReceipt, type ReceiptRow } from './repository/purchases.ts';
