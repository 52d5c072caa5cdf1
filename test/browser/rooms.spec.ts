// Smaller rooms: problems handed to the agent, a specification checked before it is taken, keys that never come back,
// skills on a real tool.
import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { newSkill } from '../../main/skills/index.ts';
import { expect, seriousFaults, test } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';

const agent = (page: Page): ReturnType<Page['locator']> => page.locator('[data-panel=agent]');

async function failedJob({ jobs }: App, page: Page): Promise<void> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
  jobs.step({
    step_id: 'lint_1',
    step: 'lint',
    status: 'failed',
    outcome: null,
    summary: '',
    duration_ms: 10,
    cost_usd: '0.00',
  });
  jobs.set({
    status: 'failed',
    facts: {
      plan_step: 'plan_1',
      diagnostics: [
        {
          tool: 'verilator',
          severity: 'error',
          code: 'PINMISSING',
          message: "Cell has missing pin: 'rd_en'",
          file: 'src/uart_bridge.sv',
          line: 6,
        },
        { tool: 'icarus', severity: 'warning', message: 'another file', file: 'tb/tb_uart_bridge.sv', line: 2 },
        {
          tool: 'verilator',
          severity: 'error',
          message: 'in a package',
          file: '.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/fifo.sv',
          line: 1,
        },
      ],
    },
  });
}

test('a finding is filtered by file, explained with its source, and handed to the agent; one in a package is not', async ({
  app,
  appPage: page,
}) => {
  await failedJob(app, page);
  const room = page.locator('[data-panel=problems]');
  await room.getByRole('combobox', { name: 'File' }).selectOption('src/uart_bridge.sv');
  await expect(room.getByRole('listitem')).toHaveCount(1);
  await room.getByRole('button', { name: 'Explain' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('An instance leaves a port of the module open')).toBeVisible();
  await expect(dialog.locator('.explain-here')).toContainText('logic [7:0] shift;');
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Fix this' }).click();
  await expect
    .poll(() => app.jobs.fixed.map((found) => `${found.file ?? ''}:${found.line ?? ''}`))
    .toEqual(['src/uart_bridge.sv:6']);
  app.jobs.end('failed');
  await room.getByRole('combobox', { name: 'File' }).selectOption('.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/fifo.sv');
  await expect(room.getByRole('button', { name: 'Fix this' })).toHaveCount(0);
});

test('several dropped files are shown as read, corrected and put in order before a workspace is made of them', async ({
  app,
  appPage: page,
}) => {
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['## Top\nmodule: blinker\n'], 'interface.md', { type: 'text/markdown' }));
    data.items.add(new File(['# Blinker\nBlinks.\n'], 'intro.txt', { type: 'text/plain' }));
    return data;
  });
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('free text', { exact: true })).toBeVisible();
  await dialog.getByRole('tab', { name: '2. intro.txt' }).click();
  await expect(dialog.locator('.spec-editor .view-lines')).toContainText('Blinks.');
  await dialog.locator('.spec-editor .view-lines').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('# Blinker\nBlinks slowly.\n');
  await expect(dialog.getByText('corrected', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Move up' }).click();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create and open' }).click();
  await expect(agent(page).getByRole('combobox', { name: 'Specification' })).toHaveValue('spec/intro.spec.md');
  const folder = path.join(app.home, 'workspaces/interface/spec');
  expect((await readdir(folder)).sort()).toEqual(['interface.md', 'intro.spec.md', 'intro.txt']);
  expect(await readFile(path.join(folder, 'intro.spec.md'), 'utf8')).toBe(
    '# Blinker\nBlinks slowly.\n\n## Top\nmodule: blinker\n',
  );
});

