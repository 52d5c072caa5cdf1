// One web host per test on a home of its own, and a page that fails the test on console errors and CSP reports.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { createIpc } from '../../../main/ipc/handlers.ts';
import { PageAssets } from '../../../main/shells/page-assets.ts';
import { startWebHost } from '../../../main/shells/web/web-host.ts';
import type { WebHost } from '../../../main/shells/web/web-host.ts';
import { ScriptedJobs, fakeServices } from './fake-services.ts';

const DIST = path.resolve(import.meta.dirname, '../../../dist/renderer');

export interface App {
  readonly home: string;
  readonly jobs: ScriptedJobs;
  readonly host: WebHost;
  /** errors of main that no test expects */
  readonly unexpected: string[];
}

/** Console messages that a test allows, by a piece of their text. */
export const allowed: string[] = [];

export function watchConsole(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (
      (message.type() === 'error' || /Content Security Policy|TrustedScript/i.test(text)) &&
      !allowed.some((piece) => text.includes(piece))
    )
      problems.push(text);
  });
  page.on('pageerror', (error) => problems.push(`${error.name}: ${error.message}\n${error.stack ?? ''}`));
  return problems;
}

/** Serious and critical faults that axe finds; Monaco answers for itself. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // legacy: the page has no frames, whose findings would be put together in a page of their own at twice the cost
  const { violations } = await new AxeBuilder({ page })
    .exclude('.monaco-editor')
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .analyze();
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
}

export const test = base.extend<{ app: App; appPage: Page }>({
  // Playwright wants the destructured object even when nothing is taken from it.
  app: async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'genrtl-browser-'));
    const jobs = new ScriptedJobs();
    const services = fakeServices({ home, jobs });
    const ipc = createIpc(services);
    const unexpected: string[] = [];
    const host = await startWebHost({
      handlers: ipc.handlers,
      pushes: services.pushes,
      assets: PageAssets.open(DIST),
      home,
      port: 0,
      onUnexpected: (where, error) => unexpected.push(`${where}: ${String(error)}`),
    });
    await use({ home, jobs, host, unexpected });
    await host.close();
    await ipc.close();
    await rm(home, { recursive: true, force: true });
    expect(unexpected).toEqual([]);
  },
  appPage: async ({ app, page }, use) => {
    const problems = watchConsole(page);
    await page.goto(app.host.bootUrl());
    await use(page);
    expect(problems).toEqual([]);
  },
});

export { expect };
