// The agent's room: the plan edited at its gate, the flow graph, repair turns with their evidence, notes, and going
// back to a step.
import type { Page } from '@playwright/test';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import { expect, seriousFaults, test } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';
import { PLAN, listingOf } from './support/fake-services.ts';
import { screenshots } from './support/room.ts';

const agent = (page: Page): ReturnType<Page['locator']> => page.locator('[data-panel=agent]');
const step = (name: string, status: 'ok' | 'failed' | 'waiting', summary = '', cost = '0.00', ms = 120) => ({
  step_id: `${name}_1`,
  step: name as 'plan',
  status,
  outcome: null,
  summary,
  duration_ms: status === 'waiting' ? null : ms,
  cost_usd: cost,
});

const PRO_ACCOUNT: BillingView = {
  plan: {
    plan: 'pro',
    version: 1,
    name: { en: 'Pro', 'zh-CN': '专业版' },
    price_usd: '40.00',
    included_usd: '40.00',
    models: ['*'],
    unfinished_jobs: 32,
    starts_per_minute: 240,
    on_demand: true,
    over_quota: 'refuse',
    for_sale: true,
  },
  plans: [],
  standing: 'past_due',
  period: null,
  grants: [],
  on_demand: { used_usd: '0.10', held_usd: '0.00', limit_usd: '5.00', consented_until: null },
  alerts: { percent: 80, low_usd: '1.00', top_up: null },
  selling: true,
  subscription: null,
  page: 'https://hosted.example/account',
};

async function atPlanGate({ jobs }: App, page: Page): Promise<void> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
  for (const name of ['import', 'plan', 'interface_check'] as const)
    jobs.step({ ...step(name, 'ok', '', name === 'plan' ? '0.0312' : '0.00'), step: name });
  jobs.step({ ...step('approve_plan', 'waiting'), step: 'approve_plan' });
  jobs.set({
    status: 'needs_input',
    facts: { plan_model: 'openai/gpt-5.1' },
    error: { code: 'APPROVAL_NEEDED', message: 'waits', retryable: false },
  });
}

test('the plan is edited at its gate, with its diagram and port table, and goes back for approval', async ({
  app,
  appPage: page,
}) => {
  await atPlanGate(app, page);
  // code of a model's prose is code, not backticks
  await expect(agent(page).locator('.gate-card code')).toHaveText('level');
  await page.getByRole('button', { name: 'Look at the plan' }).click();
  const plan = page.locator('[data-panel=plan]');
  await expect(plan.locator('p code').first()).toHaveText('level');
  await expect(plan.getByRole('row', { name: /u_fifo synchronous FIFO WIDTH=8, DEPTH=DEPTH/ })).toBeVisible();
  await expect(plan.getByRole('img', { name: 'Block diagram of uart_bridge with 2 blocks' })).toBeVisible();
  // the wires that the plan states, without the clock, drawn and as a table
  await expect(plan.locator('.blocks-wire[data-wire="u_fifo.rd_data u_tx.s_axis_tdata"]')).toHaveCount(1);
  await expect(plan.locator('svg.blocks .blocks-wire')).toHaveCount(7);
  await plan.getByText('7 wires as a table').click();
  await expect(plan.getByRole('row', { name: 'u_fifo.full overrun 1 through registers' })).toBeVisible();
  await expect(plan.getByText('Not drawn: clk, rst_n')).toBeVisible();
  await screenshots(page, 'plan');
  await plan.getByRole('button', { name: 'Edit the plan' }).click();
  await plan.getByRole('button', { name: 'Add a port' }).click();
  await plan.getByRole('textbox', { name: 'Port' }).last().fill('irq');
  await plan.getByRole('combobox', { name: 'Direction' }).last().selectOption('output');
  await plan.getByRole('textbox', { name: 'Check' }).first().fill('After reset txd is high');
  expect(await seriousFaults(page)).toEqual([]);
  await plan.getByRole('button', { name: 'Save plan' }).click();
  // while it is edited, the field's text names the cell too
  await expect(plan.getByRole('button', { name: 'Save plan' })).toBeHidden();
  await expect(plan.getByRole('cell', { name: 'irq', exact: true })).toBeVisible();
  expect(app.jobs.edited?.top.ports.at(-1)).toEqual({ name: 'irq', direction: 'output', width: '1', description: '' });
  expect(app.jobs.edited?.verification.checks[0]).toEqual({
    ...PLAN.verification.checks[0],
    text: 'After reset txd is high',
  });
  await expect(page.getByRole('button', { name: 'Approve the plan' })).toBeVisible();
});

