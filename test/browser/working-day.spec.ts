// What went wrong for an engineer on a working day, each as a kind: where keys go, whose files are changed, what stays
// in sight, what is said when something is missing.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { GenrtlError } from '@genrtl/contracts';
import { representatives } from '../representatives.ts';
import { expect, seriousFaults, test } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';
import { RTL } from './support/fake-services.ts';
import { switchLanguage } from './support/room.ts';

const agent = (page: Page): ReturnType<Page['locator']> => page.locator('[data-panel=agent]');
const workspaceOf = (app: App): string => path.join(app.home, 'samples/uart_bridge');
const done = (name: string, summary = '') => ({
  step_id: `${name}_1`,
  step: name as 'plan',
  status: 'ok' as const,
  outcome: 'OK',
  summary,
  duration_ms: 120,
  cost_usd: '0.001343',
});
const waiting = (name: string) => ({ ...done(name), status: 'waiting' as const, outcome: null, duration_ms: null });

async function started(page: Page): Promise<void> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
}

async function atPlanGate(app: App, page: Page): Promise<void> {
  await started(page);
  for (const name of ['import', 'plan', 'interface_check']) app.jobs.step(done(name));
  app.jobs.step(waiting('approve_plan'));
  app.jobs.set({
    status: 'needs_input',
    facts: { plan_model: 'openai/gpt-5.1' },
    error: { code: 'FILE_OWNED', message: 'The job would change files that are yours.', retryable: false },
  });
}

test('keys go to the palette, a dialog or a panel from the first one on, and back to where they were', async ({
  app,
  appPage: page,
}) => {
  const many = path.join(workspaceOf(app), 'many');
  await mkdir(many, { recursive: true });
  await Promise.all(Array.from({ length: 2400 }, (_, at) => writeFile(path.join(many, `m_${at}.sv`), '')));
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await page.locator('[data-panel=explorer]').getByText('src', { exact: true }).click();
  await page.locator('[data-panel=explorer]').getByText('uart_bridge.sv', { exact: true }).click();
  await page.locator('.monaco-editor .view-line').first().click();
  // the shipped font of code, which is measured once it is there
  await expect(page.locator('.monaco-editor .view-lines').first()).toHaveCSS(
    'font-family',
    /^"JetBrains Mono Variable"/,
  );
  expect(await page.evaluate(() => document.fonts.check("13px 'JetBrains Mono Variable'"))).toBe(true);
  const unsaved = page.locator('.tab-dirty');

  // the first time, and with no pause
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('m_2399');
  const palette = page.locator('.palette');
  await expect(palette.locator('input')).toHaveValue('m_2399');
  // B10: the last of more files than a list used to hold
  await expect(palette.getByRole('option', { name: 'many/m_2399.sv' })).toBeVisible();
  await palette.locator('input').fill('m_');
  await expect(palette.getByText(/60 of 2400 matching files/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.monaco-editor textarea, .monaco-editor .native-edit-context').first()).toBeFocused();

  // a panel whose code is fetched by this very key
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('shift');
  await expect(page.locator('[data-panel=search] input').first()).toHaveValue('shift');
  // a dialog that was put away while its code was fetched stays away
  const hold = Promise.withResolvers<undefined>();
  await page.route(/settings-dialog.*\.js/, async (route) => {
    await hold.promise;
    await route.continue();
  });
  const fetched = page.waitForResponse(/settings-dialog.*\.js/);
  await page.keyboard.press('Control+,');
  await page.keyboard.press('Escape');
  hold.resolve(undefined);
  await fetched;
  await expect(page.locator('[data-panel=search] input').first()).toBeFocused();
  await page.keyboard.type('s');
  await expect(page.locator('[data-panel=search] input').first()).toHaveValue('shifts');
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+,');
  await page.keyboard.type('xyz');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings).toBeVisible();
  await expect(settings.getByRole('button', { name: 'Close' })).not.toBeFocused();
  await expect(settings.getByRole('searchbox')).toHaveValue('xyz');
  // empties the field, then closes
  await page.keyboard.press('Escape');
  await expect(settings.getByRole('searchbox')).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-panel=search] input').first()).toBeFocused();
  await expect(page.locator('[data-panel=search] input').first()).toHaveValue('shift');

  // F6 goes round the groups, Ctrl+B and Ctrl+J give room
  await page.keyboard.press('Control+Shift+A');
  await expect(agent(page).locator(':focus')).toBeVisible();
  await page.keyboard.press('F6');
  await expect(agent(page).locator(':focus')).toHaveCount(0);
  await expect(page.locator('.workbench-dock :focus')).toHaveCount(1);
  await page.keyboard.press('Control+B');
  await expect(page.locator('[data-panel=explorer]')).toBeHidden();
  await page.keyboard.press('Control+J');
  await expect(page.locator('[data-panel=search]')).toBeHidden();
  await page.keyboard.press('Control+B');
  await expect(page.locator('[data-panel=explorer]')).toBeVisible();
  await expect(unsaved).toHaveCount(0);
  expect(await readFile(path.join(workspaceOf(app), 'src/uart_bridge.sv'), 'utf8')).toBe(RTL);
});

