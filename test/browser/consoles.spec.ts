// Consoles in a real browser on real pseudo-terminals: floods stay smooth, Ctrl-C answers at once, output links to
// lines, panes split and search.
import type { Locator, Page } from '@playwright/test';
import config from '../../playwright.config.ts';
import { expect, test } from './support/app-fixture.ts';

test.describe.configure({ timeout: 60_000 });
// Drawn by the DOM, so that the rows can be read; it is the slower of xterm's two ways.
test.use({
  launchOptions: {
    ...config.use?.launchOptions,
    args: [...(config.use?.launchOptions?.args ?? []), '--disable-3d-apis'],
  },
});

async function openConsole(page: Page): Promise<ReturnType<Page['locator']>> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(page.locator('[data-panel=agent]')).toBeVisible();
  await page.keyboard.press('Control+`');
  const room = page.locator('[data-panel=consoles]');
  await expect(room.locator('.xterm-helper-textarea')).toHaveCount(1);
  await room.locator('.xterm').click();
  return room;
}

/** The consoles, not the room's own tab in the dock. */
const tabs = (page: Page): Locator => page.getByRole('tablist', { name: 'Consoles' }).getByRole('tab');

/** Text of the visible rows. */
const lastRows = (page: Page): Promise<string> =>
  page
    .locator('[data-panel=consoles] .xterm-rows')
    .first()
    .innerText()
    .catch(() => '');

test('a flood of output is drawn to its end; Ctrl-C ends an endless one', async ({ appPage: page }) => {
  await openConsole(page);
  await page.keyboard.type('PS1="ready> "; clear\n');
  await expect.poll(() => lastRows(page)).toContain('ready>');
  await page.evaluate(() => {
    const times: number[] = [];
    let last = performance.now();
    const tick = (now: number): void => {
      times.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { frameTimes: times });
  });
  await page.keyboard.type('seq 1 300000; echo "seq $((40+2)) done"');
  const started = Date.now();
  await page.keyboard.press('Enter');
  await expect.poll(() => lastRows(page), { intervals: [20] }).toContain('seq 42 done');
  const took = Date.now() - started;
  const slowest = await page.evaluate(() => Math.max(...(window as unknown as { frameTimes: number[] }).frameTimes));
  test.info().annotations.push({
    type: 'measured',
    description: `seq 1 300000: ${took} ms, slowest frame ${Math.round(slowest)} ms`,
  });

  await page.keyboard.type('yes; echo "stopped $((40+3))"\n');
  await page.waitForTimeout(600);
  const pressed = Date.now();
  await page.keyboard.press('Control+c');
  await page.keyboard.type('echo "back $((40+4))"\n');
  await expect.poll(() => lastRows(page), { intervals: [10] }).toContain('back 44');
  test.info().annotations.push({ type: 'measured', description: `Ctrl-C during yes: ${Date.now() - pressed} ms` });
  await expect(tabs(page)).toHaveCount(1);
});

test('consoles split and search, survive a reload, and lead to the line that a tool names', async ({
  appPage: page,
}) => {
  const room = await openConsole(page);
  await page.keyboard.type('PS1="> "; clear; echo "src/uart_bridge.sv:7:3: error: found it"\n');
  await expect.poll(() => lastRows(page)).toContain('found it');
  await page.keyboard.press('Control+f');
  await room.getByRole('searchbox', { name: 'Find in the console' }).fill('nowhere to be found');
  await expect(room.getByRole('searchbox')).toHaveAttribute('aria-invalid', 'true');
  await room.getByRole('searchbox').fill('found it');
  await expect(room.getByRole('searchbox')).toHaveAttribute('aria-invalid', 'false');
  await page.keyboard.press('Escape');
  await room.getByRole('button', { name: 'Split' }).click();
  await expect(room.locator('.console-pane')).toHaveCount(2);
  await page.reload();
  await expect(page.locator('[data-panel=consoles] .xterm-helper-textarea').first()).toBeAttached();
  await page.keyboard.press('Control+`');
  await expect(tabs(page)).toHaveCount(2);
  await expect.poll(() => lastRows(page)).toContain('found it');
  const row = page
    .locator('[data-panel=consoles] .xterm-rows > div')
    .filter({ hasText: 'src/uart_bridge.sv:7:3: error' })
    .filter({ hasNotText: 'echo' })
    .first();
  const box = await row.boundingBox();
  const place = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  // xterm looks for links under a pointer that moves
  await page.mouse.move(place.x - 5, place.y);
  await page.mouse.move(place.x, place.y, { steps: 4 });
  await page.waitForTimeout(300);
  await page.mouse.click(place.x, place.y);
  await expect(page.locator('.monaco-editor .active-line-number')).toHaveText('7');
});
