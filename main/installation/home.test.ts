// Homes that cannot be made: a code, the folder's name and what to do, from everything that writes into a home.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { connectBackend } from '../processes/backend.ts';
import { openSettings } from '../settings/settings-store.ts';
import { Sessions } from '../shells/web/session.ts';
import { makeHome } from './home.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'genrtl-homes-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const file = path.join(scratch, 'file');
writeFileSync(file, '');
symlinkSync(path.join(scratch, 'loop'), path.join(scratch, 'loop'));
mkdirSync(path.join(scratch, 'taken', 'backend.log'), { recursive: true });
chmodSync(file, 0o600);

const cases = [
  ['below a file', path.join(file, 'home')],
  ['a file', file],
  ['behind a loop of links', path.join(scratch, 'loop', 'home')],
  ['in a system folder that holds no files', '/proc/genrtl/home'],
  ['with a name that is too long', path.join(scratch, 'x'.repeat(300))],
] as const;

it.each(cases)('a home %s is HOME_UNUSABLE', async (_what, home) => {
  const unusable = expect.objectContaining({
    code: 'HOME_UNUSABLE',
    hint: expect.stringContaining('GENRTL_HOME') as string,
  }) as Error;
  expect(() => makeHome(home)).toThrow(unusable);
  expect(() => openSettings(home, 'en')).toThrow(unusable);
  expect(() => new Sessions(home, '1')).toThrow(unusable);
  await expect(connectBackend({ GENRTL_HOME: home })).rejects.toThrow(unusable);
});

it('a home whose log cannot be written is HOME_UNUSABLE before a process is started', async () => {
  const home = path.join(scratch, 'taken');
  await expect(connectBackend({ GENRTL_HOME: home })).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
});