test('a key is written and never shown again, nor kept on a disk without a key store; tool folders and prices are kept', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Models' }).click();
  await dialog.getByLabel('Key for OpenAI').fill('sk-secret-0123456789');
  await dialog.getByRole('button', { name: 'Set', exact: true }).first().click();
  await expect(dialog.getByLabel('Key for OpenAI')).toHaveAttribute('placeholder', 'set; enter another to replace it');
  await expect(dialog.getByLabel('Key for OpenAI')).toHaveValue('');
  await dialog.getByLabel('Model', { exact: true }).fill('qwen3-coder');
  await dialog.getByLabel('Input', { exact: true }).fill('0');
  await dialog.getByLabel('Output', { exact: true }).fill('0');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('$0.00 in, $0.00 out')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('tab', { name: 'Tools' }).click();
  // what is not installed stands behind what is
  await expect(dialog.locator('.tool-name').last()).toContainText('VCS');
  await dialog.getByRole('textbox', { name: 'Folders searched before PATH' }).fill('/opt/eda/bin');
  await dialog.getByRole('button', { name: 'Add the folder' }).click();
  await expect(dialog.getByText('/opt/eda/bin')).toBeVisible();
  const files = await readdir(app.home);
  expect(files).not.toContain('secrets.json');
  const stored = await readFile(path.join(app.home, 'settings.json'), 'utf8');
  expect(stored).not.toContain('sk-secret');
  expect(JSON.parse(stored)).toMatchObject({
    settings: { tool_folders: ['/opt/eda/bin'], model_prices: { 'qwen3-coder': { input: '0', output: '0' } } },
  });
  // a setting is found by its words; a panel gets another key, which a second command may have
  await dialog.getByLabel('Find a setting').fill('repair');
  await dialog
    .getByRole('button', { name: /repair/i })
    .first()
    .click();
  await expect(dialog.getByRole('spinbutton')).toBeFocused();
  await dialog.getByRole('tab', { name: 'Keyboard' }).click();
  await dialog.getByLabel('Find a command or key').fill('Problems');
  await dialog.getByTitle('Change the key of: Show Problems').click();
  await page.keyboard.press('Control+Shift+A');
  await expect(dialog.getByText('also: Show Agent')).toBeVisible();
  await dialog.getByTitle('Change the key of: Show Problems').click();
  await page.keyboard.press('Control+Shift+Y');
  await expect(dialog.getByTitle('Change the key of: Show Problems')).toHaveText('Ctrl+Shift+Y');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /UART bridge/ }).click();
  const problems = page.locator('[data-panel=problems]');
  const tab = (name: string) => page.locator('.tab', { hasText: name });
  await expect(tab('Problems')).toBeVisible();
  await tab('Problems').click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Close(?! )/ }).click();
  await expect(tab('Problems')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+M');
  await expect(problems).toHaveCount(0);
  await page.keyboard.press('Control+Shift+Y');
  await expect(problems).toBeVisible();
  await tab('Problems').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Close the others' }).click();
  await expect(tab('Tool log')).toHaveCount(0);
  await expect(problems).toBeVisible();
});

test('usage shows buckets, days, models with tokens, packages with bucket, jobs with steps, and the open job’s cap', async ({
  app,
  appPage: page,
}) => {
  await page.goto(`${app.host.origin}/#/usage`);
  // its scrollbar stands at the window's edge
  await expect.poll(async () => (await page.locator('.usage').boundingBox())?.width).toBe(1280);
  await expect(page.getByText('of $20.00 · $0.10 held · $19.19 left')).toBeVisible();
  const days = page.getByRole('list', { name: 'By day' }).getByRole('listitem');
  await expect(days).toHaveCount(30);
  await expect(days.and(page.locator(':not([aria-label*=": $0.00"])'))).toHaveCount(1);
  await expect(page.getByRole('row', { name: /openai\/gpt-5.1 1 12,400 4,000 1,800/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /cbb_fifo_sync 1.0.0 \$0.25 Included 1 \$0.25/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /cbb_checkout_1 cbb_fifo_sync@1.0.0/ })).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).split('\r\n');
  expect(lines[0]).toMatch(/^time,job_id,step_id,kind,item,version,amount_usd,bucket,receipt_id,.*duration_ms$/);
  expect(lines).toHaveLength(5);
  expect(await seriousFaults(page)).toEqual([]);
});

test('a skill runs on real Yosys from its form; its metrics lead to the line that proves them', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(agent(page)).toBeVisible();
  await page.keyboard.press('Control+Shift+k');
  const room = page.locator('[data-panel=skills]');
  await room
    .getByRole('button', { name: /Synthesis statistics|synth/i })
    .first()
    .click();
  await expect(room.getByRole('button', { name: 'Run the skill' })).toBeDisabled();
  await expect(room.getByText('Still to fill in: Top module')).toBeVisible();
  await expect(room.getByText('Give at least one of: Source files, File lists (.f), Database')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  // skills whose tool is not here stand after those that can run, and say so
  const tools = await room.locator('.skills-side ul').first().locator('.skills-row').allInnerTexts();
  const away = tools.map((text) => text.includes('not found'));
  expect(away).toEqual([...away].sort((a, b) => Number(a) - Number(b)));
  expect(away.filter(Boolean).length).toBeGreaterThan(0);
  const fields = room.locator('.skill-form');
  await fields
    .getByLabel(/source|files/i)
    .first()
    .fill('src/uart_bridge.sv');
  await fields.getByLabel(/top/i).first().fill('uart_bridge');
  await room.getByRole('button', { name: 'Run the skill' }).click();
  await expect(room.locator('.skill-run > header .chip')).toHaveText('done', { timeout: 30_000 });
  await expect(room.locator('.skill-state-failed')).toHaveCount(0);
  // when it ran and how long
  await expect(room.locator('.skills-when')).toHaveText(/\d.* · \d/);
  await room.locator('.table .link').first().click();
  await expect(page.locator('.monaco-editor').first()).toBeVisible();
  expect(app.unexpected).toEqual([]);
});

