// The live job on the page alone: gates, steps, findings, changes, stop and resume, in both languages, with a scripted
// job behind it.
import type { Page } from '@playwright/test';
import { expect, seriousFaults, test } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';
import { PLAN } from './support/fake-services.ts';

async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(page.locator('[data-panel=agent]')).toBeVisible();
}

async function startJob(page: Page): Promise<void> {
  await openSample(page);
  await page
    .locator('[data-panel=agent]')
    .getByRole('button', { name: /^(Run|运行)$/ })
    .click();
  await expect(page.locator('[data-panel=agent] .job-head')).toBeVisible();
}

function planned({ jobs }: App): void {
  jobs.step({
    step_id: 'import_1',
    step: 'import',
    status: 'ok',
    outcome: 'ok',
    summary: 'spec.md',
    duration_ms: 12,
    cost_usd: '0.00',
  });
  jobs.step({
    step_id: 'plan_1',
    step: 'plan',
    status: 'ok',
    outcome: 'ok',
    summary: PLAN.title,
    duration_ms: 8412,
    cost_usd: '0.0312',
  });
  jobs.step({
    step_id: 'approve_plan_1',
    step: 'approve_plan',
    status: 'waiting',
    outcome: null,
    summary: '',
    duration_ms: null,
    cost_usd: '0.00',
  });
  jobs.set({
    status: 'needs_input',
    cost_usd: '0.0312',
    error: { code: 'APPROVAL_NEEDED', message: 'waits', retryable: false },
  });
}

async function failedLint({ jobs }: App): Promise<void> {
  const findings = [
    {
      tool: 'verilator',
      severity: 'error',
      code: 'PINMISSING',
      message: "Cell has missing pin: 'rd_en'",
      file: 'src/uart_bridge.sv',
      line: 6,
      column: 3,
    },
    {
      tool: 'verilator',
      severity: 'warning',
      code: 'WIDTHTRUNC',
      message: 'Operator ASSIGN expects 1 bits',
      file: 'src/uart_bridge.sv',
      line: 7,
      column: 10,
    },
  ];
  await jobs.writeRun('lint_1', {
    'diagnostics.json': JSON.stringify(findings),
    'raw_stdout.log': Array.from({ length: 20_000 }, (_, at) => `line ${at} of the log`).join('\n'),
    'tool.json': JSON.stringify({
      schema_version: 1,
      tool: 'verilator',
      tool_version: '5.006',
      action: 'lint',
      commands: [
        {
          argv: ['verilator', '--lint-only', 'src/uart_bridge.sv'],
          cwd: '.',
          exit_code: 1,
          signal: null,
          duration_ms: 40,
        },
      ],
      verdict: 'fail',
      started_at: '2026-01-01T00:00:00Z',
      duration_ms: 40,
      stdout_bytes: 1,
      stderr_bytes: 0,
      dropped_bytes: 0,
      diagnostics_total: { error: 1, warning: 1, info: 0 },
      inputs: {},
    }),
  });
  jobs.step({
    step_id: 'apply_1',
    step: 'apply',
    status: 'ok',
    outcome: 'ok',
    summary: '2 files',
    duration_ms: 80,
    cost_usd: '0.00',
  });
  jobs.step({
    step_id: 'lint_1',
    step: 'lint',
    status: 'failed',
    outcome: 'fail',
    summary: '1 error, 1 warning',
    duration_ms: 180,
    cost_usd: '0.00',
  });
}

