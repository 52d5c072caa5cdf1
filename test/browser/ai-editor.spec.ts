// Answers in the editor, from the key to the wire: streamed text that is put in once, changes decided one by one,
// suggestions that are judged before they are shown; stopped, taken back and re-anchored.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import zh from '../../renderer/i18n/zh-CN.json' with { type: 'json' };
import { command, goTo, lines, open, SPEC, TOP, words } from './support/ai-editor.ts';
import { watchConsole } from './support/app-fixture.ts';
import { englishLeft } from './support/english-left.ts';
import { startFakeAiBackend } from './support/fake-ai-backend.ts';
import type { FakeAiBackend, FakeRun } from './support/fake-ai-backend.ts';
import { makeWorkspace, openWorkspace, seriousFaults, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

let home: string;
let workspace: string;
let backend: FakeAiBackend;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-ai-editor-'));
  workspace = await makeWorkspace({ 'docs/spec.md': SPEC, 'src/top.sv': TOP });
  backend = await startFakeAiBackend();
  app = await serveApp(home, 0, { GENRTL_BACKEND_URL: backend.url });
});
test.afterAll(async () => {
  await app.stop();
  await backend.stop();
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

/** The next run of an intent, in the test's hand. */
function nextRun(intent: string): Promise<FakeRun> {
  const { promise, resolve } = Promise.withResolvers<FakeRun>();
  backend.answers.set(intent, resolve);
  return promise;
}
/** For people, with GENRTL_SCREENSHOTS set to a folder; nothing is clicked, so that the focus stays. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['GENRTL_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
const token = (text: string): { type: string; text: string } => ({ type: 'token', text });

test('streamed text is put in once, stopped at once, taken back by a second attempt, and placed again', async ({
  page,
}) => {
  test.setTimeout(90_000);
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'docs/spec.md');
  await goTo(page, '3:36');
  const asked = nextRun('continue-writing');
  await command(page, 'Continue writing');
  const first = await asked;
  expect(first.body.selectionRef?.snapshot).toContain('limit.[START_SELECTION][END_SELECTION]');
  const preview = page.locator('.ai-preview');
  first.start('streaming-text');
  first.send(token(' Half a thou'));
  await expect(preview).toHaveText('Half a thou');
  // the place is locked, the rest is not
  await page.keyboard.type('x');
  await expect(lines(page)).not.toContainText('limit.x');
  await picture(page, 'ai-insert-en');
  // the first attempt fails on the server's side; the second one takes its place
  first.start('streaming-text', 2);
  first.send(token(' Then it starts'));
  await expect(preview).toHaveText('Then it starts');
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
  first.send(token(' again.'));
  first.succeed();
  await expect(preview).toHaveCount(0);
  await expect(lines(page)).toContainText(words('limit. Then it starts again.'));
  await expect(lines(page)).not.toContainText('Half');
  await lines(page).click();
  await page.keyboard.press('Control+Z');
  await expect(lines(page)).not.toContainText(words('Then it starts'));
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);

  // Escape ends it here and there
  const held = nextRun('continue-writing');
  await command(page, 'Continue writing');
  const second = await held;
  second.start('streaming-text');
  second.send(token('never'));
  await expect(preview).toHaveText('never');
  await lines(page).click();
  await page.keyboard.press('Escape');
  await expect(preview).toHaveCount(0);
  await second.cancelled;
  await expect(lines(page)).not.toContainText('never');

  // an edit elsewhere while the answer comes: it is placed again, and said so
  await goTo(page, '3:36');
  const moving = nextRun('continue-writing');
  await command(page, 'Continue writing');
  const third = await moving;
  third.start('streaming-text');
  third.send(token(' It wraps.'));
  await expect(preview).toHaveText('It wraps.');
  await goTo(page, '5:9');
  await page.keyboard.type(' and widths');
  third.succeed();
  await expect(page.getByText('The document changed meanwhile.')).toBeVisible();
  await expect(lines(page)).toContainText(words('limit. It wraps.'));
  await expect(lines(page)).toContainText(words('## Ports and widths'));
  expect(problems).toEqual([]);
});

test('asked twice, refused, broken off: no stream mixes with another, and nothing is left', async ({ page }) => {
  test.setTimeout(90_000);
  // an address lets in once
  await app.stop();
  app = await serveApp(home, 0, { GENRTL_BACKEND_URL: backend.url });
  // what other tests have typed stays with their workspace
  const own = await makeWorkspace({ 'docs/spec.md': SPEC });
  await openWorkspace(page, app.url, own);
  await open(page, 'docs/spec.md');
  const preview = page.locator('.ai-preview');
  const asked = async (): Promise<FakeRun> => {
    const run = nextRun('continue-writing');
    await command(page, 'Continue writing');
    const begun = await run;
    begun.start('streaming-text');
    return begun;
  };
  /** As it was, and it can be typed into again. */
  const untouched = async (): Promise<void> => {
    await expect(preview).toHaveCount(0);
    await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
    await goTo(page, '3:36');
    await page.keyboard.type('!');
    await expect(lines(page)).toContainText('limit.!');
    await page.keyboard.press('Control+Z');
    await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
  };

  await goTo(page, '3:36');
  const first = await asked();
  first.send(token(' of the first'));
  await expect(preview).toHaveText('of the first');
  // at the same place, which the first one locks: the second one takes it over, lock and all
  const second = await asked();
  await first.cancelled;
  second.send(token(' Second.'));
  await expect(preview).toHaveText('Second.');
  await lines(page).click();
  await goTo(page, '3:36');
  await page.keyboard.type('x');
  await expect(lines(page)).not.toContainText('limit.x');
  second.succeed();
  await expect(lines(page)).toContainText(words('limit. Second.'));
  await expect(lines(page)).not.toContainText(words('of the first'));
  await expect(lines(page)).not.toContainText(words('late frame'));
  await lines(page).click();
  await page.keyboard.press('Control+Z');
  await untouched();

  const refused = await asked();
  refused.send(token(' half'));
  await expect(preview).toHaveText('half');
  refused.send({ type: 'error', code: 'MODEL_UNAVAILABLE', message: 'The model server is away', retryable: true });
  await expect(page.getByText('The model server is away').first()).toBeVisible();
  await picture(page, 'ai-refused-en');
  await untouched();

  const lost = await asked();
  lost.send(token(' a third'));
  await expect(preview).toHaveText('a third');
  lost.breakOff();
  const broke = page.locator('.notice', { hasText: 'The answer broke off' });
  await expect(broke).toContainText('Nothing was changed.');
  await expect(broke.getByRole('button', { name: 'Copy the answer' })).toBeVisible();
  await picture(page, 'ai-broken-off-en');
  await untouched();
  await rm(own, { recursive: true, force: true });
});

