// Review on a real workspace: what is rejected leaves the disk, stays known, and is seen when a later patch brings it
// back.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobState } from '@genrtl/contracts';
import type { ReviewFile } from '@genrtl/contracts/review.ts';
import { startFlow } from '@genrtl/core/job/index.ts';
import { applyToWorkspace, undoJob } from '../patch/index.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { writeState } from '../workspace/state-store.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { decideReview, readReview, restoreRejected, returningChanges } from './index.ts';

const OLD = 'module m;\n  wire a;\n  wire b;\n  wire c;\n  wire d;\nendmodule\n';
const PATCH = `--- a/src/m.sv
+++ b/src/m.sv
@@ -1,6 +1,7 @@
 module m;
-  wire a;
+  wire [7:0] first_bus;
   wire b;
   wire c;
   wire d;
+  assign d = first_bus[0];
 endmodule
--- /dev/null
+++ b/tb/tb_m.sv
@@ -0,0 +1,2 @@
+module tb_m;
+endmodule
`;
const JOB = 'job_1';

let root: string;
const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const byPath = async (file: string): Promise<ReviewFile> => {
  const found = (await readReview(root)).files.find((one) => one.path === file);
  if (found === undefined) throw new Error(`${file} is not under review`);
  return found;
};
const target = (file: ReviewFile, ...hunks: number[]) => ({
  path: file.path,
  sha256: file.sha256,
  hunks: file.hunks.filter((_, at) => hunks.length === 0 || hunks.includes(at)).map((hunk) => hunk.id),
});

beforeEach(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'genrtl-review-'));
  await mkdir(path.join(root, 'src'));
  await writeFile(path.join(root, 'src/m.sv'), OLD);
  const state: JobState = {
    schema_version: 1,
    workspace_id: 'ws_1',
    job_id: JOB,
    status: 'done',
    flow: startFlow(3),
    steps: [],
    facts: {},
    attempts: {},
    error: null,
    cost_usd: '0.00',
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
    settings: {
      spec_path: '/spec.md',
      model: null,
      max_usd: '20.00',
      max_repairs: 3,
      lint_tool: 'verilator',
      sim_tool: 'icarus',
      accept_dir: null,
      gates: { plan: 'auto', purchase: 'auto', patch: 'auto' },
    },
  };
  await writeState(workspacePaths(root), state);
  expect((await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: JOB })).ok).toBe(true);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the review', () => {
  it('shows the cumulative change, hunk by hunk', async () => {
    const later =
      '--- a/src/m.sv\n+++ b/src/m.sv\n@@ -2,3 +2,3 @@\n   wire [7:0] first_bus;\n-  wire b;\n+  wire b2;\n   wire c;\n';
    expect((await applyToWorkspace({ workspace: root, diff: later, undoJob: JOB })).ok).toBe(true);
    const file = await byPath('src/m.sv');
    expect(file.before).toBe(OLD);
    expect(
      file.hunks.map(({ old_start, old_lines, new_start, new_lines, status }) => [
        old_start,
        old_lines,
        new_start,
        new_lines,
        status,
      ]),
    ).toEqual([
      [2, 2, 2, 2, 'open'],
      [6, 0, 6, 1, 'open'],
    ]);
  });

  it('a rejected hunk leaves the disk and the others stay', async () => {
    const view = await decideReview(root, 'reject', [target(await byPath('src/m.sv'), 1)]);
    expect(text('src/m.sv')).toBe(OLD.replace('wire a;', 'wire [7:0] first_bus;'));
    expect(view.rejected).toMatchObject([
      { path: 'src/m.sv', removed: [], added: ['  assign d = first_bus[0];\n'], created: false },
    ]);
    expect(view.files.find((file) => file.path === 'src/m.sv')?.hunks).toHaveLength(1);
  });

  it('rejecting everything of every file gives what was there before, and undo still works', async () => {
    const files = (await readReview(root)).files;
    const view = await decideReview(
      root,
      'reject',
      files.map((file) => target(file)),
    );
    expect(view.files).toEqual([]);
    expect(text('src/m.sv')).toBe(OLD);
    expect(() => text('tb/tb_m.sv')).toThrow(/ENOENT/);
    await expect(undoJob(root, JOB)).resolves.toEqual([]);
  });

  it('undo after a partial rejection restores every file', async () => {
    await decideReview(root, 'reject', [target(await byPath('src/m.sv'), 0)]);
    expect(await undoJob(root, JOB)).toEqual(['src/m.sv', 'tb/tb_m.sv']);
    expect(text('src/m.sv')).toBe(OLD);
  });

  it('an accepted hunk stays accepted while a later patch changes another place', async () => {
    await decideReview(root, 'accept', [target(await byPath('src/m.sv'), 1)]);
    const later = '--- a/src/m.sv\n+++ b/src/m.sv\n@@ -3,3 +3,3 @@\n   wire b;\n-  wire c;\n+  wire c2;\n   wire d;\n';
    await applyToWorkspace({ workspace: root, diff: later, undoJob: JOB });
    expect((await byPath('src/m.sv')).hunks.map((hunk) => hunk.status)).toEqual(['open', 'open', 'accepted']);
  });

  it('a rejection is taken back', async () => {
    const before = text('src/m.sv');
    const { rejected } = await decideReview(root, 'reject', [target(await byPath('src/m.sv'))]);
    for (const { id } of rejected) await restoreRejected(root, id);
    expect(text('src/m.sv')).toBe(before);
    expect((await readReview(root)).rejected).toEqual([]);
  });

  it('nothing is decided about a file that changed since it was shown', async () => {
    const file = await byPath('src/m.sv');
    await writeFile(path.join(root, 'src/m.sv'), `${text('src/m.sv')}// mine\n`);
    await expect(decideReview(root, 'reject', [target(file)])).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(text('src/m.sv')).toContain('// mine');
    expect((await readReview(root)).rejected).toEqual([]);
  });

  it('a running job is not disturbed', async () => {
    const file = await byPath('src/m.sv');
    const lock = await acquireWriterLock(workspacePaths(root).writerLock);
    try {
      await expect(decideReview(root, 'reject', [target(file)])).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
    } finally {
      await lock.release();
    }
  });

  it('a file in another encoding loses no byte', async () => {
    const gbk = Buffer.concat([
      Buffer.from('// '),
      Buffer.from([0xd6, 0xd0, 0xce, 0xc4]),
      Buffer.from('\nmodule g;\nendmodule\n'),
    ]);
    await writeFile(path.join(root, 'src/g.v'), gbk);
    await applyToWorkspace({
      workspace: root,
      undoJob: JOB,
      diff: '--- a/src/g.v\n+++ b/src/g.v\n@@ -2,2 +2,3 @@\n module g;\n+  wire added_here;\n endmodule\n',
    });
    await decideReview(root, 'reject', [target(await byPath('src/g.v'))]);
    expect(await readFile(path.join(root, 'src/g.v'))).toEqual(gbk);
  });
});