test('a sample is one click away; plan gate, approval, repair turn, findings and changes are visible live', async ({
  app,
  appPage: page,
}) => {
  await startJob(page);
  planned(app);
  await expect(page.getByRole('heading', { name: 'Is this the right plan?' })).toBeVisible();
  await page.getByRole('button', { name: 'Look at the plan' }).click();
  const plan = page.locator('[data-panel=plan]');
  await expect(plan.getByRole('cell', { name: 'baud_div', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Approve the plan' }).click();
  await expect.poll(() => app.jobs.approvals).toEqual(['gate']);

  await failedLint(app);
  app.jobs.step({
    step_id: 'repair_1',
    step: 'repair',
    status: 'running',
    outcome: null,
    summary: '',
    duration_ms: null,
    cost_usd: '0.00',
  });
  app.jobs.emit({ type: 'token', step_id: 'repair_1', text: '--- a/src/uart_bridge.sv' });
  await expect(page.getByText('Repair turn 1 of at most 5')).toBeVisible();
  await expect(page.getByLabel('The model’s answer as it arrives')).toContainText('--- a/src');
  await page.locator('[data-panel=problems]').getByText('Cell has missing pin').click();
  await expect(page.locator('.monaco-editor .squiggly-error')).toHaveCount(1);
  await expect(page.locator('.monaco-editor .active-line-number')).toHaveText('6');

  await app.jobs.applyDiff(
    '--- /dev/null\n+++ b/tb/tb_uart_bridge.sv\n@@ -0,0 +1,2 @@\n+module tb_uart_bridge;\n+endmodule\n',
  );
  await page.getByRole('button', { name: 'Changes', exact: true }).click();
  await expect(page.locator('[data-panel=changes]').getByText('tb/tb_uart_bridge.sv').first()).toBeVisible();

  app.jobs.set({
    facts: {
      tests: [
        { name: 'tb_uart_bridge', kind: 'testbench', passed: true, tool: 'icarus', failures: [], duration_ms: 240 },
      ],
      strength: {
        mutants: { killed: 19, total: 20 },
        stubs: [
          { tied_to: '0', failed: true },
          { tied_to: '1', failed: true },
          { tied_to: 'x', failed: true },
        ],
        survivors: [{ file: 'src/uart_bridge.sv', line: 7, description: '+ became -' }],
        outputs: [
          { module: 'uart_bridge', output: 'tx', variants: [{ variant: 'inverted', caught: true }] },
          { module: 'uart_bridge', output: 'busy', variants: [{ variant: 'inverted', caught: false }] },
        ],
      },
      untried: [{ kind: 'output', name: 'bus', why: 'it is an interface' }],
      interface: { stated: 2, not_stated: ['busy'] },
    },
    cost_usd: '0.0712',
  });
  app.jobs.end('done');
  await expect(page.locator('[data-panel=agent]').getByText('19 of 20 mutants killed')).toBeVisible();
  const agentPanel = page.locator('[data-panel=agent]');
  await expect(agentPanel.getByText('1 of 2 outputs looked at')).toBeVisible();
  await expect(agentPanel.getByRole('row', { name: /busy/ }).getByText('inverted: not noticed')).toBeVisible();
  await expect(agentPanel.getByText('it is an interface')).toBeVisible();
  await expect(agentPanel.getByText('Ports that the specification does not state: busy')).toBeVisible();
  await expect(page.locator('[data-panel=agent]').getByText('$0.0712 of $20.00')).toBeVisible();
  await page.locator('[data-panel=agent]').getByRole('button', { name: 'Undo the job' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the job' }).click();
  await expect(page.getByText('2 files restored')).toBeVisible();
});

test('the log of a run is read by window and can be followed to its end', async ({ app, appPage: page }) => {
  await startJob(page);
  await failedLint(app);
  await page.locator('[data-step=lint_1] .step-row').click();
  await expect(page.getByText('verilator --lint-only src/uart_bridge.sv')).toBeVisible();
  await page.getByRole('button', { name: 'Show the log' }).click();
  const log = page.locator('[data-panel=log]');
  await expect(log.getByText('line 0 of the log')).toBeVisible();
  await expect(log.getByText('line 19999 of the log')).toHaveCount(0);
  await log.getByRole('button', { name: 'Follow the end' }).click();
  await expect(log.getByText('line 19999 of the log')).toBeVisible();
});

test('the cap is reached: raising it resumes the job with the new cap', async ({ app, appPage: page }) => {
  await startJob(page);
  app.jobs.set({ status: 'budget_exceeded', cost_usd: '19.98' });
  await page.getByLabel('New spending limit (USD)').fill('30');
  await page.getByRole('button', { name: 'Raise it and resume' }).click();
  await expect(page.locator('[data-panel=agent]').getByText('$19.98 of $30.00')).toBeVisible();
});

test('a refused start shows message, hint and code, and keeps the form', async ({ app, appPage: page }) => {
  app.jobs.start = async () => {
    const { GenrtlError } = await import('@genrtl/contracts');
    throw new GenrtlError('SPEC_NEEDS_MODEL', 'The specification is not structured.');
  };
  await openSample(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const note = page.locator('.error-note');
  await expect(note).toContainText('The specification is not structured.');
  await expect(note).not.toContainText('OPENAI_API_KEY');
  await expect(note.getByRole('button', { name: 'Set up models' })).toBeVisible();
  await expect(note).toContainText('SPEC_NEEDS_MODEL');
});

test('everything speaks Chinese after one click, and stays so after a reload', async ({ app, appPage: page }) => {
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '示例' })).toBeVisible();
  // Chinese can be read here
  await expect(page.locator('.notice')).toHaveCount(0);
  await page.reload();
  await startJob(page);
  planned(app);
  await expect(page.getByRole('button', { name: '批准方案', exact: true })).toBeVisible();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  expect(await seriousFaults(page)).toEqual([]);
});

test('a specification dropped on the start page becomes a workspace with the file in it', async ({
  app,
  appPage: page,
}) => {
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['# Blinker\n\n## Top\nmodule: blinker\n'], 'blinker.md', { type: 'text/markdown' }));
    return data;
  });
  await page.locator('.drop-zone').dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop to import the specification')).toBeVisible();
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByRole('button', { name: 'Create and open' }).click();
  await expect(page.getByRole('combobox', { name: 'Specification' })).toHaveValue('spec/blinker.md');
  const { readFile } = await import('node:fs/promises');
  expect(await readFile(`${app.home}/workspaces/blinker/spec/blinker.md`, 'utf8')).toContain('module: blinker');
});