test('changes are decided one by one; suggestions are judged; nothing is written by itself', async ({ page }) => {
  test.setTimeout(90_000);
  const problems = watchConsole(page);
  await app.stop();
  app = await serveApp(home, 0, { GENRTL_BACKEND_URL: backend.url });
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/top.sv');
  await goTo(page, '2:1');
  for (let line = 0; line < 4; line += 1) await page.keyboard.press('Shift+ArrowDown');
  backend.answers.set('document', (run) => {
    run.start('atomic-patch');
    run.send({
      type: 'patch',
      op: 'replace_text',
      target: { type: 'selectionRef', ref: {} },
      text: '```systemverilog\n  // the low bit\n  logic a;\n  logic b;\n  assign a = data[0];\n  assign b = data[1] & a;\n```',
    });
    run.succeed();
  });
  // what is to be done in the person's own words; Escape asks nobody
  const said = page.getByRole('textbox', { name: 'What is to be done with the selection' });
  await page.keyboard.press('Control+Alt+e');
  await expect(said).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(said).toHaveCount(0);
  const instructed = nextRun('edit');
  await page.keyboard.press('Control+Alt+e');
  await expect(said).toBeFocused();
  await page.keyboard.type('call it c');
  await picture(page, 'ai-instruction-en');
  await page.keyboard.press('Enter');
  const edit = await instructed;
  expect(edit.body).toMatchObject({ intent: 'edit', instruction: 'call it c', selectionRef: { mode: 'selection' } });
  edit.start('atomic-patch');
  const target = { type: 'selectionRef', ref: {} };
  edit.send({
    type: 'patch',
    op: 'replace_text',
    target,
    text: (edit.body.selectionRef?.snapshot ?? '')
      .replace(/^[\s\S]*\[START_SELECTION\]|\[END_SELECTION\][\s\S]*$/g, '')
      .replace('logic b', 'logic c'),
  });
  edit.succeed();
  await expect(page.locator('.ai-bar')).toContainText('1 change to decide');
  await page.keyboard.press('Escape');
  await expect(page.locator('.ai-bar')).toHaveCount(0);
  await goTo(page, '2:1');
  for (let line = 0; line < 4; line += 1) await page.keyboard.press('Shift+ArrowDown');

  await command(page, 'Document the selection');
  await expect(page.locator('.ai-bar')).toContainText('2 changes to decide');
  await expect(page.locator('.ai-added').first()).toHaveText(/the low bit/);
  await expect(lines(page)).not.toContainText(words('the low bit'));
  await picture(page, 'ai-edit-en');
  await switchLanguage(page, 'zh-CN');
  await expect(page.locator('.status-bar')).toContainText('2 处修改待定');
  // what is drawn in the editor speaks it too
  expect(await englishLeft(page, '.ai-bar, .ai-zone')).toEqual([]);
  await expect(page.locator('.ai-bar')).toContainText('2 处修改待定');
  await expect(page.locator('.ai-hunk').first().locator('button')).toHaveText([zh.ai.accept, zh.ai.reject]);
  await picture(page, 'ai-edit-zh');
  await switchLanguage(page, 'en');
  await page.locator('.ai-hunk').last().locator('button').first().click();
  await expect(lines(page)).toContainText(words('assign b = data[1] & a;'));
  await lines(page).click();
  await page.keyboard.press('Control+Z');
  await expect(lines(page)).not.toContainText(words('data[1] & a'));
  await expect(page.locator('.ai-bar')).toContainText('1 change to decide');
  await lines(page).click();
  await page.keyboard.press('Escape');
  await expect(page.locator('.ai-bar')).toHaveCount(0);
  await expect(lines(page)).not.toContainText(words('the low bit'));
  expect(await readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toBe(TOP);

  // a suggestion with a port that is not there is withheld, and the status item says why
  let suggestion = 'leaf u_leaf (.q(a));';
  backend.answers.set('complete', (run) => {
    run.start('streaming-text');
    run.send(token(suggestion));
    run.succeed();
  });
  const status = page.locator('.ai-status');
  await goTo(page, '6:1');
  await page.keyboard.type(' ');
  await expect(status).toContainText('off');
  expect(backend.asked.some(({ intent }) => intent === 'complete')).toBe(false);
  await status.getByRole('button').first().click();
  await page.getByRole('checkbox', { name: 'Suggest while typing' }).check();
  await page.keyboard.press('Escape');
  await goTo(page, '6:1');
  await page.keyboard.type('  ');
  await expect(status).toContainText('withheld');
  await status.getByRole('button').first().click();
  await expect(page.getByRole('dialog', { name: 'AI in the editor' })).toContainText('“q” is no port or parameter');
  await picture(page, 'ai-withheld-en');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  suggestion = 'assign full = a & b;';
  await goTo(page, '6:3');
  await page.keyboard.type('as');
  const ghost = page.locator('.ghost-text-decoration, .ghost-text').first();
  await expect(ghost).toHaveText(/^sign/);
  await picture(page, 'ai-ghost-en');
  await page.keyboard.press('Tab');
  await expect(lines(page)).toContainText(words('  assign full = a & b;'));
  await expect(status).toContainText('AI');
  const complete = backend.asked.filter(({ intent }) => intent === 'complete').at(-1);
  expect(JSON.stringify(complete?.context)).toContain('module leaf');
  expect(problems).toEqual([]);
});

test('pictures of the same states in Chinese', async ({ page }) => {
  test.skip(process.env['GENRTL_SCREENSHOTS'] === undefined, 'pictures are taken where a folder for them is named');
  test.setTimeout(90_000);
  // an address lets in once
  await app.stop();
  app = await serveApp(home, 0, { GENRTL_BACKEND_URL: backend.url });
  await openWorkspace(page, app.url, workspace);
  await switchLanguage(page, 'zh-CN');
  await open(page, 'docs/spec.md');
  await goTo(page, '3:36');
  const inserting = nextRun('continue-writing');
  await command(page, '续写（AI）');
  const insert = await inserting;
  insert.start('streaming-text');
  insert.send(token(' 到达上限后回到零。'));
  await expect(page.locator('.ai-preview')).toHaveText('到达上限后回到零。');
  await picture(page, 'ai-insert-zh');
  insert.send({ type: 'error', code: 'MODEL_UNAVAILABLE', message: 'The model server is away', retryable: true });
  await expect(page.locator('.ai-preview')).toHaveCount(0);
  await picture(page, 'ai-refused-zh');

  await open(page, 'src/top.sv');
  await goTo(page, '2:1');
  for (let line = 0; line < 4; line += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+Alt+e');
  await expect(page.getByRole('textbox', { name: '要对选中内容做什么' })).toBeFocused();
  await picture(page, 'ai-instruction-zh');
  await page.keyboard.press('Escape');
  for (const [name, suggestion] of [
    ['ai-withheld-zh', 'leaf u_leaf (.q(a));'],
    ['ai-ghost-zh', 'assign full = a & b;'],
  ] as const) {
    backend.answers.set('complete', (run) => {
      run.start('streaming-text');
      run.send(token(suggestion));
      run.succeed();
    });
    await goTo(page, '6:1');
    await page.keyboard.press('Alt+\\');
    if (name === 'ai-ghost-zh') await expect(lines(page)).toContainText(words(suggestion));
    else {
      await expect(page.locator('.ai-status')).toContainText('已隐藏');
      await page.locator('.ai-status').getByRole('button').first().click();
    }
    await picture(page, name);
    await page.keyboard.press('Escape');
  }
  await switchLanguage(page, 'en');
});
