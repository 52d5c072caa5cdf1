// What the import step leaves for those that follow.
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTER_SPEC, stepSite, type StepSite } from '../step-fixture.ts';
import { importStep } from './import.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
});
afterEach(() => site.remove());

const importing = (file: string) =>
  importStep.run(site.context({ stepId: 'import_1', settings: { spec_path: path.join(site.root, file) } }));

it.each([
  ['free', COUNTER_SPEC],
  ['structured', `${COUNTER_SPEC}\n## Top\nmodule: counter\n`],
])('tells that a specification is %s, and keeps its text for the job', async (form, text) => {
  site.write('counter.md', text);
  const outcome = await importing('counter.md');
  expect(outcome).toMatchObject({
    kind: 'next',
    event: 'OK',
    facts: { spec_name: 'counter.md', spec_step: 'import_1', spec_form: form, spec_notes: [] },
  });
  expect(site.read('.genRTL/runs/job_1/import_1/spec.md')).toBe(text);
  expect(site.updates).toEqual([]);
});

it('a specification that is gone, or empty, ends the step with its code and leaves nothing', async () => {
  await expect(importing('none.md')).rejects.toMatchObject({ code: 'SPEC_NOT_FOUND' });
  site.write('empty.md', '\n\n');
  await expect(importing('empty.md')).rejects.toMatchObject({ code: 'SPEC_EMPTY' });
  expect(() => site.read('.genRTL/runs/job_1/import_1/spec.md')).toThrow('ENOENT');
});