test('a repair turn tells what failed, opens the evidence that went out and the patch that came back; a step can be retried with a note', async ({
  app,
  appPage: page,
}) => {
  await atPlanGate(app, page);
  const { jobs } = app;
  jobs.step({ ...step('approve_plan', 'ok'), step: 'approve_plan' });
  jobs.step({ ...step('implement', 'ok', '2 files', '0.10', 4200), step: 'implement' });
  jobs.step({ ...step('lint', 'failed', '1 error'), step: 'lint' });
  await jobs.writeRun('repair_1', {
    'patch.diff':
      '--- a/src/uart_bridge.sv\n+++ b/src/uart_bridge.sv\n@@ -6,1 +6,2 @@\n-  logic [7:0] shift;\n+  logic [8:0] shift;\n+  logic load;\n',
    'evidence.json': JSON.stringify({
      job_id: 'job_1',
      step_id: 'lint_1',
      tool: 'verilator',
      tool_version: '5.006',
      cmd: ['verilator', '--lint-only'],
      exit_code: 1,
      diagnostics: [
        {
          tool: 'verilator',
          severity: 'error',
          message: "Can't find definition of variable: 'load'",
          file: 'src/uart_bridge.sv',
          line: 7,
        },
      ],
      snippets: [
        { file: 'src/uart_bridge.sv', start: 6, end: 7, text: '  logic [7:0] shift;\n  assign txd = shift[0];\n' },
      ],
      trace: { check_id: 'C2', spec_line: 4 },
      waveform: {
        signals: [{ name: 'tb.txd', width: 1, changes: [[{ value: '110', unit: 'ns' }, '1']] }],
        window: { from: { value: '90', unit: 'ns' }, to: { value: '130', unit: 'ns' } },
      },
      notes: { cbb_installed: [], policy: 'DO_NOT_EDIT_VENDOR_CBB' },
    }),
  });
  jobs.step({ ...step('repair', 'ok', '1 files', '0.05', 3000), step: 'repair' });
  jobs.set({ status: 'failed', cost_usd: '0.1812' });
  const turn = agent(page).locator('.turn');
  await expect(turn.getByText('Lint failed')).toBeVisible();
  await expect(turn.getByText('1 file, +2 −1')).toBeVisible();
  await expect(agent(page).getByRole('region', { name: 'Steps' }).getByText('4.2 s')).toBeVisible();
  // one stop of the Tab key for all steps, arrows between them
  const steps = agent(page).locator('.step-row:not(:disabled)');
  await expect(agent(page).locator('.step-row[tabindex="0"]:not(:disabled)')).toHaveCount(1);
  await steps.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(steps.nth(1)).toBeFocused();
  await expect(steps.nth(1)).toHaveAttribute('tabindex', '0');
  await page.keyboard.press('End');
  await expect(steps.last()).toBeFocused();
  await turn.getByText('1 finding, 1 snippet, 1 signal').click();
  const evidence = page.getByRole('dialog');
  await expect(evidence.getByText("Can't find definition of variable: 'load'")).toBeVisible();
  await expect(evidence.getByText('110 ns: 1')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await agent(page).getByLabel('A note for the agent').fill('Keep the shift register at eight bits.');
  await page.keyboard.press('Enter');
  await expect(agent(page).getByRole('listitem').filter({ hasText: 'Keep the shift register' })).toBeVisible();
  await agent(page).locator('[data-step=implement_1] .step-row').click();
  await agent(page).locator('[data-step=implement_1]').getByRole('button', { name: 'Retry from here' }).click();
  await page.getByLabel('What should be different? (optional)').fill('Use no second always block.');
  await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
  await expect.poll(() => app.jobs.retried).toEqual(['implement_1']);
  expect(app.jobs.noted.map((note) => note.text)).toEqual([
    'Keep the shift register at eight bits.',
    'Use no second always block.',
  ]);

  // earlier jobs: opened, compared file by file, undone from the newest back
  const older = { created_at: '2026-01-02T08:00:00Z', updated_at: '2026-01-02T08:02:00Z', covered_by: 'job_1' };
  const strength = { killed: 20, total: 24 };
  jobs.earlier = [
    { ...older, job_id: 'job_0', title: 'Bridge', status: 'done', cost_usd: '1.5', files: ['src/old.sv'], strength },
  ];
  jobs.step({ ...step('apply', 'ok'), step: 'apply' });
  jobs.set({ status: 'failed' });
  await agent(page).getByRole('button', { name: 'Job history' }).click();
  const history = page.getByRole('dialog');
  await expect(history.locator('.history-job')).toHaveText([
    /UART bridge with a byte FIFO.*Failed/,
    /Bridge.*\$1\.50 · 20 of 24 mutants killed · 1 file/,
  ]);
  await expect(history.getByRole('button', { name: 'Undo the job' }).first()).toBeEnabled();
  await expect(history.getByRole('button', { name: 'Undo the job' }).last()).toBeDisabled();
  await history.getByRole('button', { name: 'Open' }).last().click();
  await expect(history.getByRole('row', { name: 'Cost $1.50' })).toBeVisible();
  await expect(history).toContainText('// of job_0');
  await history.getByRole('button', { name: 'Back' }).click();
  for (const box of await history.getByRole('checkbox').all()) await box.check();
  await history.getByRole('button', { name: 'Compare' }).click();
  await expect(history.getByRole('row', { name: 'Cost $0.1812 $1.50' })).toBeVisible();
  await expect(history.getByRole('row', { name: 'Specification spec.md spec.md' })).toBeVisible();
  await history.getByRole('combobox', { name: 'File' }).selectOption('src/old.sv');
  await expect(history).toContainText('// of job_0');
  expect(await seriousFaults(page)).toEqual([]);
});

test('a package is declined: what follows is said, another one is taken or the agent writes it; a composed design needs it', async ({
  app,
  appPage: page,
}) => {
  const { jobs } = app;
  jobs.listings = [
    listingOf('cbb_fifo_sync', 'Synchronous FIFO', '0.25', ['fifo']),
    listingOf('cbb_fifo_flow', 'Flow-through FIFO', '0.35', ['fifo']),
    listingOf('cbb_uart_tx', 'UART transmitter', '0.40', ['uart']),
  ];
  await atPlanGate(app, page);
  // nothing was written yet
  await expect(agent(page).getByRole('button', { name: 'Undo the job' })).toBeDisabled();
  await expect(agent(page).getByRole('button', { name: 'Send back' })).toBeVisible();
  jobs.set({ facts: { plan_model: 'builtin/composer' } });
  await expect(agent(page).getByRole('button', { name: 'Send back' })).toHaveCount(0);
  jobs.step({ ...step('approve_plan', 'ok'), step: 'approve_plan' });
  jobs.step({ ...step('cbb_resolve', 'ok'), step: 'cbb_resolve' });
  const asks = (plan_model: string) => {
    jobs.step({ ...step('approve_purchase', 'waiting'), step: 'approve_purchase' });
    jobs.set({
      status: 'needs_input',
      facts: { plan_model },
      error: { code: 'APPROVAL_NEEDED', message: 'waits', retryable: false },
    });
  };
  asks('openai/gpt-5.1');
  const gate = agent(page).locator('.gate-card');
  await expect(gate.getByText('Apache-2.0').first()).toBeVisible();
  await gate.getByRole('button', { name: 'Without it…' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('only your testbench vouches for it');
  await expect(dialog.getByRole('button', { name: 'Take the other package' })).toBeDisabled();
  await expect(dialog.getByRole('option')).toHaveText(['Choose…', 'Flow-through FIFO · $0.35 · Apache-2.0']);
  await dialog.getByRole('combobox').selectOption('cbb_fifo_flow');
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Take the other package' }).click();
  asks('openai/gpt-5.1');
  await gate.getByRole('button', { name: 'Without it…' }).last().click();
  await expect(dialog).toContainText('No other package here has the same function.');
  await dialog.getByRole('button', { name: 'Let the agent write it' }).click();
  await expect
    .poll(() => jobs.declined)
    .toEqual([
      { cbbId: 'cbb_fifo_sync', instead: 'cbb_fifo_flow' },
      { cbbId: 'cbb_uart_tx', instead: null },
    ]);
  asks('builtin/composer');
  await gate.getByRole('button', { name: 'Without it…' }).first().click();
  await expect(dialog).toContainText('The specification itself names this package');
  await dialog.getByRole('button', { name: 'Open the specification' }).click();
  await expect(page.locator('.tab', { hasText: 'spec.md' })).toBeVisible();
  await gate.getByRole('button', { name: 'Evidence' }).first().click();
  await expect(page.locator('[data-panel=cbb]').getByRole('heading', { name: 'Synchronous FIFO' })).toBeVisible();

  // a step that is open in a job that ended waits for nobody
  jobs.set({ status: 'cancelled', error: null });
  await expect(agent(page).locator('[data-step=approve_purchase_1]').getByLabel('Stopped here')).toBeVisible();
});

test('where no sandbox can be had the job asks before anything runs; the yes goes on, and the job says unconfined', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(agent(page).locator('[data-outgoing=nowhere]')).toBeVisible();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
  app.jobs.step({ ...step('import', 'waiting'), step: 'import' });
  const message = 'This system does not let bubblewrap make namespaces.';
  app.jobs.set({
    status: 'needs_input',
    error: { code: 'CONFINEMENT_UNAVAILABLE', message, retryable: true },
  });
  const card = agent(page).getByRole('region', { name: 'No sandbox' });
  await expect(card.getByText(message)).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await card.getByRole('button', { name: 'Run without a sandbox' }).click();
  await expect.poll(() => app.jobs.approvals).toEqual(['gate']);
  app.jobs.set({ error: null, confinement: { confined: 'unconfined', unconfined_reason: 'refused' } });
  await expect(agent(page).locator('.job-line').getByText('unconfined')).toBeVisible();
});

test('a plan that stops a job: consent to what is billed in addition goes on, a used-up plan leads to the account page', async ({
  app,
  appPage: page,
}) => {
  app.jobs.billing = PRO_ACCOUNT;
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
  app.jobs.set({
    status: 'needs_input',
    error: {
      code: 'ON_DEMAND_CONSENT',
      message: 'asks',
      retryable: false,
      details: { beyond_usd: '0.60', used_usd: '0.10', limit_usd: '5.00', period_end: '2026-12-24T12:00:00.000Z' },
    },
  });
  const asked = agent(page).getByRole('region', { name: 'The next call would be billed in addition' });
  await expect(asked).toContainText('Up to $0.60 of the next call would be pay-as-you-go, billed in addition.');
  await expect(asked).toContainText('$0.10 of $5.00 used in this period, until 2026-12-24.');
  await expect(asked.getByRole('link', { name: 'Plan and payment' })).toHaveAttribute(
    'href',
    'https://hosted.example/account',
  );
  expect(await seriousFaults(page)).toEqual([]);
  await asked.getByRole('button', { name: 'Agree and continue' }).click();
  await expect(asked).toBeHidden();
  expect(app.jobs.consents).toBe(1);
  app.jobs.set({
    status: 'budget_exceeded',
    error: {
      code: 'BUDGET_EXCEEDED',
      message: 'stops',
      retryable: false,
      details: { limit_of: 'account', needed_usd: '1.20' },
    },
  });
  const stopped = agent(page).getByRole('region', { name: 'Nothing is left of what your plan includes' });
  await expect(stopped).toContainText('The next call may cost $1.20.');
  // the job's own limit is another thing
  await expect(agent(page).getByText('The job reached its spending limit')).toBeHidden();
  await page.goto(`${new URL(page.url()).origin}/#/usage`);
  await expect(page.getByText('Pro · payment due')).toBeVisible();
});
