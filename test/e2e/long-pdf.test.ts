// A specification of many pages as a PDF, from the file to the plan: imported, sent to a backend of its own, read by a
// model over real wires part by part. What the plan cites stands on those lines of the imported text.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Plan } from '@genrtl/contracts';
import { pdfOfMarkdown } from '../documents/write-pdf.ts';
import { demandingSections, demandsIn, demandsReader, partOf } from '../fakes/models/demands.ts';
import { startFakeModels } from '../fakes/models/server.ts';
import { representatives } from '../representatives.ts';
import { TestHome, runCli, tempDir } from './harness.ts';
import { PLAN } from './mtimer-model.ts';

/** Pages that so many sections fill at least, and the model's window, which holds a part of them. */
const SIZES: readonly (readonly [pages: number, sections: number, context: number])[] = [
  [11, 70, 8_000],
  [200, 1_250, 16_000],
];
const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\/Page\//g)?.length ?? 0;

it.each(representatives(SIZES, ['11'], ([pages]) => String(pages)))(
  'a PDF of %i pages reaches a plan whose lines are those of its sentences',
  async (pages, sections, context) => {
    const models = await startFakeModels({ script: demandsReader(PLAN) });
    const home = new TestHome({
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'test-model',
      GENRTL_MODEL_PRICES: JSON.stringify({
        'test-model': { input: '1.00', output: '2.00', context, max_output: context / 4 },
      }),
    });
    try {
      const pdf = pdfOfMarkdown(`# A long manual\n\n${demandingSections(sections, 5).join('\n')}`);
      expect(pagesOf(pdf)).toBeGreaterThanOrEqual(pages);
      const folder = tempDir('long-pdf');
      const spec = path.join(folder, 'manual.pdf');
      writeFileSync(spec, pdf);
      const workspace = path.join(folder, 'ws');
      const run = await runCli(['run', '--json', '--spec', spec, '--workspace', workspace], home.env);
      // the plan's gate: nobody is there to say yes
      expect(run.result.error?.code).toBe('APPROVAL_NEEDED');
      const file = (name: string): string =>
        readFileSync(path.join(workspace, '.genRTL/runs', String(run.result.job_id), name), 'utf8');
      const imported = file('import_1/spec.md');
      const demands = demandsIn(imported);
      expect(demands).toHaveLength(Math.floor((sections + 4) / 8));
      const { checks } = Plan.parse(JSON.parse(file('plan_1/plan.json'))).verification;
      expect(checks.map((check) => ({ line: check.spec_line, name: check.text }))).toEqual(demands);
      const parts = models.requests.filter((request) => partOf(request) !== null);
      expect(parts.length).toBeGreaterThan(3);
      expect(models.requests.length).toBe(parts.length + 1);
    } finally {
      await home.close();
      await models.close();
    }
  },
  300_000,
);
