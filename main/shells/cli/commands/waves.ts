// waves: signals of a VCD, FST or GHW file over a window of time.
import path from 'node:path';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';

export function registerWaves(program: Command, io: CliIo): void {
  program
    .command('waves')
    .description('query a VCD, FST or GHW file')
    .argument('<file>', 'waveform file')
    .requiredOption('--signals <names...>', 'hierarchical names, or their unique ends')
    .option('--from <time>', 'e.g. 100ns; default: the start')
    .option('--to <time>', 'e.g. 2us; default: the end')
    .action(async (file: string, options: { signals: string[]; from?: string; to?: string }) => {
      const [{ queryWaves }, { waveNoteText }] = await Promise.all([
        import('../../../workspace/wave-query.ts'),
        import('@genrtl/eda/waves/index.ts'),
      ]);
      const slice = await queryWaves(
        path.resolve(io.cwd, file),
        options.signals.flatMap((name) => name.split(',')),
        options.from ?? null,
        options.to ?? null,
      );
      if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', ...slice }));
      else {
        for (const note of slice.notes) io.err(waveNoteText(note));
        io.out(
          `${slice.window.from.value} ${slice.window.from.unit} … ${slice.window.to.value} ${slice.window.to.unit}`,
        );
        for (const signal of slice.signals) {
          io.out(`${signal.name}[${signal.width}]`);
          for (const [time, value] of signal.changes) io.out(`  ${time.value.padStart(12)} ${time.unit}  ${value}`);
        }
      }
    });
}