test('packages and records are read-only in the editor; the person’s files are saved', async ({
  app,
  appPage: page,
}) => {
  await openSample(page);
  const explorer = page.locator('[data-panel=explorer]');
  for (const name of ['.genRTL', 'vendor', 'cbb', 'cbb_fifo_sync', '1.0.0', 'rtl'])
    await explorer.getByText(name, { exact: true }).click();
  await explorer.getByText('fifo.sv', { exact: true }).click();
  await expect(page.getByText('Read-only: packages')).toBeVisible();
  await explorer.getByText('src', { exact: true }).click();
  await explorer.getByText('uart_bridge.sv', { exact: true }).click();
  await page.locator('.monaco-editor').last().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('// mine\n');
  await expect(page.getByLabel('Unsaved changes')).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
  const { readFile } = await import('node:fs/promises');
  expect(await readFile(`${app.home}/samples/uart_bridge/src/uart_bridge.sv`, 'utf8')).toMatch(/^\/\/ mine\nmodule/);
});

test('the layout is where it was after a reload', async ({ appPage: page }) => {
  await openSample(page);
  await page.keyboard.press('Control+Shift+P');
  await page.getByPlaceholder('Search commands and files').last().fill('changes');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-panel=changes]')).toBeVisible();
  await page.waitForTimeout(1200);
  await page.reload();
  await expect(page.locator('[data-panel=changes]')).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility fault in the ${theme} theme`, async ({ app, appPage: page }) => {
    test.setTimeout(90_000);
    await expect(page.getByRole('heading', { name: 'Samples' })).toBeVisible();
    if (theme === 'light') await page.getByRole('button', { name: 'Theme' }).click();
    expect(await seriousFaults(page)).toEqual([]);
    await openSample(page);
    await page.waitForTimeout(500);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    planned(app);
    await page.getByRole('button', { name: 'Look at the plan' }).click();
    await failedLint(app);
    await expect(page.locator('[data-panel=problems]').getByText('Cell has missing pin')).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: 'Tools' }).click();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.goto(`${app.host.origin}/#/usage`);
    await expect(page.getByRole('heading', { name: 'By model' })).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
  });
}