describe('a rejected hunk', () => {
  const again = (lines: string): string =>
    `--- a/src/m.sv\n+++ b/src/m.sv\n@@ -4,3 +4,${3 + lines.split('\n').length} @@\n   wire c;\n   wire d;\n${lines
      .split('\n')
      .map((line) => `+${line}`)
      .join('\n')}\n endmodule\n`;
  const proposed = async (lines: string) => {
    const outcome = await applyToWorkspace({ workspace: root, diff: again(lines), check: true });
    if (!outcome.ok) throw new Error(outcome.refusals[0]?.message);
    return returningChanges(root, outcome.changes);
  };

  it.each([
    ['the same', '  assign d = first_bus[0];'],
    ['with other white space', '  assign   d = first_bus[0];'],
    ['among other lines', '  // once more\n  assign d = first_bus[0];\n  wire e;'],
  ])('is recognised when a patch brings it back (%s)', async (_, lines) => {
    await decideReview(root, 'reject', [target(await byPath('src/m.sv'), 1)]);
    expect(await proposed(lines)).toMatchObject([{ path: 'src/m.sv' }]);
    await applyToWorkspace({ workspace: root, diff: again(lines), undoJob: JOB });
    expect((await byPath('src/m.sv')).hunks.at(-1)?.status).toBe('returned');
  });

  it('does not make every other change suspicious', async () => {
    await decideReview(root, 'reject', [target(await byPath('src/m.sv'), 1)]);
    expect(await proposed('  assign d = first_bus[1];')).toEqual([]);
  });

  it('that was a created file is recognised whatever the new file holds', async () => {
    await decideReview(root, 'reject', [target(await byPath('tb/tb_m.sv'))]);
    const outcome = await applyToWorkspace({
      workspace: root,
      diff: '--- /dev/null\n+++ b/tb/tb_m.sv\n@@ -0,0 +1 @@\n+// another bench\n',
      check: true,
    });
    expect(await returningChanges(root, outcome.ok ? outcome.changes : [])).toMatchObject([
      { path: 'tb/tb_m.sv', created: true },
    ]);
  });

  it('is decided anew: accepting what came back forgets the rejection', async () => {
    await decideReview(root, 'reject', [target(await byPath('src/m.sv'), 1)]);
    await applyToWorkspace({ workspace: root, diff: again('  assign d = first_bus[0];'), undoJob: JOB });
    const view = await decideReview(root, 'accept', [target(await byPath('src/m.sv'), 1)]);
    expect(view.rejected).toEqual([]);
    expect(view.files.find((file) => file.path === 'src/m.sv')?.hunks.map((hunk) => hunk.status)).toEqual([
      'open',
      'accepted',
    ]);
  });
});
