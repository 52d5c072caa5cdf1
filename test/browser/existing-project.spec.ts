// An existing project of 200 files in the real app: its commands are trusted, a job adds a module and changes a line
// elsewhere, and the project's own checks verify it. Real backend and tools; the model is scripted.
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { JobState } from '@genrtl/contracts';
import { CHECKS, SPEC, parityModel, writeExistingProject } from '../e2e/existing-project.ts';
import { startFakeModels } from '../fakes/models/server.ts';
import { watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, showPanel } from './support/room.ts';
import { soakOnly } from './support/soak-only.ts';
import { serveApp } from './support/served-app.ts';

test.setTimeout(240_000);

soakOnly(
  'a job on an existing project is verified by its own checks, one of them its make target',
  async ({ page }) => {
    const home = await mkdtemp(path.join(tmpdir(), 'genrtl-existing-home-'));
    const workspace = await makeWorkspace({});
    writeExistingProject(workspace);
    const models = await startFakeModels({ script: parityModel().script });
    const app = await serveApp(home, 0, {
      GENRTL_STRENGTH_SECONDS: '0',
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'test-model',
      GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00"}}',
    });
    const problems = watchConsole(page);
    try {
      await openWorkspace(page, app.url, workspace);
      const checks = await showPanel(page, 'checks');
      await checks.getByRole('button', { name: 'Write genrtl.yaml' }).click();
      await expect(checks.locator('[data-check=lint]')).toBeVisible();
      const file = path.join(workspace, 'genrtl.yaml');
      await expect.poll(() => existsSync(file)).toBe(true);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.slice(0, text.indexOf('checks:')));
      await appendFile(file, CHECKS);
      await expect(checks.locator('[data-check=smoke]')).toContainText('not trusted here');

      const agent = await showPanel(page, 'agent');
      await agent
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: 'parity.md', mimeType: 'text/markdown', buffer: Buffer.from(SPEC) });
      await page.getByRole('dialog').locator('.button-primary').click();
      await agent.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(page.getByRole('dialog')).toContainText('make -s smoke');
      expect(models.requests).toHaveLength(0);
      await page.getByRole('button', { name: 'Trust and run' }).click();
      const chip = agent.locator('.job-line .chip');
      // files that are the person's are named at the plan
      await expect(agent).toContainText('rtl/soc.sv', { timeout: 60_000 });
      await agent.getByRole('button', { name: 'Approve the plan' }).click();
      await expect(chip).toHaveText('Done', { timeout: 150_000 });
      const state = JSON.parse(await readFile(path.join(workspace, '.genRTL/state.json'), 'utf8')) as JobState;
      expect(state.facts.checks).toMatchObject([
        { name: 'benches', verdict: 'pass' },
        { name: 'smoke', verdict: 'pass', before: 'pass' },
        { name: 'style', verdict: 'fail', before: 'fail', charged: false },
      ]);
      await expect(agent.getByText('2 of 3 checks passed, 1 failed before the job').first()).toBeVisible();
      expect(problems).toEqual([]);
    } finally {
      await app.stop();
      await models.close();
      await rm(home, { recursive: true, force: true });
      await rm(workspace, { recursive: true, force: true });
    }
  },
);
