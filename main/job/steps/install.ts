// cbb_install: what was bought is downloaded, checked, unpacked read-only and written into lockfile and filelists.
import path from 'node:path';
import { Delivery, GenrtlError } from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { z } from 'zod';
import { installDelivery, writeFilelists } from '../../cbb/index.ts';
import { dieAt } from '@genrtl/disk/die-at.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { defineStep, need } from '../step.ts';

/** The server forgets a download link soon; a stale one sends the job back to deliver, not to failure. */
const EXPIRED = new Set(['NOT_FOUND', 'UNAUTHORIZED']);

export const installStep = defineStep({
  name: 'cbb_install',
  reads: ['deliver_step', 'receipts'],
  writes: [],
  async run(context) {
    const backend = await context.backend();
    const folder = context.paths.run(context.jobId, need(context.facts, 'deliver_step'));
    const deliveries = (await readJson(path.join(folder, 'deliveries.json'), z.array(Delivery))) ?? [];
    const receipts = new Map(need(context.facts, 'receipts').map((receipt) => [receipt.receipt_id, receipt]));
    const install = async (delivery: Delivery): Promise<void> => {
      const receipt = receipts.get(delivery.receipt_id);
      if (!receipt) throw new TypeError(`a delivery without receipt: ${delivery.receipt_id}`);
      await installDelivery({
        workspace: context.paths.root,
        delivery,
        receipt,
        fetch: (url) => backend.download(url, context.signal),
      });
      dieAt('cbb_install:one_installed', context.env);
    };
    // one that fails does not end the others half-way
    const ends = await Promise.allSettled(deliveries.map(install));
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    const other = errors.find((error) => !(error instanceof GenrtlError && EXPIRED.has(error.code)));
    if (other !== undefined) throw other;
    if (errors.length > 0) return { kind: 'next', event: 'EXPIRED', summary: stepSummary('linkExpired') };
    await writeFilelists(context.paths.root, context.env);
    return { kind: 'next', event: 'OK', summary: stepSummary('packages', { count: deliveries.length }) };
  },
});
