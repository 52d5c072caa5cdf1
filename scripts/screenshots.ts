// node scripts/screenshots.ts [scene…]: real pictures of each room for docs/images. The real web host, real tools and
// real packages run a sample to done; nothing on them is made up but the answers of the AI scenes, whose model is
// scripted. The home is a neutral one, so no picture names a person or a machine. The Chinese ones need a Chinese font
// (Debian: fonts-noto-cjk).
// node scripts/screenshots.ts --look FOLDER [scene…]: every AI scene in both languages, to be looked at; and
// by name: long-names, nothing (no tool, no backend), sample (every room and gate).
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { BrowserContext, Page } from '@playwright/test';
import playwrightConfig from '../playwright.config.ts';
import { removeHomeAt } from '../backend/test/database.ts';
import { serveApp } from '../test/browser/support/served-app.ts';
import { AI_EDITOR_SCENES } from './pictures/ai-editor-scenes.ts';
import { takeAiScenes } from './pictures/ai-stage.ts';
import { ASK_SCENES } from './pictures/ask-scenes.ts';
import { SHOTS } from './pictures/rooms.ts';
import { lookAtLongNames, lookAtNothing, LOOKS, shootDialogs, shootPanels } from './pictures/every-room.ts';
import { call, HOME, IMAGES, nameOf, onStage, shoot, SMALL } from './pictures/stage.ts';
import type { Look } from './pictures/stage.ts';

const SAMPLE = /uart echo/i;
/** What `--look` knows besides the AI scenes; they take minutes. */
const LOOKING: Readonly<Record<string, (context: BrowserContext, folder: string) => Promise<void>>> = {
  'long-names': lookAtLongNames,
  nothing: lookAtNothing,
  sample: lookAtSample,
};
const GATES: readonly string[] = ['job-form', 'gate-plan', 'gate-purchase'];

/**
 * Runs the sample with both gates on `ask`, shooting them on the way, until the job is done. Returns the workspace's
 * route.
 */
async function runSample(page: Page, atGate: (page: Page, gate: string) => Promise<void>): Promise<string> {
  const gate = (room: string): Promise<void> => atGate(page, room);
  await page.getByRole('button', { name: SAMPLE }).click();
  const agent = page.locator('[data-panel=agent]');
  await agent.getByRole('button', { name: 'Run', exact: true }).waitFor();
  await gate('job-form');
  await agent.getByRole('button', { name: 'Run', exact: true }).click();
  const approve = page.getByRole('button', { name: 'Approve the plan' });
  await approve.waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Look at the plan' }).click();
  await page.locator('svg.blocks').waitFor();
  await gate('gate-plan');
  await approve.click();
  const buy = page.getByRole('button', { name: 'Buy', exact: true });
  await buy.waitFor({ timeout: 90_000 });
  await gate('gate-purchase');
  await buy.click();
  await agent.locator('.job-line .chip', { hasText: 'Done' }).waitFor({ timeout: 180_000 });
  return page.url();
}

/** The gates and the rooms of the sample, in every language and size. */
async function lookAtSample(context: BrowserContext, folder: string): Promise<void> {
  const app = await serveApp(HOME, 0, { HOME, SHELL: '/bin/sh' });
  try {
    const first = await context.newPage();
    await first.goto(app.url);
    await first.locator('.start-list .start-row').first().waitFor();
    const workspaceUrl = await runSample(first, async (page, gate) => {
      for (const [look, size] of [...LOOKS.slice(1), LOOKS[0]].filter((one) => one !== undefined)) {
        await page.setViewportSize(size);
        await call(page, 'settings.write', look);
        await page.reload();
        await page.locator('[data-panel=agent]').waitFor();
        await shoot(page, nameOf(gate, look, size), folder);
      }
    });
    await first.close();
    for (const [look, size] of LOOKS)
      await onStage(context, workspaceUrl, look, size, async (page) => {
        await shootPanels(page, 'sample', look, size, folder);
        await shootDialogs(page, 'sample', look, size, folder);
      });
  } finally {
    await app.stop();
  }
}

/** The sample's rooms; one job serves them all. */
async function takeRooms(context: BrowserContext, isWanted: (scene: string) => boolean): Promise<string[]> {
  const shots = SHOTS.filter(({ room }) => isWanted(room));
  if (shots.length === 0 && !GATES.some(isWanted)) return [];
  const failures: string[] = [];
  const app = await serveApp(HOME, 0, { HOME, SHELL: '/bin/sh' });
  try {
    const first = await context.newPage();
    await first.goto(app.url);
    await first.locator('.start-list .start-row').first().waitFor();
    const workspaceUrl = await runSample(first, (page, gate) =>
      shoot(page, nameOf(gate, { language: 'en', theme: 'dark' }, SMALL)),
    );
    await first.close();
    for (const shot of shots) {
      const look: Look = { language: 'en', theme: 'dark', ...shot.look };
      const size = shot.size ?? SMALL;
      await onStage(context, workspaceUrl, look, size, async (page) => {
        await page.locator('[data-panel=agent] .job-head').waitFor();
        await shot.show(page);
        await shoot(page, nameOf(shot.room, look, size));
      }).catch((error: unknown) =>
        failures.push(`${shot.room}: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  } finally {
    await app.stop();
  }
  return failures;
}

const looking = process.argv[2] === '--look' ? process.argv[3] : undefined;
const names = process.argv.slice(looking === undefined ? 2 : 4);
const isWanted = (scene: string): boolean => names.length === 0 || names.includes(scene);
removeHomeAt(HOME);
for (const folder of [HOME, IMAGES, ...(looking === undefined ? [] : [looking])])
  mkdirSync(folder, { recursive: true, mode: 0o700 });
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
const failures: string[] = [];
try {
  const context = await browser.newContext({ viewport: SMALL, reducedMotion: 'reduce' });
  // on a machine that works on other things besides
  context.setDefaultTimeout(60_000);
  if (looking === undefined) failures.push(...(await takeRooms(context, isWanted)));
  else
    for (const [name, look] of Object.entries(LOOKING))
      if (names.includes(name))
        await look(context, looking).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
  failures.push(
    ...(await takeAiScenes(context, [...AI_EDITOR_SCENES, ...ASK_SCENES], ({ name, shown }, language) =>
      !isWanted(name) ? null : (looking ?? (shown?.includes(language) === true ? IMAGES : null)),
    )),
  );
} finally {
  await browser.close();
  removeHomeAt(HOME);
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
