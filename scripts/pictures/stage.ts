// What every picture is taken with: a page of the real app, in a language, a theme and a size; panels and files opened
// as a person opens them.
import { statSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { UserSettings } from '@genrtl/contracts/settings.ts';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import zh from '../../renderer/i18n/zh-CN.json' with { type: 'json' };

export const HOME = '/tmp/genrtl-demo';
export const IMAGES = path.resolve(import.meta.dirname, '../../docs/images');
const MAX_IMAGE_BYTES = 300_000;
export const SMALL = { width: 1280, height: 800 };
export const LARGE = { width: 1920, height: 1080 };

export type Size = typeof SMALL;
export type Look = Pick<UserSettings, 'language' | 'theme'>;
export type Texts = typeof en;
export const textsOf = (language: Look['language']): Texts => (language === 'zh-CN' ? zh : en);
export type Panel = keyof Texts['panels'];

/** In whichever language the page speaks. */
export async function texts(page: Page): Promise<Texts> {
  return (await page.locator('html').getAttribute('lang')) === 'zh-CN' ? zh : en;
}

/** The row that the palette offers for these words, chosen. */
async function choose(page: Page, key: string, words: string): Promise<void> {
  await page.keyboard.press(key);
  await page
    .getByPlaceholder((await texts(page)).palette.placeholder)
    .last()
    .fill(words);
  await page
    .getByRole('option')
    .filter({ has: page.getByText(words, { exact: true }) })
    .first()
    .click();
}
export async function command(page: Page, name: keyof Texts['commands']): Promise<void> {
  await choose(page, 'Control+Shift+P', (await texts(page)).commands[name]);
}
export async function openPanel(page: Page, panel: Panel): Promise<void> {
  const { palette, panels } = await texts(page);
  await choose(page, 'Control+Shift+P', palette.showPanel.replace('{{panel}}', panels[panel]));
  await page.locator(`[data-panel=${panel}]`).waitFor();
}
export async function openByName(page: Page, file: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page
    .getByPlaceholder((await texts(page)).palette.placeholder)
    .last()
    .fill(file);
  await page.getByRole('dialog').getByRole('option', { name: file }).first().click();
  await page.locator('[data-panel=editor] .view-line').first().waitFor();
}

/** Through the explorer, which then shows where it lies. */
export async function openFile(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.locator('[data-panel=explorer]').getByText(name, { exact: true }).click();
  await page.locator('[data-panel=editor] .view-line').first().waitFor();
}

/** Transitions have ended, and the editor, where one is shown, has coloured its text. */
async function settled(page: Page): Promise<void> {
  // nothing is lit because the pointer happens to be over it
  await page.mouse.move((page.viewportSize() ?? SMALL).width / 2, 1);
  await page
    .locator('.panel .spinner:visible, .plan .spinner')
    .first()
    .waitFor({ state: 'detached', timeout: 5_000 })
    .catch(() => null);
  await page.waitForTimeout(600);
  const colours = (): Promise<number> =>
    page
      .locator('.view-line span[class^=mtk]')
      .evaluateAll((spans) => new Set(spans.map((span) => /mtk\d+/.exec(span.className)?.[0])).size);
  const shown = await page.locator('.view-line').count();
  for (let round = 0; shown > 0 && round < 10 && (await colours()) < 2; round += 1) await page.waitForTimeout(200);
}

/** The route lies behind `#`. */
export const workspaceOf = (url: string): string => new URL(url.replace('/#/', '/')).searchParams.get('path') ?? '';

export const nameOf = (room: string, look: Look, size: Size): string =>
  `${room}-${look.language}-${look.theme}-${size.width}x${size.height}.png`;

export async function shoot(page: Page, name: string, folder = IMAGES): Promise<void> {
  await settled(page);
  const file = path.join(folder, name);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const sizeBytes = statSync(file).size;
  if (folder === IMAGES && sizeBytes > MAX_IMAGE_BYTES)
    throw new Error(`${name} has ${sizeBytes} bytes, more than ${MAX_IMAGE_BYTES}`);
  console.log(`${name}  ${Math.round(sizeBytes / 1000)} kB`);
}

/** One call over a socket of the page's own, with its cookie; `reload` makes the page read what changed. */
export async function call(page: Page, name: string, request: object): Promise<void> {
  const answer = await page.evaluate(
    ({ name, request: payload }) =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/ipc`);
        socket.onopen = () => socket.send(JSON.stringify({ id: 1, call: name, request: payload }));
        socket.onerror = () => reject(new Error('the socket failed'));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { id?: number; answer?: unknown };
          if (message.id !== 1) return;
          socket.close();
          resolve(JSON.stringify(message.answer));
        };
      }),
    { name, request },
  );
  if (!answer.startsWith('{"ok":true')) throw new Error(`${name}: ${answer}`);
}

/** A page of its own on a workspace, with the layout as it is at first; `take` brings on what is to be seen. */
export async function onStage(
  context: BrowserContext,
  workspaceUrl: string,
  look: Look,
  size: Size,
  take: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await context.newPage();
  try {
    await page.setViewportSize(size);
    await page.goto(workspaceUrl);
    // the layout is the last scene's: any room may be in front
    await page.locator('[data-panel]').first().waitFor({ state: 'attached' });
    // what the scene before chose is not this one's
    await call(page, 'settings.write', { ...look, ai_retention: 'default', inline_suggestions: false });
    // no layout is the default one
    await call(page, 'layout.write', { workspace: workspaceOf(workspaceUrl), layout: 'null' });
    await page.reload();
    await page.locator('[data-panel=agent]').waitFor();
    await take(page);
  } finally {
    await page.close();
  }
}
