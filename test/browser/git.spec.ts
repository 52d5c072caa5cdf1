// The repository of a workspace in the real application: marks, margin, difference, stage, commit, discard and back,
// branches, a hook that nobody trusted yet; by keys where a person would use them, in both languages.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, screenshots, seriousFaults, showPanel, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

const COUNTER = Array.from({ length: 12 }, (_, at) => `  // line ${at + 1}`);
const counter = (lines: readonly string[]): string => `module counter;\n${lines.join('\n')}\nendmodule\n`;
const WHO = {
  GIT_AUTHOR_NAME: 'An engineer',
  GIT_AUTHOR_EMAIL: 'e@example.org',
  GIT_COMMITTER_NAME: 'An engineer',
  GIT_COMMITTER_EMAIL: 'e@example.org',
};

let home: string;
let workspace: string;
let app: ServedApp;
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: workspace, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...WHO } });

test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-git-app-'));
  workspace = await makeWorkspace({ 'rtl/counter.sv': counter(COUNTER), 'rtl/other.sv': 'module other;\nendmodule\n' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  writeFileSync(
    path.join(workspace, 'rtl/counter.sv'),
    counter([...COUNTER.slice(0, 3), '  logic q;', ...COUNTER.slice(3, 8), '  // changed', ...COUNTER.slice(9, 11)]),
  );
  writeFileSync(path.join(workspace, 'rtl/new.sv'), 'module fresh;\nendmodule\n');
  const hook = path.join(workspace, '.git/hooks/commit-msg');
  writeFileSync(hook, '#!/bin/sh\ngrep -q rtl "$1" || { echo "name the area" >&2; exit 1; }\n');
  chmodSync(hook, 0o755);
  app = await serveApp(home, 0, { HOME: home, ...WHO });
});
test.afterAll(async () => {
  await app.stop();
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

test('changes are seen, compared, staged, committed, discarded and taken back', async ({ page }) => {
  test.setTimeout(120_000);
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  const explorer = page.locator('[data-panel=explorer]');
  await explorer.getByText('rtl', { exact: true }).click();
  const row = (name: string) => explorer.getByRole('treeitem').filter({ hasText: name });
  await expect(row('counter.sv')).toContainText('Modified');
  await expect(row('new.sv')).toContainText('Untracked');
  await expect(row('other.sv')).not.toContainText('Modified');

  // the margin of the editor, and the way from change to change
  await row('counter.sv').click();
  const editor = page.locator('[data-panel=editor]');
  await expect(editor.locator('.git-line-added')).toHaveCount(1);
  await expect(editor.locator('.git-line-changed')).toHaveCount(1);
  await expect(editor.locator('.git-line-removed')).toHaveCount(1);
  await editor.locator('.monaco-editor').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Alt+F3');
  await expect(page.locator('.status-bar')).toContainText('Ln 5');
  await page.keyboard.press('Alt+F3');
  await expect(page.locator('.status-bar')).toContainText('Ln 11');

  // the panel by keys alone: compare, stage, commit
  await page.keyboard.press('Control+Alt+G');
  const panel = page.locator('[data-panel=git]');
  await expect(panel.getByRole('textbox', { name: 'Message of the commit' })).toBeFocused();
  await page.keyboard.type('rtl: counts');
  await expect(panel).toContainText('Nothing is staged.');
  const tree = panel.getByRole('tree');
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const diff = page.locator('[data-panel=gitDiff]');
  await expect(diff.locator('.view-line').filter({ hasText: 'logic q;' }).first()).toBeVisible();
  await expect(diff).toContainText('staged → disk');
  await screenshots(page, 'git-diff');
  await tree.focus();
  await page.keyboard.press('+');
  // a program of the repository is shown before it runs, and nothing happens without a yes
  const trust = page.getByRole('dialog');
  await expect(trust).toContainText('commit-msg');
  await trust.getByRole('button', { name: 'Cancel' }).click();
  expect(git('diff', '--cached', '--name-only')).toBe('');
  await tree.focus();
  await page.keyboard.press('+');
  await trust.getByRole('button', { name: 'Trust them and go on' }).click();
  await expect(panel.getByText('Staged (1)')).toBeVisible();
  await panel.getByRole('textbox').focus();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Committed as')).toBeVisible();
  await expect(panel.getByText('Staged (')).toHaveCount(0);
  expect(git('log', '-1', '--format=%s', '--name-only').trim().split(/\n+/)).toEqual(['rtl: counts', 'rtl/counter.sv']);

  // a hook's refusal is told in its words
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('+');
  await expect(panel.getByText('Staged (1)')).toBeVisible();
  await expect(panel.getByText('Changes (')).toHaveCount(0);
  await panel.getByRole('textbox').fill('x');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('name the area')).toBeVisible();
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('-');
  await expect(panel.getByText('Staged (')).toHaveCount(0);
  await expect(panel.getByText('Changes (1)')).toBeVisible();

  // discarded into the trash, and taken back
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Discard changes' }).click();
  await expect(panel.getByText('Nothing differs from HEAD.')).toBeVisible();
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(panel.getByText('Changes (1)')).toBeVisible();
  expect(readFileSync(path.join(workspace, 'rtl/new.sv'), 'utf8')).toContain('module fresh');

  // another branch; what a terminal does is followed
  await page.locator('.status-bar').getByRole('button', { name: 'main' }).click();
  await page.getByLabel('Branch, or the name of a new one').fill('fix/width');
  await page.keyboard.press('Enter');
  await expect(page.locator('.status-bar')).toContainText('fix/width');
  git('add', '-A');
  await expect(panel.getByText('Staged (1)')).toBeVisible();

  await switchLanguage(page, 'zh-CN');
  await expect(panel.getByText('已暂存（1）')).toBeVisible();
  await showPanel(page, 'git');
  expect(await seriousFaults(page)).toEqual([]);
  await screenshots(page, 'git-zh');
  await showPanel(page, 'explorer');
  await expect(row('new.sv')).toContainText('新增');
  await row('counter.sv').click();
  await expect(editor.locator('.view-line').first()).toBeVisible();
  await expect(row('counter.sv')).not.toContainText('已修改');
  await expect(editor.locator('.git-line-changed')).toHaveCount(0);
  await row('counter.sv').click({ button: 'right' });
  await page.getByRole('menuitem', { name: '历史' }).click();
  await page.getByRole('dialog').getByText('rtl: counts').click();
  await expect(diff).toContainText('之前');
  expect(problems).toEqual([]);
});
