// The whole product once in each language: a dropped specification becomes verified RTL with a purchase and a repair
// turn; a rejected hunk leaves the disk; undo restores everything. Files and ledger are asserted, not only what the
// page shows.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { JobState, UsageRow } from '@genrtl/contracts';
import { representatives } from '../representatives.ts';
import { connectBackend } from '../../main/processes/backend.ts';
import { startFakeModels } from '../fakes/models/server.ts';
import type { FakeModels } from '../fakes/models/server.ts';
import { seriousFaults, watchConsole } from './support/app-fixture.ts';
import { DEFINES, SPEC, flowModel } from './support/event-counter-model.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const LANGUAGES = [
  {
    language: 'en',
    words: {
      create: 'Create and open',
      run: 'Run',
      goes: 'Goes to compatible/test-model: 2 files',
      plan: 'Approve the plan',
      buy: 'Buy',
      apply: 'Apply',
      done: 'Done',
      changes: 'Changes',
      reject: (line: number) => `Reject the change at line ${line} of src/event_defs.svh`,
      rejected: '1 rejected change',
      undo: 'Undo the job',
      restored: /files? restored/,
      turn: 'Repair turn 1 of at most 5',
    },
  },
  {
    language: 'zh-CN',
    words: {
      create: '创建并打开',
      run: '运行',
      goes: '将发送给 compatible/test-model：2 个文件',
      plan: '批准方案',
      buy: '购买',
      apply: '应用',
      done: '完成',
      changes: '更改',
      reject: (line: number) => `拒绝 src/event_defs.svh 第 ${line} 行的修改`,
      rejected: '1 处被拒绝的修改',
      undo: '撤销任务',
      restored: /已恢复 \d+ 个文件/,
      turn: /修复/,
    },
  },
] as const;

let home: string;
let models: FakeModels;
let app: ServedApp;
const seen: { service: string; text: string }[] = [];
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-flow-'));
  models = await startFakeModels({ script: flowModel(seen) });
  app = await serveApp(home, 0, {
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'test-model',
    GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00"}}',
    GENRTL_STRENGTH_SECONDS: '1',
  });
});
test.afterAll(async () => {
  await app.stop();
  await models.close();
  await rm(home, { recursive: true, force: true });
});

async function ledger(jobId: string): Promise<UsageRow[]> {
  const connection = await connectBackend({ PATH: process.env['PATH'], GENRTL_HOME: home });
  try {
    return (await connection.client.usage({ jobId })).rows;
  } finally {
    await connection.release();
  }
}

