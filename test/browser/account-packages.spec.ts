// Packages of an organisation in the portal of a hosted backend, in a real browser: published, hidden and shown, owned by
// a member, reported, withdrawn by the operator; and the CSV of what the organisation used beside its ledger.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CbbListing, UsageSummary } from '@genrtl/contracts';
import { usageCsv } from '@genrtl/contracts/usage-csv.ts';
import { AiClient } from '../../backend/test/ai-client.ts';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import { copiedPackage, scriptedGate } from '../../backend/test/scripted-gate.ts';
import { publishFolder } from '../../main/cbb/publish.ts';
import { BackendClient } from '../../main/cloud/backend-client.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import zh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import { representatives } from '../representatives.ts';
import { accessible, button, unexpected } from './support/portal.ts';
import { browserOf, founded, ownersBrowser, people } from './support/portal-people.ts';

let hosted: Hosted;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-packages-'));
  const router = fakeRouter(join(folder, 'upstream.txt'));
  hosted = await openHosted({
    router,
    flows: fakeFlows,
    gate: scriptedGate,
    env: { GENRTL_OPERATORS: 'root@example.com' },
  });
});
test.afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(token: string, cbbId: string, title: string): Promise<void> {
  const where = copiedPackage(folder, cbbId, '1.0.0', { title });
  await publishFolder(where, new BackendClient({ url: hosted.url, token }, [])).catch((error: unknown) => {
    if (title !== 'broken') throw error;
  });
}

const LANGUAGES = [
  ['en-US', en],
  ['zh-CN', zh],
] as const;
for (const [locale, texts] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`packages of an organisation: hidden, owned, withdrawn, reported; the CSV is the ledger's: ${locale}`, async ({
    browser,
  }) => {
    const slug = locale === 'en-US' ? 'northwind' : 'beiwei';
    const [bob, eve, root] = await people(hosted, 'Bob', 'Eve', 'Root');
    const { ada, organisation } = await founded(hosted, slug, bob);
    const owner = await ownersBrowser(hosted, browser, locale, texts, { ada, organisation }, '/account/organisation');
    // packages in the own scope: seen by all or by the members, owned, withdrawn, reported
    const id = `@${slug}/edge`;
    const key = { name: 'ci', scopes: ['work', 'publish'], expires_in_days: 7 };
    const { body: token } = await ada.call<{ key: string }>('POST', '/v1/account/keys', key, organisation);
    await publish(token.key, id, 'Edges');
    await publish(token.key, `@${slug}/broken`, 'broken');
    const seen = async () => (await eve.call<CbbListing>('GET', `/v1/cbb/${encodeURIComponent(id)}/1.0.0`)).status;
    const version = '1.0.0';
    expect(await seen()).toBe(200);
    await eve.call('POST', '/v1/cbb/report', { cbb_id: id, version, message: 'misses an edge', evidence: null });
    await owner.page.goto(`${hosted.url}/account/packages`);
    await expect(owner.page.getByText('tb_x fails under icarus')).toBeVisible();
    await owner.page.getByTitle(texts.packages.hideOne.replace('{{name}}', id), { exact: true }).click();
    await expect(owner.page.getByTitle(texts.packages.showOne.replace('{{name}}', id), { exact: true })).toBeVisible();
    expect(await seen()).toBe(404);
    await owner.page.getByLabel(texts.packages.addOwnerTo.replace('{{name}}', id)).selectOption(bob.id);
    const removal = texts.packages.removeOwnerOne.replace('{{name}}', 'Bob').replace('{{id}}', id);
    await expect(owner.page.getByTitle(removal, { exact: true })).toBeVisible();
    await accessible(owner.page);
    await owner.page.getByTitle(texts.packages.showOne.replace('{{name}}', id), { exact: true }).click();
    await expect(owner.page.getByTitle(texts.packages.hideOne.replace('{{name}}', id), { exact: true })).toBeVisible();
    expect(await seen()).toBe(200);

    // under review by who runs the service
    await hosted.database.pool.query(`UPDATE auth."user" SET "email" = 'root@example.com' WHERE "id" = $1`, [root.id]);
    const operator = await browserOf(hosted, browser, locale, texts, 'root@example.com', '/account/operator/packages');
    await expect(operator.page.getByText(`@${slug}/broken`)).toBeVisible();
    await button(operator.page, texts.packages.yankOne.replace('{{name}}', `${id} ${version}`)).click();
    await operator.page.getByLabel(texts.packages.reason).fill('malware');
    await operator.page.getByRole('dialog').getByRole('button', { name: texts.packages.yank, exact: true }).click();
    await expect(operator.page.getByText(texts.packages.withdrawn)).toBeVisible();
    await accessible(operator.page);
    expect(unexpected(operator.problems)).toEqual([]);
    await operator.page.context().close();
    await owner.page.reload();
    await expect(owner.page.getByText('malware')).toBeVisible();
    await button(owner.page, texts.packages.close).click();
    await expect(button(owner.page, texts.packages.reopen)).toBeVisible();

    // what is downloaded is what the ledger says
    const client = new AiClient({ url: hosted.url, token: token.key });
    const { body: run } = await client.submit(await client.planRequest('ok'));
    await client.finished(run.run_id);
    await owner.page.goto(`${hosted.url}/account/usage`);
    await expect(owner.page.getByText('fake/first').first()).toBeVisible();
    const [download] = await Promise.all([
      owner.page.waitForEvent('download'),
      button(owner.page, texts.usage.csv).click(),
    ]);
    const usage = await ada.call<UsageSummary>('GET', '/v1/usage', undefined, organisation);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toBe(usageCsv(usage.body.rows));
    const charged = usage.body.rows.reduce((sum, row) => sum + Math.round(Number(row.amount_usd) * 1e6), 0);
    const { rows } = await hosted.database.pool.query<{ micro: number }>(
      `SELECT COALESCE(-sum(p.amount_micro), 0) AS micro FROM postings p JOIN journal_entries e USING (entry_id)
       JOIN ledger_accounts l USING (ledger_account_id) WHERE e.account_id = $1 AND l.account_id = $1
         AND e.kind IN ('model', 'cbb')`,
      [`org_${organisation}`],
    );
    expect(charged).toBe(Number(rows[0]?.micro));
    expect(unexpected(owner.problems)).toEqual([]);
    await owner.page.context().close();
  });
}
