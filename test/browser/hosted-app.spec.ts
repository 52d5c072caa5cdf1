// The app and a hosted backend together, as an engineer of a company meets them: signed in by the browser, at work for
// the organisation, its private package bought in the Packages room and at the gate of a job, a plan that is used up,
// consent, and the same amounts in the usage window as in the backend's books.
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Plan, UsageSummary } from '@genrtl/contracts';
import type { AccountView, MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { openHosted, type Hosted, type Person } from '../../backend/test/hosted.ts';
import { copiedPackage, scriptedGate } from '../../backend/test/scripted-gate.ts';
import { publishFolder } from '../../main/cbb/publish.ts';
import { BackendClient } from '../../main/cloud/backend-client.ts';
import portalEn from '../../portal/i18n/en.json' with { type: 'json' };
import portalZh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import zh from '../../renderer/i18n/zh-CN.json' with { type: 'json' };
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import { representatives } from '../representatives.ts';
import { seriousFaults, watchConsole } from './support/app-fixture.ts';
import { PLAN, SPEC } from './support/event-counter-model.ts';
import { accessible, button, opened, unexpected } from './support/portal.ts';
import { signIn } from './support/portal-people.ts';
import { makeWorkspace, openWorkspace, showPanel } from './support/room.ts';
import { serveApp } from './support/served-app.ts';

/** What the free plan includes is gone with one package and the first cent of a model. */
const PLANS = `plans:
  - plan: free
    version: 1
    name: { en: Trial, zh-CN: 试用版 }
    price_usd: "0"
    stripe_lookup_key: null
    included_usd: "0.06"
    models: ["*"]
    unfinished_jobs: 8
    starts_per_minute: 60
    prepaid_valid_days: 30
    on_demand: true
    over_quota: { then: refuse }
`;
const EDGE = '@acme/edge';
const WITH_EDGE: Plan = {
  ...PLAN,
  top: { ...PLAN.top, instances: [{ name: 'u_edge', of: 'cbb_edge_detect', cbb: EDGE }] },
  cbb_requirements: [{ id: 'u_edge', function: EDGE, needs_tb: false }],
};

let hosted: Hosted;
let models: FakeModels;
let folder: string;
let ada: Person;
let acme: string;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'genrtl-hosted-app-'));
  const plans = path.join(folder, 'plans.yaml');
  writeFileSync(plans, PLANS);
  models = await startFakeModels({ script: () => ({ kind: 'text', text: JSON.stringify(WITH_EDGE) }) });
  hosted = await openHosted({
    gate: scriptedGate,
    env: {
      GENRTL_PLANS: plans,
      GENRTL_PRIVATE_NETWORKS: '127.0.0.1',
      OPENAI_API_KEY: 'key of the backend',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'test-model',
      GENRTL_MODEL_PRICES: '{"test-model":{"input":"10.00","output":"20.00"}}',
    },
  });
  ada = await hosted.person('Ada');
  acme = (await ada.identity<{ id: string }>('/organization/create', { name: 'Acme', slug: 'acme' })).body.id;
  const key = { name: 'ci', scopes: ['work', 'publish', 'account'], expires_in_days: 7 };
  const { body: made } = await ada.call<MadeKey>('POST', '/v1/account/keys', key, acme);
  const client = new BackendClient({ url: hosted.url, token: made.key }, []);
  await publishFolder(copiedPackage(folder, EDGE, '1.0.0', { title: 'Edges of Acme' }), client);
  const hidden = { visibility: 'private' };
  expect((await ada.call('PUT', `/v1/packages/${encodeURIComponent(EDGE)}`, hidden, acme)).status).toBe(200);
});
test.afterAll(async () => {
  await hosted.close();
  await models.close();
  await rm(folder, { recursive: true, force: true });
});

