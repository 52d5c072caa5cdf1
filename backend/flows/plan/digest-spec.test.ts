// A specification beyond the planner's window: what the plan cites stands on those lines, over real wires.
import { afterEach, expect, it } from 'vitest';
import type { Plan } from '@genrtl/contracts';
import { manual } from '@genrtl/core/chunks/fixtures/manual.ts';
import type { FakeAnswer, FakeRequest } from '../../../test/fakes/models/script.ts';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import { EVERYTHING } from '../../../test/representatives.ts';
import { PLAN, closeFake, common, context, failure, fake } from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

/** A page has some 500 words. */
const SECTIONS = EVERYTHING ? 1_400 : 110;

/** Every eighth section demands something in its midst. */
function specification(): string {
  const sections = manual('headed', SECTIONS, 21).map((section, at) =>
    at % 8 === 3
      ? section.replace(/\. /, `.\nREQ-${String(at)}: output o${String(at)} goes high within 3 cycles.\n`)
      : section,
  );
  return `# A long manual\r\n\r\n${sections.join('\n')}`;
}

const text = (answer: string): FakeAnswer => ({ kind: 'text', text: answer, chunking: { mode: 'whole' } });

const partOf = (request: FakeRequest): string | null =>
  /<<<DATA specification [^>]*part (\w+)>>>\n([\s\S]*?)\n<<<END \1>>>/.exec(request.text)?.[2] ?? null;

/** Answers from what it was sent: the lines that demand something; then a plan with a check for each of them. */
function reader(request: FakeRequest): FakeAnswer {
  const part = partOf(request);
  if (part !== null) {
    const lines = part.split('\n').filter((line) => line.includes('REQ-'));
    return text(lines.length === 0 ? 'nothing' : `Here:\n${lines.join('\n')}\n99999999| REQ-0: invented`);
  }
  const checks = [...request.text.matchAll(/^(\d+)\| (REQ-\d+):/gm)].map(([, line, name], at) => ({
    id: `c${String(at + 1)}`,
    text: name,
    spec_line: Number(line),
  }));
  return text(JSON.stringify({ ...PLAN, verification: { checks } }));
}

it('a plan of excerpts cites the lines of the specification itself', async () => {
  const spec = specification();
  const blobs = new BlobStore();
  const given = await context({
    request: { kind: 'plan', ...common, spec: blobs.put(spec), feedback: [] },
    blobs,
    window: 12_000,
    script: reader,
  });
  const { plan } = (await runJob(FLOWS, given)) as { plan: Plan };
  const lines = spec.split(/\r\n|\n/);
  const demands = lines.flatMap((line, at) =>
    line.startsWith('REQ-') ? [{ line: at + 1, name: line.split(':')[0] }] : [],
  );
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
    script: (request) => text(partOf(request) ?? ''),
  });
  expect((await failure((ctx) => runJob(FLOWS, ctx), given)).code).toBe('MODEL_CONTEXT_EXCEEDED');
});
