// Paths of the four ways to run: sources, their Electron bundle, the packed app, and the server half of the packed app.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INSTALLATION, locate } from './installation.ts';

test('a checkout runs on the Node that runs it, on its own sources', () => {
  expect(locate('/repo/main/processes/installation.ts', '/usr/bin/node', undefined)).toEqual({
    root: '/repo',
    node: '/usr/bin/node',
    backendEntry: '/repo/backend/main.ts',
  });
  expect(existsSync(INSTALLATION.backendEntry)).toBe(true);
});

test('Electron on a checkout takes the Node of node_modules, never its own binary', () => {
  expect(locate('/repo/dist/electron/main.mjs', '/repo/node_modules/electron/dist/electron', '45.4.1')).toEqual({
    root: '/repo',
    node: '/repo/node_modules/node/bin/node',
    backendEntry: '/repo/backend/main.ts',
  });
});

test('the packed app finds the compiled server beside its asar', () => {
  expect(locate('/opt/genRTL/resources/app.asar/dist/electron/main.mjs', '/opt/genRTL/genrtl', '45.4.1')).toEqual({
    root: '/opt/genRTL/resources/server',
    node: '/opt/genRTL/resources/server/node_modules/node/bin/node',
    backendEntry: '/opt/genRTL/resources/server/backend/main.js',
  });
});

test('the command line of a packed app is compiled too', () => {
  expect(locate('/opt/genRTL/resources/server/main/processes/installation.js', '/opt/node', undefined)).toEqual({
    root: '/opt/genRTL/resources/server',
    node: '/opt/node',
    backendEntry: '/opt/genRTL/resources/server/backend/main.js',
  });
});