const LANGUAGES = [
  ['en-US', en, portalEn],
  ['zh-CN', zh, portalZh],
] as const;
for (const [locale, texts, pages] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`signed in by the browser, for an organisation, through purchase, limit and consent: ${locale}`, async ({
    page,
    browser,
  }) => {
    const problems = watchConsole(page);
    const app = await serveApp(path.join(folder, `home-${locale}`), 0, { GENRTL_BACKEND_URL: hosted.url });
    try {
      const workspace = await makeWorkspace({ 'src/top.sv': 'module top; endmodule\n' });
      await page.goto(app.url);
      if (locale === 'zh-CN') await page.getByRole('button', { name: '中文' }).click();

      // signed in by the browser of this machine, at the page that the app names
      await button(page, texts.account.title).click();
      const dialog = page.getByRole('dialog', { name: texts.account.title });
      await dialog.getByRole('button', { name: texts.account.byBrowser }).click();
      const address = await dialog.getByRole('link').getAttribute('href');
      const portal = await opened(browser, locale);
      await portal.page.goto(address ?? '');
      await signIn(portal.page, pages, ada.email);
      await expect(button(portal.page, pages.device.approve)).toBeVisible();
      await accessible(portal.page);
      await button(portal.page, pages.device.approve).click();
      await expect(portal.page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/callback\?/);
      await expect(dialog).toContainText(ada.email);
      await expect(dialog).toContainText(`Acme (${texts.account.roles.owner})`);
      await expect(dialog).toContainText(locale === 'zh-CN' ? '试用版' : 'Trial');
      await expect(dialog).toContainText('$0.06');
      expect(await seriousFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');

      // what is private to the organisation is there once one works for it
      await openWorkspace(page, app.url, workspace);
      const packages = await showPanel(page, 'cbb');
      await packages.getByPlaceholder(texts.cbb.search).fill(EDGE);
      await expect(packages.getByText(texts.cbb.noMatch)).toBeVisible();
      await button(page, texts.account.title).click();
      await dialog.getByRole('combobox', { name: texts.account.worksFor }).selectOption(acme);
      await expect(dialog.locator('.muted').first()).toHaveText(texts.account.roles.owner);
      await page.keyboard.press('Escape');
      await expect(packages.locator('.cbb-row')).toHaveCount(1);
      await expect(packages.getByRole('heading', { name: 'Edges of Acme' })).toBeVisible();
      expect(await seriousFaults(page)).toEqual([]);
      await packages.getByRole('button', { name: texts.cbb.buy }).click();
      await button(page, texts.cbb.buyFor.replace('{{price}}', '$0.05')).click();
      await expect(packages.locator('.cbb-actions').getByText(texts.cbb.intact)).toBeVisible();
      expect(existsSync(path.join(workspace, `.genRTL/vendor/cbb/${EDGE}/1.0.0/rtl/cbb_edge_detect.sv`))).toBe(true);

      // a job that the plan no longer pays for
      await page.goto(new URL(app.url).origin);
      await dropped(page, `counter-${locale.toLowerCase()}`);
      await button(page, texts.start.create).click();
      const agent = page.locator('[data-panel=agent]');
      await expect(agent.locator('[data-outgoing=backend]')).toBeVisible();
      await agent.getByRole('button', { name: texts.agent.run, exact: true }).click();
      const usedUp = agent.getByRole('region', { name: texts.accountLimit.used_up.title });
      await expect(usedUp).toBeVisible();
      expect(await seriousFaults(page)).toEqual([]);
      const billing = await usedUp.getByRole('link', { name: texts.accountLimit.page }).getAttribute('href');
      expect(billing).toBe(`${hosted.url}/account/billing`);
      await portal.page.goto(billing ?? '');
      await portal.page.getByLabel(pages.shell.actingFor).selectOption(acme);
      await portal.page.getByLabel(pages.billing.limit).fill('5');
      await button(portal.page, pages.billing.setLimit).click();
      await expect(portal.page.getByText('$5.00')).toBeVisible();
      await accessible(portal.page);
      await usedUp.getByRole('button', { name: texts.accountLimit.used_up.again }).click();

      // asked once, and then the same job goes on
      const consent = agent.getByRole('region', { name: texts.accountLimit.consent.title });
      await expect(consent).toBeVisible();
      expect(await seriousFaults(page)).toEqual([]);
      await consent.getByRole('button', { name: texts.accountLimit.consent.agree }).click();
      await button(page, texts.gate.plan.approve).click();
      await expect(page.getByRole('heading', { name: texts.gate.purchase.title })).toBeVisible();
      const purchase = agent.getByRole('row', { name: 'Edges of Acme' });
      await expect(purchase).toContainText(`${EDGE} 1.0.0`);
      await expect(purchase).toContainText('$0.05');
      await purchase.getByRole('button', { name: texts.gate.purchase.evidence }).click();
      await expect(page.locator('[data-panel=cbb]').getByRole('heading', { name: 'Edges of Acme' })).toBeVisible();
      await agent.getByRole('button', { name: texts.gate.purchase.approve, exact: true }).click();
      // what two buckets paid together has two rows of one receipt
      await expect
        .poll(
          async () => new Set((await usage()).rows.flatMap((row) => (row.kind === 'cbb' ? [row.receipt_id] : []))).size,
        )
        .toBe(2);

      // the usage window tells what the organisation's books tell
      await page.goto(`${new URL(app.url).origin}/#/usage`);
      await expect(page.getByRole('cell', { name: EDGE, exact: true }).first()).toBeVisible();
      const { included, on_demand: extra } = await usage();
      const card = (title: string) =>
        page.locator('.usage-card').filter({ has: page.getByRole('heading', { name: title }) });
      await expect(card(texts.usage.included).locator('.usage-amount')).toHaveText(`$${included.used_usd}`);
      await expect(card(texts.usage.onDemand)).toContainText('$5.00');
      expect(Number(extra.used_usd)).toBeGreaterThan(0);
      expect(await seriousFaults(page)).toEqual([]);
      const own = await ada.call<UsageSummary>('GET', '/v1/usage');
      expect(own.body.rows).toEqual([]);
      expect(problems).toEqual([]);
      expect(unexpected(portal.problems)).toEqual([]);
      await portal.page.context().close();
      await rm(workspace, { recursive: true, force: true });
    } finally {
      await app.stop();
    }
  });
}

