// Two accounts of a hosted backend for the tests of isolation: one that has something of everything, and one that is after
// it with a key that may all that a key may.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SCOPES } from '@genrtl/contracts/access.ts';
import type { MadeKey, SignInView } from '@genrtl/contracts/http/accounts.ts';
import { AiClient } from '../test/ai-client.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { openHosted, type Person } from '../test/hosted.ts';
import type { OpenApiDocument } from '../test/openapi.ts';

export const SPEC = 'ok';
export const AI_RUN = 'r-of-the-owner';

export const makeKey = async (person: Person, as?: string): Promise<MadeKey> => {
  const body = { name: 'ci', scopes: [...SCOPES], expires_in_days: 30 };
  const made = await person.call<MadeKey>('POST', '/v1/account/keys', body, as);
  expect(made.status).toBe(200);
  return made.body;
};

/** `ids`: path parameters by name, all of the owner; `canaries`: what no answer to the thief may hold. */
export async function openTwoAccounts() {
  const folder = mkdtempSync(join(tmpdir(), 'genrtl-isolation-'));
  const hosted = await openHosted({ router: fakeRouter(join(folder, 'upstream.txt')), flows: fakeFlows });
  const [ada, bob] = await Promise.all([hosted.person('Ada'), hosted.person('Bob')]);
  const document = (await hosted.ask<OpenApiDocument>('GET', '/openapi.json')).body;
  const clientOf = ({ key: token }: MadeKey): AiClient => new AiClient({ url: hosted.url, token });
  const key = await makeKey(ada);
  const owner = clientOf(key);
  const thief = clientOf(await makeKey(bob));
  const founded = await ada.identity<{ id: string }>('/organization/create', { name: 'Chips of Ada', slug: 'chips' });
  const organisation = founded.body.id;
  const invited = await ada.identity<{ id: string }>('/organization/invite-member', {
    organizationId: organisation,
    email: 'guest@example.com',
    role: 'admin',
  });
  const invitation = invited.body.id;
  await owner.ask('/api/ai/ask', { client: { runId: AI_RUN }, instruction: 'q', context: { text: 'a counter' } });
  expect((await owner.aiRun(AI_RUN)).runId).toBe(AI_RUN);
  const job = await owner.planRequest(SPEC);
  const run = (await owner.submit(job)).body.run_id;
  await owner.finished(run);
  const bought = await owner.checkout(
    {
      job_id: job.job_id,
      step_id: 's',
      workspace_id: 'ws',
      cbb_id: 'cbb_counter',
      version: '1.0.0',
      price_usd: '0.10',
      cap_usd: null,
    },
    'isolated',
  );
  const receipt = bought.body.receipt.receipt_id;
  const told = { cbb_id: 'cbb_counter', version: '1.0.0', message: 'of the owner', evidence: null };
  const report = (await owner.call<{ report_id: string }>('POST', '/v1/cbb/report', told)).body.report_id;
  const { body: signIns } = await ada.call<{ sign_ins: SignInView[] }>('GET', '/v1/account/sign-ins');
  const ids: Record<string, string> = {
    sha256: createHash('sha256').update(SPEC).digest('hex'),
    run_id: run,
    job_id: job.job_id,
    key_id: key.key_id,
    sign_in_id: signIns.sign_ins[0]?.sign_in_id ?? '',
    cbb_id: 'cbb_counter',
    version: '1.0.0',
    report_id: report,
    user_id: ada.id,
    token: 'forged',
  };
  const canaries = [
    run,
    AI_RUN,
    receipt,
    key.key_id,
    ada.id,
    ada.email,
    report,
    'of the owner',
    organisation,
    'Chips of Ada',
  ];
  const close = async (): Promise<void> => {
    await hosted.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    hosted,
    document,
    ada,
    bob,
    owner,
    thief,
    organisation,
    invitation,
    job,
    run,
    receipt,
    key,
    ids,
    canaries,
    close,
  };
}
export type TwoAccounts = Awaited<ReturnType<typeof openTwoAccounts>>;
