// Deletion of accounts: asked for, called off or due; then nobody gets in, what runs is ended, and all that is theirs
// goes in one commit. Any process may do each part, any of them may die: the row of the deletion says how far it is.
import { GenrtlError } from '@genrtl/contracts';
import type { DeletionView } from '@genrtl/contracts/http/accounts.ts';
import { inTransaction, reading, type Pool } from '../db/index.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { Log } from '../processes/log.ts';
import * as repository from './repository.ts';
import { TREATMENTS } from './treatments.ts';

export interface DeletionOptions {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly log: Log;
  /** how long a deletion can be called off */
  readonly delayMs: number;
  /** asks durable and interactive runs to end */
  readonly cancel: (account: string, work: { runs: readonly string[]; flowRuns: readonly string[] }) => Promise<void>;
  /** nothing more is charged to the account, beyond what runs within its holds */
  readonly endBilling: (account: string) => Promise<void>;
  /** what processes keep of the account outside the database: mails to the address, answers in memory */
  readonly forget: (subject: repository.Subject) => Promise<void>;
  /** how long an object that nobody names stays: an upload in between names it only after it was stored */
  readonly graceMs?: number;
  /** how long after the account was closed work may still be accepted by a process that believes otherwise */
  readonly settleMs?: number;
}

const GRACE_MS = 10 * 60_000;
/** Twice the time that a process believes a credential (accounts/principal.ts). */
const SETTLE_MS = 10_000;

const DELETION_DAYS = 7;

/** `GENRTL_DELETION_DAYS`: how long a deletion can be called off, default 7 days. */
export function deletionTimes(env: NodeJS.ProcessEnv): { delayMs: number } {
  const text = env['GENRTL_DELETION_DAYS'];
  const days = text === undefined || text === '' ? DELETION_DAYS : Number(text);
  if (!Number.isFinite(days) || days < 0 || days > 365)
    throw new GenrtlError('USAGE', `GENRTL_DELETION_DAYS is ${text}`, { hint: 'It is a number of days, 0 to 365.' });
  return { delayMs: days * 86_400_000 };
}

export class Deletions {
  readonly #options: DeletionOptions;

  constructor(options: DeletionOptions) {
    this.#options = options;
  }

  async view(account: string): Promise<DeletionView> {
    return reading(this.#options.pool, async (tx) => asView(await repository.findDeletion(tx, account)));
  }

  /**
   * `confirm` is the person's address or the organisation's short name. REQUEST_INVALID, FORBIDDEN for a last owner.
   */
  async ask(account: string, by: string, confirm: string): Promise<DeletionView> {
    const { pool, delayMs, endBilling } = this.#options;
    const view = await inTransaction(pool, 'account.deletion', async (tx) => {
      const subject = await repository.subjectOf(tx, account);
      const name = subject.person === '' ? await repository.organisationSlug(tx, account) : subject.email;
      if (name === null || name === '' || confirm.trim().toLowerCase() !== name.toLowerCase())
        throw new GenrtlError(
          'REQUEST_INVALID',
          `confirm: not the ${subject.person === '' ? 'short name' : 'address'}`,
        );
      const owned = await repository.soleOwnerships(tx, subject.person);
      if (owned.length > 0)
        throw new GenrtlError('FORBIDDEN', `You are the only owner of ${owned.join(', ')}`, {
          hint: 'Make somebody else an owner there, or delete the organisation first.',
        });
      await repository.askForDeletion(tx, account, by, delayMs);
      return asView(await repository.findDeletion(tx, account));
    });
    await endBilling(account);
    return view;
  }

  /** FORBIDDEN when it has begun. */
  async callOff(account: string): Promise<DeletionView> {
    const gone = await inTransaction(this.#options.pool, 'account.deletion', (tx) =>
      repository.callOffDeletion(tx, account),
    );
    if (!gone) throw new GenrtlError('FORBIDDEN', 'It is too late: the deletion has begun');
    return asView(null);
  }

  /** Takes each due deletion as far as it goes now, then removes objects that nobody names. */
  async sweep(): Promise<void> {
    const { pool, log } = this.#options;
    for (const { account_id } of await reading(pool, repository.dueDeletions)) {
      await this.#advance(account_id).catch((error: unknown) => {
        log.warn('a deletion did not go on', { account_id, error: String(error) });
      });
    }
    await this.#removeObjects();
  }

  async #advance(account: string): Promise<void> {
    const { pool, cancel, endBilling, forget, log, settleMs = SETTLE_MS } = this.#options;
    const [subject, owned] = await reading(pool, async (tx) => {
      const found = await repository.subjectOf(tx, account);
      return [found, await repository.soleOwnerships(tx, found.person)] as const;
    });
    if (owned.length > 0) {
      log.warn('a deletion waits: an organisation would be left without an owner', { account_id: account });
      return;
    }
    const closed = await inTransaction(pool, 'account.close', async (tx) => {
      await repository.closeAccount(tx, subject);
      return (await repository.findDeletion(tx, account))?.closed_at ?? new Date();
    });
    const work = await reading(pool, (tx) => repository.unfinishedWork(tx, account));
    if (work.runs.length + work.flowRuns.length > 0) return cancel(account, work);
    if (Date.now() - closed.getTime() < settleMs) return;
    await endBilling(account);
    await forget(subject);
    await inTransaction(pool, 'account.erase', async (tx) => {
      const [present, objects] = [await repository.presentTreatments(tx), await repository.objectsOf(tx, account)];
      await repository.askForRemoval(tx, objects);
      for (const treatment of TREATMENTS)
        if (present.includes(treatment)) await repository.endTable(tx, treatment, subject);
      await repository.finishDeletion(tx, account);
    });
    log.info('an account was deleted', { account_id: account });
  }

  async #removeObjects(): Promise<void> {
    const { pool, objects, graceMs = GRACE_MS } = this.#options;
    const removable = await inTransaction(pool, 'object.remove', (tx) => repository.removableObjects(tx, graceMs));
    if (removable.length === 0) return;
    const removed: string[] = [];
    for (const sha256 of removable) if (await objects.remove(sha256, { olderThanMs: graceMs })) removed.push(sha256);
    await inTransaction(pool, 'object.remove', (tx) => repository.forgetRemovals(tx, removed));
  }
}

function asView(row: repository.DeletionRow | null): DeletionView {
  return {
    deletion: row === null ? null : { asked_at: row.asked_at.toISOString(), due_at: row.due_at.toISOString() },
  };
}
