// Answers in the editor from the key to a model server, through a real backend: put in, taken back, done again, changed,
// stopped, and over the death of the backend.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { LEASE_HEADER, modelEnvironment } from '@genrtl/contracts';
import { BackendClient } from '../../main/cloud/backend-client.ts';
import type { FakeAnswer, FakeScript } from '../fakes/models/script.ts';
import { startFakeModels } from '../fakes/models/server.ts';
import type { FakeModels } from '../fakes/models/server.ts';
import { command, goTo, lines, open, SPEC, TOP, words } from './support/ai-editor.ts';
import { watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace } from './support/room.ts';
import { serveApp } from './support/served-app.ts';

const modelsAt = (models: FakeModels): Record<string, string> => ({
  OPENAI_API_KEY: 'test-key',
  OPENAI_BASE_URL: models.openaiUrl,
  GENRTL_MODEL: 'test-model',
  GENRTL_MODEL_PRICES: '{"test-model":{"input":"100.00","output":"200.00"}}',
});

/** The application with a backend of its own and a model server, as a person has them. */
async function withModels(
  page: Page,
  script: FakeScript,
  work: (real: { readonly home: string; readonly models: FakeModels }) => Promise<void>,
): Promise<void> {
  const problems = watchConsole(page);
  const models = await startFakeModels({ script });
  const workspace = await makeWorkspace({ 'docs/spec.md': SPEC, 'src/top.sv': TOP });
  const ownHome = await mkdtemp(path.join(tmpdir(), 'genrtl-ai-editor-real-'));
  const real = await serveApp(ownHome, 0, modelsAt(models));
  try {
    await openWorkspace(page, real.url, workspace);
    await open(page, 'docs/spec.md');
    await work({ home: ownHome, models });
    expect(problems).toEqual([]);
  } finally {
    await real.stop();
    await models.close();
    await Promise.all([ownHome, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
const backendOf = async (home: string): Promise<{ pid: number; url: string; token: string }> =>
  JSON.parse(await readFile(path.join(home, 'backend.json'), 'utf8')) as { pid: number; url: string; token: string };
const lastAnswer = (page: Page) => page.getByRole('dialog', { name: 'AI in the editor' });

test('through the real backend and a model server: text, a change, tokens and cost', async ({ page }) => {
  test.setTimeout(120_000);
  const script: FakeScript = ({ text }) => ({
    kind: 'text',
    text: text.includes('Continue the text exactly') ? ' Then it wraps.' : '# Counter\n\nIt counts up to a limit.',
    usage: { input: 40, output: 7 },
  });
  await withModels(page, script, async () => {
    await goTo(page, '3:36');
    await command(page, 'Continue writing');
    await expect(lines(page)).toContainText(words('limit. Then it wraps.'), { timeout: 60_000 });
    await lines(page).click();
    await page.keyboard.press('Control+Z');
    await expect(lines(page)).not.toContainText(words('Then it wraps.'));
    await page.keyboard.press('Control+Shift+Z');
    await expect(lines(page)).toContainText(words('limit. Then it wraps.'));
    await page.keyboard.press('Control+Z');
    await goTo(page, '1:1');
    for (let line = 0; line < 3; line += 1) await page.keyboard.press('Shift+ArrowDown');
    await command(page, 'Rewrite the selection');
    await expect(page.locator('.ai-bar')).toContainText('1 change to decide', { timeout: 60_000 });
    await page.locator('.ai-bar').getByRole('button', { name: 'Accept all' }).click();
    await expect(lines(page)).toContainText(words('It counts up to a limit.'));
    await expect(lines(page)).toContainText(words('## Ports'));
    await lines(page).click();
    await page.keyboard.press('Control+Z');
    await expect(lines(page)).not.toContainText(words('It counts up to a limit.'));
    await page.locator('.ai-status').getByRole('button').first().click();
    await expect(lastAnswer(page)).toContainText(/test-model, 40 \+ 7 tokens, \$0\.0054/);
  });
});

test('through the real backend: stopped here and at the model, killed in mid-answer, read as bare text', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const answers: FakeAnswer[] = [
    { kind: 'text', text: ' never'.repeat(2_000), everyMs: 20 },
    { kind: 'stall', text: ' Half of a tho' },
  ];
  const whole: FakeAnswer = { kind: 'text', text: ' Then it wraps.', usage: { input: 40, output: 7 } };
  await withModels(
    page,
    () => answers.shift() ?? whole,
    async ({ home, models }) => {
      const preview = page.locator('.ai-preview');
      await goTo(page, '3:36');
      await command(page, 'Continue writing');
      await expect(preview).toContainText('never', { timeout: 60_000 });
      await lines(page).click();
      await page.keyboard.press('Escape');
      await expect(preview).toHaveCount(0);
      await expect.poll(() => models.open()).toBe(0);
      await expect(lines(page)).not.toContainText('never');

      await goTo(page, '3:36');
      await command(page, 'Continue writing');
      await expect(preview).toHaveText('Half of a tho', { timeout: 60_000 });
      process.kill((await backendOf(home)).pid, 'SIGKILL');
      await expect(lines(page)).toContainText(words('limit. Then it wraps.'), { timeout: 60_000 });
      await expect(lines(page)).not.toContainText('Half');
      expect(models.requests).toHaveLength(3);
      await lines(page).click();
      await page.keyboard.press('Control+Z');
      await expect(lines(page)).not.toContainText(words('Then it wraps.'));
      await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
      await page.locator('.ai-status').getByRole('button').first().click();
      // the attempt that was lost costs nothing
      await expect(lastAnswer(page)).toContainText(/test-model, 40 \+ 7 tokens, \$0\.0054/);

      const { url, token } = await backendOf(home);
      const lease = 'a-reader-of-bare-text';
      await new BackendClient({ url, token }).lease(lease, 60_000, modelEnvironment(modelsAt(models)));
      const ask = (accept: string) =>
        page.request.post(`${url}/api/ai/ask`, {
          headers: { authorization: `Bearer ${token}`, accept, [LEASE_HEADER]: lease },
          data: { instruction: 'How?', context: { text: 'a counter' } },
        });
      const [bare, events] = [await ask('text/plain'), await ask('text/event-stream')];
      expect([bare.status(), events.status()]).toEqual([200, 200]);
      expect(await bare.text()).toBe(' Then it wraps.');
      expect(await events.text()).toMatch(/event: step[\s\S]*event: token[\s\S]*event: usage[\s\S]*event: final/);
    },
  );
});
