// What people of an organisation do to one another in the portal of a hosted backend, in a real browser: inviting,
// joining, refusing, coming too late, losing a role, being removed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import zh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import { representatives } from '../representatives.ts';
import { accessible, button, unexpected } from './support/portal.ts';
import { browserOf, founded, ownersBrowser, people } from './support/portal-people.ts';

let hosted: Hosted;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-organisation-'));
  const router = fakeRouter(join(folder, 'upstream.txt'));
  hosted = await openHosted({ router, flows: fakeFlows });
});
test.afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

const LANGUAGES = [
  ['en-US', en],
  ['zh-CN', zh],
] as const;
for (const [locale, texts] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`invitations: joined, refused, too late; a role that ends, a member who goes: ${locale}`, async ({
    browser,
  }) => {
    const [bob, dan, eve] = await people(hosted, 'Bob', 'Dan', 'Eve');
    const { ada, organisation } = await founded(hosted, `guests-${locale.toLowerCase()}`);
    const owner = await ownersBrowser(hosted, browser, locale, texts, { ada, organisation }, '/account/organisation');

    // sent: to who joins as admin, to who refuses, to who comes too late
    const links: Record<string, string> = {};
    for (const [person, role] of [
      [bob, 'admin'],
      [dan, 'member'],
      [eve, 'member'],
    ] as const) {
      await owner.page.getByLabel(texts.organisation.email).fill(person.email);
      await owner.page.getByRole('combobox', { name: texts.organisation.role, exact: true }).selectOption(role);
      await button(owner.page, texts.organisation.invite).click();
      const told = texts.organisation.invited.replace('{{email}}', person.email);
      await expect(owner.page.getByText(told)).toBeVisible();
      [, links[person.email] = ''] = await hosted.mail.waitFor(person.email, /(\/invitation\?id=\S+)/);
    }
    await accessible(owner.page);
    await hosted.database.pool.query(
      `UPDATE auth."invitation" SET "expiresAt" = now() - interval '1 minute' WHERE "email" = $1`,
      [eve.email],
    );
    const late = await browserOf(hosted, browser, locale, texts, eve.email, links[eve.email] ?? '');
    await expect(late.page.getByRole('status')).toHaveText(texts.invitation.wrong);
    await accessible(late.page);
    await late.page.context().close();
    const no = await browserOf(hosted, browser, locale, texts, dan.email, links[dan.email] ?? '');
    await expect(no.page.getByText('Chips')).toBeVisible();
    await accessible(no.page);
    await button(no.page, texts.invitation.refuse).click();
    await expect(no.page.getByRole('status')).toHaveText(texts.invitation.refused);
    await no.page.context().close();
    const admin = await browserOf(hosted, browser, locale, texts, bob.email, links[bob.email] ?? '');
    await button(admin.page, texts.invitation.accept).click();
    await expect(admin.page.getByRole('status')).toHaveText(texts.invitation.joined);
    await button(admin.page, texts.invitation.open).click();
    await admin.page.getByLabel(texts.shell.actingFor).selectOption(organisation);
    await expect(admin.page.getByRole('link', { name: texts.pages.keys, exact: true })).toBeVisible();

    // a demotion takes effect while the page is open, and everywhere within ten seconds
    await owner.page.reload();
    await expect(owner.page.getByText(texts.organisation.noInvitations)).toBeVisible();
    const keysOf = async () => (await bob.call('GET', '/v1/account/keys', undefined, organisation)).status;
    expect(await keysOf()).toBe(200);
    await owner.page.getByLabel(texts.organisation.roleOf.replace('{{name}}', 'Bob')).selectOption('member');
    await expect.poll(keysOf, { timeout: 10_000 }).toBe(403);
    await admin.page.reload();
    await expect(admin.page.getByRole('link', { name: texts.pages.organisation, exact: true })).toBeVisible();
    await expect(admin.page.getByRole('link', { name: texts.pages.keys, exact: true })).toHaveCount(0);
    expect(unexpected(admin.problems)).toEqual([]);
    await admin.page.context().close();

    // removed: nothing of the organisation is theirs any more
    await button(owner.page, texts.organisation.removeOne.replace('{{name}}', 'Bob')).click();
    await owner.page.getByRole('dialog').getByRole('button', { name: texts.organisation.remove, exact: true }).click();
    await expect(owner.page.getByRole('cell', { name: bob.email })).toHaveCount(0);
    const accountOf = async () => (await bob.call('GET', '/v1/account', undefined, organisation)).status;
    await expect.poll(accountOf, { timeout: 10_000 }).toBe(403);
    expect(unexpected(owner.problems)).toEqual([]);
    await owner.page.context().close();
  });
}
