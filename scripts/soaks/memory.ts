// What the host holds while somebody works in five workspaces in turn: files, jumps, searches.
// `scripts/soak memory [MINUTES]`, 40 unless set. Fails when the host holds more than the bar in the end.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { removeHomeAt } from '../../backend/test/database.ts';
import playwrightConfig from '../../playwright.config.ts';
import { serveApp } from '../../test/browser/support/served-app.ts';
import { ROOT, tempDir } from '../../test/e2e/harness.ts';
import { MOST_HOST_MB, workInTurn, writeWorkspaces } from '../bench/latency.ts';

const STEP_MS = 180_000;

export async function soak(args: readonly string[]): Promise<void> {
  const minutes = Number(args[0] ?? 40);
  if (!(minutes > 0)) throw new Error('usage: scripts/soak memory [MINUTES]');
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.ts')], { stdio: 'ignore' });
  const home = tempDir('soak-memory');
  const workspaces = writeWorkspaces(home);
  const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
  const app = await serveApp(home, 0, { SHELL: '/bin/sh' });
  let most = 0;
  let last = 0;
  let rounds = 0;
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // what is measured is memory: on a machine with many others a step may take its time
    page.setDefaultTimeout(STEP_MS);
    await page.goto(app.url);
    await page.locator('.start-list .start-row').first().waitFor();
    await workInTurn(page, app, workspaces, minutes, (minute, hostMb) => {
      last = hostMb;
      most = Math.max(most, hostMb);
      rounds += 1;
      if (rounds % workspaces.length === 0)
        console.log(
          `minute ${minute.toFixed(1)}, ${rounds} rounds: ${hostMb.toFixed(0)} MB, ${most.toFixed(0)} at most`,
        );
    });
  } finally {
    await browser.close();
    await app.stop();
    removeHomeAt(home);
  }
  if (last > MOST_HOST_MB)
    throw new Error(`the host holds ${last.toFixed(0)} MB, and ${MOST_HOST_MB} are the most that it may`);
}