test('the gate says whose files a job would change, unsaved plan edits hold it, and what asks or came out stays in sight', async ({
  app,
  appPage: page,
}) => {
  app.jobs.owned = [{ path: 'src/uart_bridge.sv', owner: 'person', tracked: true }];
  await atPlanGate(app, page);
  const gate = agent(page).locator('.gate-card');
  await expect(gate.getByRole('alert')).toContainText('This file exists and is yours');
  await expect(gate.getByText('yours · in git')).toBeVisible();
  await expect(agent(page).getByRole('heading', { name: 'UART bridge with a byte FIFO' })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);

  await gate.getByRole('button', { name: 'Look at the plan' }).click();
  const plan = page.locator('[data-panel=plan]');
  await expect(plan.getByText('yours · in git')).toBeVisible();
  await plan.getByRole('button', { name: 'Edit the plan' }).click();
  await plan.getByRole('button', { name: 'Add an assumption' }).click();
  await expect(gate.getByRole('button', { name: 'Approve the plan' })).toBeDisabled();
  await expect(gate.getByText('The plan has changes that are not saved')).toBeVisible();
  await gate.getByRole('button', { name: 'Discard changes' }).click();
  await gate.getByRole('button', { name: 'Approve the plan' }).click();
  await expect.poll(() => app.jobs.approvals).toEqual(['gate']);

  for (const name of ['cbb_resolve', 'implement']) app.jobs.step(done(name, '1 files'));
  for (let turn = 1; turn <= 6; turn += 1)
    for (const name of ['approve_patch', 'apply', 'lint', 'repair'])
      app.jobs.step({ ...done(name, '1 files'), step_id: `${name}_${turn}` });
  app.jobs.step({ ...waiting('approve_patch'), step_id: 'approve_patch_9' });
  app.jobs.set({ status: 'needs_input', error: { code: 'APPROVAL_NEEDED', message: 'waits', retryable: false } });
  await expect(agent(page).getByRole('button', { name: 'Apply', exact: true })).toBeInViewport();
  await expect(agent(page).getByText('1 file', { exact: true }).last()).toBeInViewport();
  // money once, in few digits, the exact amount beside it
  app.jobs.set({ cost_usd: '0.001343' });
  await expect(page.getByText('$0.0013 of $20.00')).toHaveCount(1);
  await expect(page.locator('.spend')).toHaveAttribute('title', /\$0\.001343 of \$20\.00/);

  app.jobs.step({ ...done('approve_patch'), step_id: 'approve_patch_9' });
  app.jobs.set({
    error: null,
    facts: {
      files: ['src/uart_bridge.sv'],
      tests: [{ name: 'tb_uart', kind: 'testbench', tool: 'icarus', passed: true, duration_ms: 20, failures: [] }],
    },
  } as Parameters<typeof app.jobs.set>[0]);
  app.jobs.end('done');
  await expect(agent(page).getByRole('region', { name: 'Result' })).toBeInViewport();

  await agent(page).getByRole('button', { name: 'Undo the job' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the job' }).click();
  await expect(agent(page).locator('.chip', { hasText: 'Undone' })).toBeVisible();
  await expect(agent(page).getByText('This job was undone')).toBeVisible();
  await expect(agent(page).getByRole('button', { name: 'Undo the job' })).toBeDisabled();
});

test('an error speaks the words of the app, in both languages, and its button leads to what mends it', async ({
  app,
  appPage: page,
}) => {
  app.jobs.refusal = new GenrtlError('SPEC_NEEDS_MODEL', 'spec.md is free text.');
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  const note = agent(page).locator('.error-note');
  await expect(note).toContainText('Set up a model with its key');
  await expect(note).not.toContainText(/--model|_API_KEY|npx/);
  await note.getByRole('button', { name: 'Set up models' }).click();
  await expect(page.getByRole('dialog').getByRole('tab', { name: 'Models' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await switchLanguage(page, 'zh-CN');
  await expect(note).toContainText('请配置模型');
  await expect(note.locator('.error-note-text')).toHaveText('该规格需要模型');
  await expect(note).not.toContainText(/--model|_API_KEY|npx/);
  await expect(note.getByRole('button', { name: '配置模型' })).toBeVisible();
});

test('a workspace opened again knows its specification, and the form says what will happen with it', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  const choice = agent(page).getByRole('combobox', { name: 'Specification' });
  await expect(choice).toHaveValue('spec.md');
  await writeFile(path.join(workspaceOf(app), 'notes.txt'), 'It blinks.\n');
  await page.locator('.brand').click();
  await page.getByRole('button', { name: /samples\/uart_bridge/ }).click();
  await expect(choice).toHaveValue('spec.md');
  await expect(
    agent(page).getByText('Composed from its tables by the built-in composer: no model, no cost.'),
  ).toBeVisible();
  // one that a person chose is kept, although another one is called spec.md
  await page.locator('[data-panel=explorer]').getByText('notes.txt', { exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Use as specification' }).click();
  await expect(choice).toHaveValue('notes.txt');
  await expect(agent(page).getByText(/Free text: openai\/gpt-5\.1 plans and writes it/)).toBeVisible();
  await agent(page).getByRole('combobox', { name: 'Model' }).selectOption('builtin/composer');
  await expect(agent(page).getByText('Free text needs a model, and none is set up yet.')).toBeVisible();
  // settings that are changed meanwhile reach the form; what was chosen in it stays
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('tab', { name: 'Jobs' }).click();
  await settings.getByRole('spinbutton').fill('9');
  await page.keyboard.press('Escape');
  await expect(agent(page).getByLabel('Repair turns')).toHaveValue('9');
  await expect(agent(page).getByRole('combobox', { name: 'Model' })).toHaveValue('builtin/composer');
  await page.reload();
  await expect(choice).toHaveValue('notes.txt');
  // the specification was looked at as it was chosen
  await expect(page.locator('[data-panel=problems]').getByText('Nothing checked yet')).toBeHidden();
  // every fault of one is listed before anything is started, leads to its line, and stands in Problems
  const faulty = '# Bad\n\n## Top\nmodule: bad\n\n## Ports\n| Port | Direction | Width |\n|---|---|---|\n';
  await writeFile(
    path.join(workspaceOf(app), 'bad.md'),
    `${faulty}| clk | input | 1 |\n| q | sideways | 1 |\n| clk | input | 1 |\n`,
  );
  await choice.selectOption('bad.md');
  await agent(page).getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Automatic' });
  const faults = agent(page).locator('.spec-faults li');
  await expect(faults.filter({ hasText: 'line 10' })).toContainText('sideways');
  const listed = page.locator('[data-panel=problems]').getByRole('listitem');
  await expect(listed).toHaveCount(await faults.count());
  await faults.getByRole('button', { name: 'line 10' }).click();
  await expect(page.locator('.monaco-editor:visible .active-line-number')).toHaveText('10');
  await listed.filter({ hasText: 'bad.md:11' }).getByRole('button').first().click();
  await expect(page.locator('.monaco-editor:visible .active-line-number')).toHaveText('11');
});

test('a job whose process was killed is stopped in every place, and its clock with it', async ({
  app,
  appPage: page,
}) => {
  await started(page);
  app.jobs.step({ ...done('import'), status: 'running', outcome: null, duration_ms: null });
  await page.reload();
  await expect(agent(page).locator('.chip', { hasText: 'Stopped' })).toBeVisible();
  await expect(page.getByText('Running', { exact: true })).toHaveCount(0);
  const clock = agent(page).locator('.job-clock');
  const before = await clock.textContent();
  await page.waitForTimeout(700);
  expect(await clock.textContent()).toBe(before);
  await page.evaluate(() => {
    location.hash = '#/workspace?path=/no/such/place';
  });
  await expect(page.getByText('There is no folder /no/such/place.')).toBeVisible();
  await expect(agent(page)).toHaveCount(0);
});

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;
for (const [width, height] of representatives(SIZES, ['1280'], ([wide]) => String(wide)))
  test(`changes are decided within the frame at ${width}, and a waiting patch by its parts, side by side`, async ({
    app,
    appPage: page,
  }) => {
    await page.setViewportSize({ width, height });
    await started(page);
    const long = `  assign txd = ${Array.from({ length: 90 }, (_, at) => `shift[${at % 8}]`).join(' ^ ')};`;
    const patch = `--- a/src/uart_bridge.sv
+++ b/src/uart_bridge.sv
@@ -1,8 +1,8 @@
-module uart_bridge (
+module uart_bridge ( // renamed later
   input  logic clk,
   input  logic rst_n,
   output logic txd
 );
   logic [7:0] shift;
-  assign txd = shift[0];
+${long}
 endmodule
`;
    const { jobs } = app;
    jobs.step(done('implement'));
    await jobs.writeRun('implement_1', { 'patch.diff': patch });
    jobs.step(waiting('approve_patch'));
    jobs.set({ status: 'needs_input', facts: { patch_step: 'implement_1' } });
    await jobs.writeState();
    await agent(page).getByRole('button', { name: 'Look at the patch' }).click();
    const room = page.locator('[data-panel=changes]');
    await expect(room.getByText('2 of 2 changes taken')).toBeVisible();
    await expect(room.locator('.side-old').first()).toContainText('1');
    await room.getByRole('checkbox', { name: 'Take the change of src/uart_bridge.sv at line 1' }).uncheck();
    expect(await seriousFaults(page)).toEqual([]);
    await room.getByRole('button', { name: 'Approve what is taken' }).click();
    await expect.poll(() => jobs.approvals).toEqual(['gate']);
    const left = await readFile(path.join(workspaceOf(app), '.genRTL/runs/job_1/approve_patch_1/patch.diff'), 'utf8');
    expect(left).toContain(long);
    expect(left).not.toContain('renamed later');

    await jobs.applyDiff(left);
    jobs.step(done('apply'));
    jobs.end('done');
    await agent(page).getByRole('button', { name: 'Changes', exact: true }).click();
    for (const name of [/^Accept the change at line 7/, /^Reject the change at line 7/, /^Reject src/])
      await expect(room.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 });
  });
