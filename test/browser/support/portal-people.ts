// People of a hosted backend and their browsers, for tests of the portal.
import type { Browser, Page } from '@playwright/test';
import { PASSWORD, type Hosted, type Person } from '../../../backend/test/hosted.ts';
import type en from '../../../portal/i18n/en.json';
import { button, opened } from './portal.ts';

export async function signIn(page: Page, texts: typeof en, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel(texts.sign.email).fill(email);
  await page.getByLabel(texts.sign.password).fill(password);
  await button(page, texts.sign.in).click();
}

/** A browser of the person's own, on a page of the portal. */
export async function browserOf(
  hosted: Hosted,
  browser: Browser,
  locale: string,
  texts: typeof en,
  email: string,
  path: string,
) {
  const shown = await opened(browser, locale);
  await shown.page.goto(`${hosted.url}${path}`);
  await signIn(shown.page, texts, email);
  return shown;
}

export async function people<const Names extends readonly string[]>(hosted: Hosted, ...names: Names) {
  return (await Promise.all(names.map((name) => hosted.person(name)))) as { [N in keyof Names]: Person };
}

/** An organisation of a new person's, with a member where one is named. */
export async function founded(
  hosted: Hosted,
  slug: string,
  member?: Person,
): Promise<{ ada: Person; organisation: string }> {
  const [ada] = await people(hosted, 'Ada');
  const { body } = await ada.identity<{ id: string }>('/organization/create', { name: 'Chips', slug });
  if (member !== undefined) {
    const invitation = { organizationId: body.id, email: member.email, role: 'member' };
    const { body: sent } = await ada.identity<{ id: string }>('/organization/invite-member', invitation);
    await member.identity('/organization/accept-invitation', { invitationId: sent.id });
  }
  return { ada, organisation: body.id };
}

/** A browser that acts for the organisation. */
export async function ownersBrowser(
  hosted: Hosted,
  browser: Browser,
  locale: string,
  texts: typeof en,
  { ada, organisation }: { readonly ada: Person; readonly organisation: string },
  path: string,
) {
  const shown = await browserOf(hosted, browser, locale, texts, ada.email, path);
  await shown.page.getByLabel(texts.shell.actingFor).selectOption(organisation);
  await shown.page.goto(`${hosted.url}${path}`);
  return shown;
}
