// Who decides that code of a job runs without a sandbox: the person, for a workspace, on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { confineSession, confineWorkspace } from './confinement.ts';

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'genrtl-confinement-'));
  const bin = mkdtempSync(path.join(home, 'bin-'));
  const refusal = '#!/bin/sh\necho "bwrap: No permissions to create a new namespace" >&2\nexit 1\n';
  writeFileSync(path.join(bin, 'bwrap'), refusal, { mode: 0o755 });
  env = { GENRTL_HOME: home, PATH: `${bin}:/usr/bin:/bin` };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('asks once for each workspace where none can be had, and remembers the answer in the home', async () => {
  const unconfined = {
    policy: { mode: 'preferred' },
    confinement: { confined: 'unconfined', unconfined_reason: 'refused' },
  };
  await expect(confineWorkspace(env, '/w/a', false)).rejects.toMatchObject({
    code: 'CONFINEMENT_UNAVAILABLE',
    details: { reason: 'refused', detail: expect.stringContaining('No permissions') as string },
  });
  expect(await confineWorkspace(env, '/w/a', true)).toEqual(unconfined);
  expect(await confineWorkspace(env, '/w/a', false)).toEqual(unconfined);
  await expect(confineWorkspace(env, '/w/b', false)).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
  // a file that is none counts as no answer
  writeFileSync(path.join(home, 'unconfined.json'), '{"workspaces":[{"path":"/w/a"}]}');
  await expect(confineWorkspace(env, '/w/a', false)).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
});

it('names what is missing', async () => {
  await expect(confineWorkspace({ ...env, PATH: '/nonexistent' }, '/w/a', false)).rejects.toMatchObject({
    details: { reason: 'not_installed' },
  });
  const able = { ...env, PATH: '/usr/bin:/bin' };
  await expect(confineWorkspace(able, '/usr', false)).rejects.toMatchObject({ details: { reason: 'too_wide' } });
});

it('is required wherever it can be had, and hides the home of genRTL and the workspaces opened before', async () => {
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ settings: {}, recent: ['/w/a', '/w/b'] }));
  expect(await confineWorkspace({ ...env, PATH: '/usr/bin:/bin' }, '/w/a', false)).toEqual({
    policy: { mode: 'required', hidden: [home, '/w/b'] },
    confinement: { confined: 'bubblewrap' },
  });
});

it('is switched off by the person only: by setting or environment, the environment first', async () => {
  const off = { policy: { mode: 'off' }, confinement: { confined: 'unconfined', unconfined_reason: 'switched_off' } };
  expect(await confineWorkspace({ ...env, GENRTL_CONFINEMENT: 'off' }, '/w/a', false)).toEqual(off);
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ settings: { confinement: 'off' } }));
  expect(await confineWorkspace(env, '/w/a', false)).toEqual(off);
  await expect(confineWorkspace({ ...env, GENRTL_CONFINEMENT: 'auto' }, '/w/a', false)).rejects.toMatchObject({
    code: 'CONFINEMENT_UNAVAILABLE',
  });
});

it('asks nobody about the person’s own code, and asks where a job has written', async () => {
  expect(await confineSession(env, '/w/a', false, false)).toMatchObject({ mode: 'preferred', workspace: 'write' });
  await expect(confineSession(env, '/w/a', true, false)).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
  expect(await confineSession(env, '/w/a', true, true)).toEqual({ mode: 'preferred' });
});