test('an organisation that one has left, and a backend that is away, are said; nothing is bought for somebody else', async ({
  page,
}) => {
  const bob = await hosted.person('Bob');
  const { body: invitation } = await ada.identity<{ id: string }>('/organization/invite-member', {
    organizationId: acme,
    email: bob.email,
    role: 'member',
  });
  await bob.identity('/organization/accept-invitation', { invitationId: invitation.id });
  const app = await serveApp(path.join(folder, 'home-bob'), 0, { GENRTL_BACKEND_URL: hosted.url });
  try {
    await page.goto(app.url);
    await button(page, en.account.title).click();
    const dialog = page.getByRole('dialog', { name: en.account.title });
    await dialog.getByRole('button', { name: en.account.byCode }).click();
    const code = await dialog.locator('.account-code strong').innerText();
    await bob.call('POST', '/v1/oauth/device/decision', { user_code: code, approve: true });
    await dialog.getByRole('combobox', { name: en.account.worksFor }).selectOption(acme);
    await expect(dialog.locator('.muted').first()).toHaveText(en.account.roles.member);
    await ada.identity('/organization/remove-member', { organizationId: acme, memberIdOrEmail: bob.email });
    await expect
      .poll(async () => (await bob.call<AccountView>('GET', '/v1/account', undefined, acme)).status, {
        timeout: 15_000,
      })
      .toBe(403);
    await page.keyboard.press('Escape');
    await button(page, en.account.title).click();
    await expect(dialog).toContainText(en.account.refuses);
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: en.account.toYourself }).click();
    await expect(dialog).toContainText(en.account.connected);
    await expect(dialog).toContainText(en.account.noOrganisation);
  } finally {
    await app.stop();
  }
  const away = await serveApp(path.join(folder, 'home-bob'), 0, { GENRTL_BACKEND_URL: 'http://127.0.0.1:9' });
  try {
    await page.goto(away.url);
    await button(page, en.account.title).click();
    const dialog = page.getByRole('dialog', { name: en.account.title });
    await expect(dialog).toContainText(en.account.signedOut);
    await dialog.getByRole('button', { name: en.account.byCode }).click();
    await expect(dialog.getByRole('alert')).toContainText(/does not answer/i);
  } finally {
    await away.stop();
  }
});

async function usage(): Promise<UsageSummary> {
  return (await ada.call<UsageSummary>('GET', '/v1/usage', undefined, acme)).body;
}

/** A specification dropped on the start page. */
async function dropped(page: Page, name: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], file, { type: 'text/markdown' }));
      return data;
    },
    [`${name}.md`, SPEC] as const,
  );
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}
