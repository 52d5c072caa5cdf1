// What a process believes of a credential and for how long; and that the documentation shows the table that is in
// force.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  ACTIONS,
  mayDo,
  ROLE_ACTIONS,
  SCOPE_ACTIONS,
  type Action,
  type Role,
  type Scope,
} from '@genrtl/contracts/access.ts';
import { BELIEVED_MS, LOCAL, PrincipalCache, type Principal } from './principal.ts';

const person = (id: string): Principal => ({ ...LOCAL, via: 'key', person: { id, email: '', name: '' } });

it('is asked once by many at the same moment, and again after its time or after news', async () => {
  let now = 0;
  let asked = 0;
  const cache = new PrincipalCache(() => now);
  const ask = () => cache.get('k', () => Promise.resolve((asked++, person('p'))));
  await Promise.all([ask(), ask(), ask()]);
  now = BELIEVED_MS - 1;
  await ask();
  expect(asked).toBe(1);
  now = BELIEVED_MS;
  await ask();
  expect(asked).toBe(2);
  cache.forget('another');
  await ask();
  expect(asked).toBe(2);
  cache.forget('p');
  await ask();
  expect(asked).toBe(3);
  cache.forget(null);
  await ask();
  expect(asked).toBe(4);
});

it('an answer that a revocation overtook is not kept', async () => {
  const cache = new PrincipalCache(() => 0);
  const slow = Promise.withResolvers<Principal | null>();
  const first = cache.get('k', () => slow.promise);
  cache.forget('p');
  slow.resolve(person('p'));
  await first;
  expect(await cache.get('k', () => Promise.resolve(null))).toBeNull();
});

it('a failure is no answer', async () => {
  const cache = new PrincipalCache(() => 0);
  await expect(cache.get('k', () => Promise.reject(new Error('database away')))).rejects.toThrow();
  expect(await cache.get('k', () => Promise.resolve(LOCAL))).toBe(LOCAL);
});

it('a limited key may what both its scopes and its role allow', () => {
  expect(mayDo({ role: 'billing', scopes: ['work'] }, 'work.run')).toBe(false);
  expect(mayDo({ role: 'owner', scopes: ['usage'] }, 'work.run')).toBe(false);
  expect(mayDo({ role: 'owner', scopes: ['usage', 'work'] }, 'work.run')).toBe(true);
});

it('docs/accounts.md shows the tables of roles and scopes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/accounts.md'), 'utf8');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const roles = Object.keys(ROLE_ACTIONS) as Role[];
  const scopes = Object.keys(SCOPE_ACTIONS) as Scope[];
  const table = [
    line(['action', ...roles, 'scopes of keys']),
    line(['---', ...roles.map(() => '---'), '---']),
    ...(Object.entries(ACTIONS) as [Action, string][]).map(([action, means]) =>
      line([
        `\`${action}\`: ${means}`,
        ...roles.map((role) => (mayDo({ role, scopes: null }, action) ? '✓' : '')),
        scopes.filter((scope) => (SCOPE_ACTIONS[scope] as readonly Action[]).includes(action)).join(', '),
      ]),
    ),
  ].join('\n');
  expect(page).toContain(table);
});
