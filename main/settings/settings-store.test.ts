// Settings survive a restart and a damaged file; the file is for its owner alone.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSettings } from './settings-store.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-settings-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('starts in the language of the system', () => {
  expect(openSettings(home, 'zh_CN.UTF-8').read().language).toBe('zh-CN');
  expect(openSettings(home, 'de_DE.UTF-8').read().language).toBe('en');
});

test('a change is there after a restart, the rest keeps its default', async () => {
  openSettings(home, 'en').write({ theme: 'light', model: 'openai/x', max_repairs: undefined });
  const again = openSettings(home, 'en').read();
  expect([again.theme, again.model, again.max_repairs]).toEqual(['light', 'openai/x', 5]);
  expect((await stat(path.join(home, 'settings.json'))).mode & 0o777).toBe(0o600);
});

test('recent workspaces: latest first, each once, at most twelve', () => {
  const settings = openSettings(home, 'en');
  for (let at = 0; at < 20; at += 1) settings.remember(`/w${at}`);
  settings.remember('/w15');
  expect(settings.recent().slice(0, 3)).toEqual(['/w15', '/w19', '/w18']);
  expect(settings.recent()).toHaveLength(12);
});

test('each workspace has a layout of its own', () => {
  const settings = openSettings(home, 'en');
  settings.setLayout('/a', 'A');
  settings.setLayout('/b', 'B');
  expect([settings.layout('/a'), settings.layout('/b'), settings.layout('/c')]).toEqual(['A', 'B', null]);
});

test.each(['{ not json', '{"settings": 7}', '[]', ''])(
  'a damaged file (%j) means defaults, not a refusal to start',
  async (text) => {
    await writeFile(path.join(home, 'settings.json'), text);
    expect(openSettings(home, 'en').read().max_usd).toBe('20.00');
    openSettings(home, 'en').write({ theme: 'light' });
    expect(JSON.parse(await readFile(path.join(home, 'settings.json'), 'utf8'))).toMatchObject({
      settings: { theme: 'light' },
    });
  },
);
