// FST to VCD through GTKWave's fst2vcd.
import { tmpdir } from 'node:os';
import { GenrtlError } from '@genrtl/contracts';
import { toolEnvironment } from './environment.ts';
import { findExecutable } from './host.ts';
import { runProcess } from './process.ts';
import { Supervisor } from './supervisor.ts';
import { DEFAULT_LIMITS } from './types.ts';

/** Both paths absolute. Throws TOOL_MISSING without fst2vcd, USAGE for a file that it cannot read. */
export async function convertFst(fst: string, vcd: string): Promise<void> {
  const program = await findExecutable('fst2vcd', process.env);
  if (program === null) throw new GenrtlError('TOOL_MISSING', 'fst2vcd is not installed.', { hint: 'Install GTKWave (Debian package gtkwave), or dump VCD.' });
  const supervisor = new Supervisor(DEFAULT_LIMITS, undefined);
  try {
    const end = await runProcess({ argv: [program, '-f', fst, '-o', vcd], cwd: tmpdir(), env: toolEnvironment(process.env), supervisor, onChunk: () => undefined });
    if (end.exitCode !== 0) throw new GenrtlError('USAGE', `${fst} is neither a VCD nor an FST file.`, { hint: 'Give a waveform file as a simulator wrote it.' });
  } finally {
    supervisor.close();
  }
}
