// Runs that a restart has left without their client: they wait for it, and for nobody else's keys.
import { expect, it } from 'vitest';
import { ClientModels } from './client-models.ts';
import type { ModelRouter } from './model.ts';

const named = (name: string): ModelRouter => ({ list: () => [{ id: name }] }) as unknown as ModelRouter;
const nameOf = (router: ModelRouter): string => router.list()[0]?.id ?? '';
const make = (waitMs?: number): ClientModels =>
  new ClientModels(named('base'), (env) => named(env.GENRTL_MODEL ?? ''), waitMs);
const run = { run_id: 'r', request: { model: null } };
const never = new AbortController().signal;

it('a run waits until its client is back, and keeps no backend alive meanwhile', async () => {
  const models = make();
  const router = models.routerFor(run, never);
  expect(models.waiting).toBe(1);
  models.open('l', { GENRTL_MODEL: 'mine' });
  models.bind('r', 'l');
  expect(nameOf(await router)).toBe('mine');
  expect(models.waiting).toBe(0);
});

it('a run whose client ends its lease keeps what it was begun with', async () => {
  const models = make();
  models.open('l', { GENRTL_MODEL: 'mine' });
  models.bind('r', 'l');
  models.keepOnly(() => false);
  expect(nameOf(await models.routerFor(run, never))).toBe('mine');
  expect(() => models.routerOf('l')).toThrow(expect.objectContaining({ code: 'BACKEND_UNAVAILABLE' }) as Error);
});

it('nobody comes back: given up, and never answered with other keys; a cancel ends the wait', async () => {
  const models = make(100);
  models.open('other', { GENRTL_MODEL: 'theirs' });
  await expect(models.routerFor(run, never)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  await expect(make().routerFor(run, AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('the built-in composer needs nobody’s key', async () => {
  const composed = { run_id: 'r', request: { model: 'builtin/composer' } };
  expect(nameOf(await make().routerFor(composed, never))).toBe('base');
});
