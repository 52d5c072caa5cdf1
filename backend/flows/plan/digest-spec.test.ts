// A specification beyond the planner's window: what the plan cites stands on those lines, over real wires.
import { afterEach, expect, it } from 'vitest';
import type { Plan } from '@genrtl/contracts';
import { demandingSections, demandsIn, demandsReader, partOf } from '../../../test/fakes/models/demands.ts';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import { EVERYTHING } from '../../../test/representatives.ts';
import { PLAN, closeFake, common, context, failure, fake } from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

/** A page has some 500 words. */
const SECTIONS = EVERYTHING ? 1_400 : 110;

const specification = (): string => `# A long manual\r\n\r\n${demandingSections(SECTIONS, 21, '\n').join('\n')}`;

it('a plan of excerpts cites the lines of the specification itself', async () => {
  const spec = specification();
  const blobs = new BlobStore();
  const given = await context({
    request: { kind: 'plan', ...common, spec: blobs.put(spec), feedback: [] },
    blobs,
    window: 12_000,
    script: demandsReader(PLAN),
  });
  const { plan } = (await runJob(FLOWS, given)) as { plan: Plan };
  const demands = demandsIn(spec);
  expect(demands.length).toBeGreaterThan(10);
  expect(plan.verification.checks.map((check) => ({ line: check.spec_line, name: check.text }))).toEqual(demands);
  const told = given.course.find((entry) => /^phase reading \d+ parts, \d+ tokens$/.test(entry)) ?? '';
  const parts = fake?.requests.filter((request) => partOf(request) !== null) ?? [];
  expect(told).toContain(`reading ${String(parts.length)} parts`);
  // It is told before the first part is paid.
  expect(given.course.indexOf(told)).toBeLessThan(given.course.findIndex((entry) => entry.startsWith('call digest')));
  expect(fake?.requests.at(-1)?.text).toContain('longer than what can be shown here');
});

it('excerpts that do not get short enough are refused, not cut', async () => {
  const blobs = new BlobStore();
  const given = await context({
    request: { kind: 'plan', ...common, spec: blobs.put(specification()), feedback: [] },
    blobs,
    window: 12_000,
    script: (request) => ({ kind: 'text', text: partOf(request) ?? '' }),
  });
  expect((await failure((ctx) => runJob(FLOWS, ctx), given)).code).toBe('MODEL_CONTEXT_EXCEEDED');
});
