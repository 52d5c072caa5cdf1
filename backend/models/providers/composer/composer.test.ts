// The built-in composer as jobs see it: through router and flows, with the real packages' manifests.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CbbManifest, diagnosticsOf } from '@genrtl/contracts';
import type { GenrtlError, JobRequest, Plan } from '@genrtl/contracts';
import { applyPatch, filesFrom } from '@genrtl/core/patch/index.ts';
import { BlobStore, memoryContext } from '../../../../test/fakes/models/phase-context.ts';
import type { MemoryContext } from '../../../../test/fakes/models/phase-context.ts';
import { FLOWS } from '../../../flows/index.ts';
import { runJob } from '../../../flows/run-steps.ts';
import { createModelRouter } from '../../index.ts';

const root = join(import.meta.dirname, '../../../../resources/cbb');
const catalog = readdirSync(root).map((id) =>
  CbbManifest.parse(JSON.parse(readFileSync(join(root, id, 'manifest.json'), 'utf8'))),
);
const fifo = catalog.find((manifest) => manifest.cbb_id === 'cbb_fifo_sync')!;

const SPEC = `# Byte queue
## Top
module: byte_queue
## Ports
| Port | Direction | Width | Description |
|---|---|---|---|
| clk | input | 1 | |
| rst_n | input | 1 | |
| push | input | 1 | |
| pop | input | 1 | |
| din | input | 8 | |
| dout | output | 8 | |
| empty | output | 1 | |
## Blocks
| Instance | Function | Parameters |
|---|---|---|
| u_fifo | cbb_fifo_sync | WIDTH=8, DEPTH=4 |
## Connections
| From | To |
|---|---|
| push | u_fifo.wr_en |
| din | u_fifo.wr_data |
| pop | u_fifo.rd_en |
| u_fifo.rd_data | dout |
| u_fifo.empty | empty |
## Checks
| Cycle | Drive | Expect |
|---|---|---|
| 1 | rst_n=1 | empty=1 |
| 2 | push=1, din=165 | |
| 3 | push=0 | |
| 4 | | empty=0, dout=165 |
`;
const common = {
  job_id: 'job',
  step_id: 'plan_1',
  attempt: 1,
  workspace_id: 'w',
  model: null,
  cap_usd: '1',
  spec_name: 'queue.md',
} as const;

function context(make: (blobs: BlobStore) => JobRequest, manifests: readonly CbbManifest[] = catalog): MemoryContext {
  const blobs = new BlobStore();
  return memoryContext({
    router: createModelRouter({ env: {} }),
    request: make(blobs),
    blobs,
    catalog: manifests,
    resolve: (requirement) => ({
      requirement_id: requirement.id,
      status: 'found',
      candidates: [],
      quote: {
        cbb_id: fifo.cbb_id,
        version: fifo.version,
        price_usd: fifo.price_usd,
        sha256: 'a'.repeat(64),
        owned: false,
        compatibility: fifo.compatibility,
        entrypoints: fifo.entrypoints,
      },
    }),
  });
}

const planFor = (spec: string) =>
  context((blobs) => ({ kind: 'plan', ...common, spec: blobs.put(spec), feedback: [] }));

async function planned(): Promise<Plan> {
  const output = await runJob(FLOWS, planFor(SPEC));
  if (output.kind !== 'plan') throw new Error('no plan');
  return output.plan;
}

function filesOf(patch: string, before: Record<string, string> = {}): string[] {
  const applied = applyPatch({ diff: patch, files: filesFrom(before) });
  if (!applied.ok) throw new Error(JSON.stringify(applied.refusals));
  return applied.changes.map((change) => change.path);
}

