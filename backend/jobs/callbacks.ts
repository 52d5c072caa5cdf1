// Tells the ends of runs to the addresses that their requests named: signed, at least once, tried again for hours, and
// never in the way of the run itself.
import { createHmac } from 'node:crypto';
import type { CallbackSecrets } from '@genrtl/contracts/http/callbacks.ts';
import { repeating, type Pool } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import { signaturesOf } from './callback-signature.ts';
import * as repository from './repository/callbacks.ts';

/** Between the tries; after the last one it is given up. */
const PAUSES_MS = [5_000, 60_000, 300_000, 1_800_000, 7_200_000, 28_800_000];
/** How long the earlier secret signs beside the present one. */
const OVERLAP_MS = 24 * 3_600_000;
const LOOK_MS = 5_000;
const AT_ONCE = 16;
/** Longer than one try may take. */
const HOLD_MS = 90_000;
const ANSWER_MS = 20_000;
const KEPT_DAYS = 30;
/** The receiver says that nobody is there any more. */
const GONE = 410;

/** Resolves to the status; rejects when nobody answers or the address may not be reached. Follows no redirect. */
export type Post = (url: string, headers: Record<string, string>, body: string, signal: AbortSignal) => Promise<number>;

export interface CallbackOptions {
  readonly pool: Pool;
  readonly log: Pick<Log, 'warn'>;
  /** of the service, the same for all its processes */
  readonly secret: string;
  readonly post: Post;
  readonly now?: () => Date;
}

export class Callbacks {
  readonly #options: CallbackOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: CallbackOptions) {
    this.#options = options;
  }

  open(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  /** Sends what is due. */
  look(): Promise<void> {
    this.#looking ??= this.#send()
      .catch((error: unknown) => {
        this.#options.log.warn('callbacks could not be sent', { error: String(error) });
      })
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async secretsOf(accountId: string): Promise<CallbackSecrets> {
    const { pool, now = () => new Date() } = this.#options;
    const row = await repository.readGeneration(pool, accountId);
    const present = { secret: this.#secret(accountId, row?.generation ?? 0), valid_until: null };
    if (row === null) return { secrets: [present] };
    const until = new Date(row.rotated_at.getTime() + OVERLAP_MS);
    if (until <= now()) return { secrets: [present] };
    return {
      secrets: [present, { secret: this.#secret(accountId, row.generation - 1), valid_until: until.toISOString() }],
    };
  }

  /** The present secret becomes the earlier one, and a new one signs beside it. */
  async rotate(accountId: string): Promise<CallbackSecrets> {
    const { pool } = this.#options;
    const seen = (await repository.readGeneration(pool, accountId))?.generation ?? 0;
    await repeating(() => repository.nextGeneration(pool, accountId, seen));
    return this.secretsOf(accountId);
  }

  prune(): Promise<void> {
    return repository.pruneCallbacks(this.#options.pool, KEPT_DAYS);
  }

  #secret(accountId: string, generation: number): string {
    const bytes = createHmac('sha256', this.#options.secret)
      .update(`${accountId}\n${String(generation)}`)
      .digest();
    return `whsec_${bytes.toString('base64')}`;
  }

  async #send(): Promise<void> {
    for (;;) {
      const due = await repository.claimCallbacks(this.#options.pool, AT_ONCE, HOLD_MS);
      await Promise.all(due.map((one) => this.#try(one)));
      if (due.length < AT_ONCE) return;
    }
  }

  async #try({ callback_id: id, account_id: accountId, url, body, tries }: repository.CallbackRow): Promise<void> {
    const { pool, log, post, now = () => new Date() } = this.#options;
    const { secrets } = await this.secretsOf(accountId);
    const timestamp = Math.floor(now().getTime() / 1000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signaturesOf(
        { id, timestamp, body },
        secrets.map(({ secret }) => secret),
      ),
    };
    const status = await post(url, headers, body, AbortSignal.timeout(ANSWER_MS)).catch((error: unknown) => {
      log.warn('a callback did not arrive', { callback_id: id, error: error instanceof Error ? error.message : '' });
      return null;
    });
    const sent = status !== null && status >= 200 && status < 300;
    const pause = sent || status === GONE ? null : (PAUSES_MS[tries - 1] ?? null);
    await repeating(() => repository.settleCallback(pool, id, sent, pause));
  }
}
