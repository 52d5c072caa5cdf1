// spec: a specification of any kind as the Markdown that a job starts from.
import path from 'node:path';
import { SPEC_EXTENSIONS } from '@genrtl/contracts';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';
import { printNotes } from '../print.ts';

export function registerSpec(program: Command, io: CliIo): void {
  program
    .command('spec')
    .description('show what is read of a specification, as Markdown, and what could not be read')
    .argument('<file>', `specification (${SPEC_EXTENSIONS.join(' ')})`)
    .action(async (file: string) => {
      const { importSpecFile } = await import('../../../workspace/spec-import.ts');
      const { name, markdown, notes } = await importSpecFile(path.resolve(io.cwd, file));
      if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', spec_name: name, markdown, notes }));
      else {
        printNotes(io, name, notes);
        io.out(markdown.replace(/\n$/, ''));
      }
    });
}
