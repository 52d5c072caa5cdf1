// patch: a unified diff onto a workspace under the patch policy.
import path from 'node:path';
import type { Command } from 'commander';
import { GenrtlError } from '@genrtl/contracts';
import type { Refusal } from '@genrtl/core/patch/index.ts';
import type { CliIo } from '../io.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

function placeOf({ path: file, hunk }: Refusal): string {
  if (file === undefined) return '';
  return hunk === undefined ? `${file}: ` : `${file}, hunk ${hunk}: `;
}

/** UTF-8, or the UTF-16 that `git diff > file` writes in Windows PowerShell. */
function textOf(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('latin1');
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

export function registerPatch(program: Command, io: CliIo): void {
  program
    .command('patch')
    .description('apply a unified diff under the patch policy')
    .requiredOption('--workspace <dir>', 'folder to patch')
    .requiredOption('--diff <file>', 'the diff; prose and fences around it are passed over')
    .option('--check', 'only tell whether it would apply')
    .option('--take-over', 'take the workspace from a client that is out of reach')
    .action(async (options: { workspace: string; diff: string; check?: boolean; takeOver?: boolean }) => {
      const [
        { applyToWorkspace },
        { realRoot },
        { acquireWriterLock },
        { workspacePaths },
        { readState },
        { loadProject },
      ] = await Promise.all([
        import('../../../patch/index.ts'),
        import('@genrtl/disk/real-root.ts'),
        import('@genrtl/disk/writer-lock.ts'),
        import('../../../workspace/paths.ts'),
        import('../../../workspace/state-store.ts'),
        import('../../../project/load-project.ts'),
      ]);
      const workspace = await realRoot(path.resolve(io.cwd, options.workspace));
      const diff = await readRegular(path.resolve(io.cwd, options.diff)).catch((cause: unknown) => {
        throw new GenrtlError('USAGE', `The diff ${options.diff} cannot be read.`, { cause });
      });
      const check = options.check === true;
      const lock = check
        ? null
        : await acquireWriterLock(workspacePaths(workspace).writerLock, { takeOver: options.takeOver ?? false });
      try {
        const project = await loadProject(workspace, io.env);
        const accept = (await readState(workspacePaths(workspace)))?.settings.accept_dir ?? null;
        const result = await applyToWorkspace({
          workspace,
          diff: textOf(diff),
          check,
          sealed: accept === null ? [] : [accept],
          ...(project.config === null ? {} : { policy: { rules: project.rules } }),
        });
        if (result.ok) {
          const files = result.files.map((file) => file.path);
          if (io.json)
            io.out(
              JSON.stringify({ event: 'result', status: 'done', files, changes: result.files, notes: result.notes }),
            );
          else for (const file of result.files) io.err(`${check ? 'would ' : ''}${file.kind} ${file.path}`);
        } else {
          const [first] = result.refusals;
          const error = new GenrtlError(first?.code ?? 'PATCH_NO_DIFF', first?.message ?? 'Nothing was applied.', {
            details: { refusals: result.refusals },
          });
          if (io.json)
            io.out(
              JSON.stringify({
                event: 'result',
                status: 'failed',
                files: [],
                refusals: result.refusals,
                error: error.toBody(),
              }),
            );
          else {
            for (const refusal of result.refusals) io.err(`${refusal.code}: ${placeOf(refusal)}${refusal.message}`);
            io.err(`  ${error.hint}`);
          }
          io.exit(1);
        }
      } finally {
        await lock?.release();
      }
    });
}
