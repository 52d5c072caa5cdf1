// The approved patch reaches the workspace whole or not at all.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stepSite, type StepSite } from '../step-fixture.ts';
import { applyStep } from './apply.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
});
afterEach(() => site.remove());

const creating = (file: string, text: string): string => `--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+${text}\n`;

const applying = (diff: string, facts: Parameters<StepSite['context']>[0]['facts'] = {}) => {
  site.leave('implement_1', 'patch.diff', diff);
  return applyStep.run(site.context({ stepId: 'apply_1', facts: { patch_step: 'implement_1', ...facts } }));
};

it('writes the files, names them, and forgets the refusals before', async () => {
  const outcome = await applying(creating('src/a.sv', 'module a; endmodule'), {
    files: ['src/b.sv'],
    patch_feedback: ['PATCH_AMBIGUOUS src/a.sv: two places'],
  });
  expect(outcome).toMatchObject({
    event: 'OK',
    facts: { files: ['src/a.sv', 'src/b.sv'], patch_feedback: [], only_files: [] },
  });
  expect(site.read('src/a.sv')).toBe('module a; endmodule\n');
});

it('one file that may not be written refuses the whole patch, with the reason for its author', async () => {
  const outcome = await applying(
    creating('src/a.sv', 'module a; endmodule') + creating('.git/hooks/pre-commit', 'rm -rf ~'),
  );
  expect(outcome).toMatchObject({ event: 'REJECTED' });
  expect(outcome.kind === 'next' ? outcome.facts?.patch_feedback?.join() : '').toContain('.git/hooks/pre-commit');
  expect(existsSync(path.join(site.root, 'src/a.sv'))).toBe(false);
});

it('a repair of one finding changes no other file', async () => {
  const outcome = await applying(creating('src/b.sv', 'module b; endmodule'), { only_files: ['src/a.sv'] });
  expect(outcome).toMatchObject({
    event: 'REJECTED',
    facts: { patch_feedback: ['PATCH_PROTECTED src/b.sv: this repair may change src/a.sv only'] },
  });
  expect(existsSync(path.join(site.root, 'src/b.sv'))).toBe(false);
});

it('an empty patch changes nothing and goes on', async () => {
  expect(await applying('\n')).toMatchObject({ event: 'OK', facts: { patch_feedback: [] } });
});
