// import: the specification becomes Markdown in the run folder.
import path from 'node:path';
import type { JobFacts } from '@genrtl/contracts';
import { parseSpec } from '@genrtl/core/spec/index.ts';
import { importSpecFile } from '../../workspace/spec-import.ts';
import { sha256, writeAtomic } from '@genrtl/disk/records.ts';
import { defineStep } from '../step.ts';

export const importStep = defineStep({
  name: 'import',
  reads: [],
  writes: ['spec_name', 'spec_step', 'spec_sha256', 'spec_notes', 'spec_form'],
  async run(context) {
    const spec = await importSpecFile(context.settings.spec_path);
    await writeAtomic(path.join(context.runDir, 'spec.md'), spec.markdown);
    const notes = [...spec.notes];
    if (notes.length > 0) context.emit({ type: 'notes', step_id: context.stepId, spec_name: spec.name, notes });
    const form: JobFacts['spec_form'] = parseSpec(spec.markdown, spec.name).kind === 'free' ? 'free' : 'structured';
    return {
      kind: 'next',
      event: 'OK',
      summary: spec.name,
      facts: {
        spec_name: spec.name,
        spec_step: context.stepId,
        spec_sha256: sha256(spec.markdown),
        spec_notes: notes,
        spec_form: form,
      },
    };
  },
});