describe('builtin/composer', () => {
  it('plans a structured specification at no cost', async () => {
    const given = planFor(SPEC);
    expect(await runJob(FLOWS, given)).toMatchObject({
      kind: 'plan',
      plan: { top: { name: 'byte_queue' }, cbb_requirements: [{ function: 'cbb_fifo_sync' }] },
    });
    expect(given.course).toEqual(['phase plan', 'call plan builtin/composer']);
    expect(given.answers[0]?.usage).toMatchObject({
      model: 'builtin/composer',
      rate_card: 'builtin-1',
      input_tokens: 0,
      output_tokens: 0,
      cached_tokens: 0,
      cost_usd: '0.00',
      estimated: false,
    });
  });

  it('implements it as a patch, anew and over existing files', async () => {
    const plan = await planned();
    const make = (files: Record<string, string>) =>
      context((blobs) => ({
        kind: 'implement',
        ...common,
        spec: blobs.put(SPEC),
        plan: blobs.put(JSON.stringify(plan)),
        feedback: [],
        cbbs: [{ cbb_id: fifo.cbb_id, version: fifo.version }],
        files: Object.entries(files).map(([path, text]) => ({ path, sha256: blobs.put(text) })),
      }));
    const fresh = await runJob(FLOWS, make({}));
    expect(fresh.kind === 'implement' && filesOf(fresh.patch)).toEqual(['src/byte_queue.sv', 'tb/tb_byte_queue.sv']);
    const before = { 'src/byte_queue.sv': 'module byte_queue;\nendmodule\n' };
    const again = await runJob(FLOWS, make(before));
    expect(again.kind === 'implement' && filesOf(again.patch, before)).toEqual([
      'src/byte_queue.sv',
      'tb/tb_byte_queue.sv',
    ]);
  });

  it('composes for the version that was bought, not for a newer one', async () => {
    const newer = CbbManifest.parse({ ...fifo, version: '99.0.0', toplevel: 'cbb_fifo_renamed' });
    const plan = await planned();
    const given = context(
      (blobs) => ({
        kind: 'implement',
        ...common,
        spec: blobs.put(SPEC),
        plan: blobs.put(JSON.stringify(plan)),
        feedback: [],
        files: [],
        cbbs: [{ cbb_id: fifo.cbb_id, version: fifo.version }],
      }),
      [...catalog, newer],
    );
    const output = await runJob(FLOWS, given);
    expect(output.kind === 'implement' && output.patch).toContain(fifo.toplevel);
    expect(output.kind === 'implement' && output.patch).not.toContain('cbb_fifo_renamed');
  });

  it('designs in one job', async () => {
    const output = await runJob(
      FLOWS,
      context((blobs) => ({ kind: 'design', ...common, spec: blobs.put(SPEC) })),
    );
    expect(output).toMatchObject({ kind: 'design', quotes: [{ quote: { cbb_id: 'cbb_fifo_sync' } }] });
    expect(output.kind === 'design' && filesOf(output.patch)).toEqual(['src/byte_queue.sv', 'tb/tb_byte_queue.sv']);
  });

  const samples = join(import.meta.dirname, '../../../../resources/samples');
  it.each(readdirSync(samples))('sample %s: plan and patch without a second question', async (name) => {
    const spec = readFileSync(join(samples, name, 'spec.md'), 'utf8');
    const given = context((blobs) => ({ kind: 'plan', ...common, spec: blobs.put(spec), feedback: [] }));
    const output = await runJob(FLOWS, given);
    expect(given.course).toEqual(['phase plan', 'call plan builtin/composer']);
    if (output.kind !== 'plan') throw new Error('no plan');
    const used = new Set(output.plan.top.instances.map((instance) => instance.cbb));
    const implementing = context((blobs) => ({
      kind: 'implement',
      ...common,
      spec: blobs.put(spec),
      plan: blobs.put(JSON.stringify(output.plan)),
      feedback: [],
      files: [],
      cbbs: catalog.filter((one) => used.has(one.cbb_id)).map(({ cbb_id, version }) => ({ cbb_id, version })),
    }));
    const implemented = await runJob(FLOWS, implementing);
    expect(implementing.course).toEqual(['phase implement', 'call implement builtin/composer']);
    expect(implemented.kind === 'implement' && filesOf(implemented.patch)).toEqual(
      output.plan.files.map((file) => file.path).sort(),
    );
  });

  it('the same specification gives the same patch', async () => {
    const run = async () => {
      const output = await runJob(
        FLOWS,
        context((blobs) => ({ kind: 'design', ...common, spec: blobs.put(SPEC) })),
      );
      return output.kind === 'design' ? output.patch : '';
    };
    expect(await run()).toBe(await run());
  });

  it('refuses a faulty specification with every finding and its line', async () => {
    const faulty = SPEC.replace('| push | u_fifo.wr_en |', '| pusch | u_fifo.wr_en |').replace(
      '| dout | output | 8 | |',
      '| dout | output | 9 | |',
    );
    const error = await runJob(FLOWS, planFor(faulty)).then(
      () => {
        throw new Error('planned');
      },
      (reason: unknown) => reason as GenrtlError,
    );
    const found = diagnosticsOf(error);
    expect(found.length).toBeGreaterThan(1);
    expect(error.code).toBe(found[0]?.code);
    expect(found.map((one) => one.code)).toEqual(expect.arrayContaining(['SPEC_NAME_UNKNOWN', 'SPEC_WIDTH']));
    for (const one of found)
      expect(one).toMatchObject({ tool: 'genrtl', severity: 'error', file: 'queue.md', line: expect.any(Number) });
  });

  it('says that free text needs a model', async () => {
    await expect(runJob(FLOWS, planFor('# A CPU\n\nMake it fast.\n'))).rejects.toMatchObject({
      code: 'SPEC_NEEDS_MODEL',
      hint: expect.stringContaining('OPENAI_API_KEY'),
    });
  });

  it('cannot repair, and says why', async () => {
    const plan = await planned();
    const given = context((blobs) => ({
      kind: 'repair',
      ...common,
      spec: blobs.put(SPEC),
      plan: blobs.put(JSON.stringify(plan)),
      files: [],
      cbbs: [],
      feedback: [],
      evidence: blobs.put(
        JSON.stringify({
          job_id: 'j',
          step_id: 'sim_1',
          tool: 'icarus',
          tool_version: '11',
          cmd: [],
          exit_code: 0,
          diagnostics: [],
          snippets: [],
          notes: { cbb_installed: [], policy: 'DO_NOT_EDIT_VENDOR_CBB' },
        }),
      ),
    }));
    await expect(runJob(FLOWS, given)).rejects.toMatchObject({ code: 'DESIGN_FAILED' });
  });
});