test('a skill that came with the workspace says what it hides, runs once it is trusted, and marks the phase that failed', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(agent(page)).toBeVisible();
  const [sample = ''] = await readdir(path.join(app.home, 'samples'));
  const into = path.join(app.home, 'samples', sample, 'skills');
  const folder = await newSkill({ name: 'synth_stat', host: 'tclsh', into });
  await writeFile(path.join(folder, 'templates', 'run.tcl'), 'error "the script says no"\n');
  await page.keyboard.press('Control+Shift+k');
  const room = page.locator('[data-panel=skills]');
  await room.getByRole('button', { name: /synth stat/ }).click();
  await expect(room.getByText('stands in the place of the skill synth_stat that genRTL ships')).toBeVisible();
  await expect(room.getByText(folder)).toBeVisible();
  await expect(room.getByRole('button', { name: 'Run the skill' })).toBeDisabled();
  expect(await seriousFaults(page)).toEqual([]);
  // what was shown is what is trusted: another text asks again
  await appendFile(path.join(folder, 'templates', 'run.tcl'), '# changed\n');
  await room.getByRole('button', { name: 'Trust this skill as it is' }).click();
  await expect(room.getByText('SKILL_CHANGED').or(room.getByText('Trust this skill as it is')).first()).toBeVisible();
  await expect(async () => {
    const trust = room.getByRole('button', { name: 'Trust this skill as it is' });
    if (await trust.isVisible()) await trust.click({ timeout: 1000 });
    await expect(room.getByRole('button', { name: 'Run the skill' })).toBeEnabled({ timeout: 1000 });
  }).toPass();
  await room.getByRole('button', { name: 'Run the skill' }).click();
  await expect(room.locator('.skill-run > header .chip')).toHaveText('failed', { timeout: 30_000 });
  await expect(room.locator('.skill-state-failed')).toHaveText('Run · Failed');
  await expect(room.getByText('the script says no').first()).toBeVisible();
});

test('where there is no key store a passphrase keeps the keys; after a start they are locked until it is said', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Models' }).click();
  await dialog.getByLabel('Key for OpenAI').fill('sk-secret-0123456789');
  await dialog.getByRole('button', { name: 'Set', exact: true }).first().click();
  await dialog.getByLabel('Passphrase, 8 characters or more').fill('correct horse');
  const choose = dialog.getByRole('button', { name: 'Keep keys with this passphrase' });
  await expect(choose).toBeDisabled();
  await dialog.getByLabel('Passphrase again').fill('correct horse');
  await choose.click();
  await expect(dialog.getByText('Keys are kept in a file that your passphrase encrypts.')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  const kept = await readFile(path.join(app.home, 'secrets.json'), 'utf8');
  expect(kept).not.toContain('sk-secret');
  await dialog.getByRole('button', { name: 'Forget all kept keys' }).click();
  await expect(dialog.getByLabel('Key for OpenAI')).toHaveAttribute('placeholder', 'not set');
});

test('a further server is taken with its models at no cost, and dropped again', async ({ app, appPage: page }) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Models' }).click();
  const part = dialog.getByRole('region', { name: 'Further servers' });
  await part.getByLabel('Address of a further server').fill('http://gpu2:8000/v1');
  // the keys of OpenAI and Anthropic go to nobody else
  await part.getByLabel('Variable of its key (optional)').fill('OPENAI_API_KEY');
  await expect(part.getByRole('button', { name: 'Ask for its models' })).toBeDisabled();
  await part.getByLabel('Variable of its key (optional)').fill('');
  await part.getByRole('button', { name: 'Ask for its models' }).click();
  await part.getByRole('button', { name: 'Add; its models cost nothing' }).click();
  await expect(part.getByText('2 models')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  const stored = async (): Promise<unknown> => JSON.parse(await readFile(path.join(app.home, 'settings.json'), 'utf8'));
  await expect.poll(stored).toMatchObject({
    settings: {
      model_servers: [{ url: 'http://gpu2:8000/v1', models: ['qwen3-coder', 'llama-4'], key_env: null }],
      model_prices: { 'llama-4': { input: '0', output: '0' } },
    },
  });
  await part.getByRole('button', { name: /^Remove the server/ }).click();
  await expect(part.getByText('2 models')).toHaveCount(0);
});