for (const { language, words } of representatives(LANGUAGES, ['zh-CN'], (one) => one.language)) {
  test(`from a dropped specification to verified RTL and back (${language})`, async ({ page }) => {
    const problems = watchConsole(page);
    if (language === 'en') await page.goto(app.url);
    else {
      await app.stop();
      app = await serveApp(home, app.port, {
        OPENAI_API_KEY: 'test-key',
        OPENAI_BASE_URL: models.openaiUrl,
        GENRTL_MODEL: 'test-model',
        GENRTL_MODEL_PRICES: '{"test-model":{"input":"1.00","output":"2.00"}}',
        GENRTL_STRENGTH_SECONDS: '1',
      });
      await page.goto(app.url);
      await page.getByRole('button', { name: '中文' }).click();
    }
    const name = `counter_${language.slice(0, 2)}`;
    const workspace = path.join(home, 'workspaces', name);
    const defines = path.join(workspace, 'src/event_defs.svh');
    await mkdir(path.dirname(defines), { recursive: true });
    await writeFile(defines, DEFINES);
    const agent = page.locator('[data-panel=agent]');
    const transfer = await page.evaluateHandle(
      ([file, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], file, { type: 'text/markdown' }));
        return data;
      },
      [`${name}.md`, SPEC] as const,
    );
    await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
    await expect(page.getByRole('dialog').locator('.spec-editor .view-lines')).toContainText(/Event.counter/);
    await page.getByRole('button', { name: words.create }).click();
    const outgoing = agent.locator('[data-outgoing=model]');
    await expect(outgoing.getByText(words.goes)).toBeVisible({ timeout: 60_000 });
    for (const file of [`${name}.md`, 'src/event_defs.svh'])
      await expect(outgoing.getByRole('cell', { name: file, exact: true })).toBeVisible();
    expect(seen.filter(({ text }) => text.includes(name))).toEqual([]);
    await agent.getByRole('button', { name: words.run, exact: true }).click();
    await page.getByRole('button', { name: words.plan, exact: true }).click({ timeout: 60_000 });
    await agent.getByRole('button', { name: words.buy, exact: true }).click({ timeout: 60_000 });
    // a file of the person's own is among those that the patch changes
    await expect(agent.getByRole('alert')).toContainText('src/event_defs.svh', { timeout: 60_000 });
    expect(await readFile(defines, 'utf8')).toBe(DEFINES);
    await agent.getByRole('button', { name: words.apply, exact: true }).click();
    await expect(agent.locator('.job-line .chip')).toHaveText(words.done, { timeout: 60_000 });
    await expect(agent.getByText(words.turn).first()).toBeVisible();
    await expect(agent.locator('.turn')).toHaveCount(1);
    expect(await seriousFaults(page)).toEqual([]);

    const state = JSON.parse(await readFile(path.join(workspace, '.genRTL/state.json'), 'utf8')) as JobState;
    expect(state.facts.tests).toMatchObject([{ name: 'tb_event_counter', passed: true }]);
    expect(state.steps.filter((step) => step.step === 'repair')).toHaveLength(1);
    const rows = await ledger(state.job_id);
    expect(rows.map((row) => row.kind).sort()).toEqual(['cbb', 'model', 'model', 'model']);
    expect(rows.find((row) => row.kind === 'cbb')).toMatchObject({
      item: 'cbb_fifo_sync',
      bucket: 'included',
      step_id: 'cbb_checkout_1',
    });
    const micro = rows.reduce((sum, row) => sum + Math.round(Number(row.amount_usd) * 1e6), 0);
    expect(micro).toBe(Math.round(Number(state.cost_usd) * 1e6));
    const lock = JSON.parse(await readFile(path.join(workspace, '.genRTL/genRTL.lock.json'), 'utf8')) as {
      installed: { cbb_id: string; receipt_id: string }[];
    };
    expect(lock.installed.map((entry) => entry.cbb_id)).toEqual(['cbb_fifo_sync']);
    expect(lock.installed[0]?.receipt_id).toBe(rows.find((row) => row.kind === 'cbb')?.receipt_id);

    await agent.locator('[data-step=implement_1] .step-row').click();
    const sent = agent.locator('[data-step=implement_1] [data-sent]');
    await sent.locator('summary').click();
    await expect(sent.getByRole('cell', { name: 'src/event_defs.svh', exact: true })).toBeVisible();

    await agent.getByRole('button', { name: words.changes, exact: true }).click();
    const review = page.locator('[data-panel=changes]');
    const both = DEFINES.replace('COUNT_W 4', 'COUNT_W 8').replace('DEPTH 4', 'DEPTH 8');
    expect(await readFile(defines, 'utf8')).toBe(both);
    await review.getByRole('button', { name: words.reject(6) }).click();
    await expect(review.getByText(words.rejected)).toBeVisible();
    expect(await readFile(defines, 'utf8')).toBe(both.replace('DEPTH 8', 'DEPTH 4'));

    await agent.getByRole('button', { name: words.undo, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: words.undo, exact: true }).click();
    await expect(page.getByText(words.restored)).toBeVisible();
    expect(existsSync(path.join(workspace, 'src/event_counter.sv'))).toBe(false);
    expect(await readFile(defines, 'utf8')).toBe(DEFINES);
    expect(existsSync(path.join(workspace, 'spec', `${name}.md`))).toBe(true);
    expect(seen.filter((request) => request.service === 'repair').at(-1)?.text).toContain('nxt_count');
    expect(problems).toEqual([]);
  });
}
