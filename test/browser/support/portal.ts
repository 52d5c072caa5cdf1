// What the tests of the portal share: a browser of its own for a person, what it complains of, and axe.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { watchConsole } from './app-fixture.ts';

export async function opened(browser: Browser, locale: string): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({
    locale,
    colorScheme: locale === 'en-US' ? 'light' : 'dark',
    extraHTTPHeaders: { 'x-forwarded-for': `10.1.${locale.length}.${Math.floor(Math.random() * 256)}` },
  });
  const page = await context.newPage();
  return { page, problems: watchConsole(page) };
}
export const accessible = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
/** What a browser logs of an answer that refuses, which the page then tells. */
export const unexpected = (problems: readonly string[]): string[] =>
  problems.filter((text) => !/status of 4\d\d/.test(text));
