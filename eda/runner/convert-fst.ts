// FST to VCD through GTKWave's fst2vcd.
import { dirname } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { captureOutput } from './capture.ts';
import { findExecutable } from './executable.ts';

const CONVERT_TIMEOUT_MS = 600_000;

/**
 * Both paths absolute; the VCD's folder is nobody else's. Throws TOOL_MISSING without fst2vcd, USAGE for a file that it
 * cannot read.
 */
export async function convertFst(fst: string, vcd: string): Promise<void> {
  const program = findExecutable('fst2vcd', process.env);
  if (program === null)
    throw new GenrtlError('TOOL_MISSING', 'fst2vcd is not installed.', {
      hint: 'Install GTKWave (Debian package gtkwave), or dump VCD.',
    });
  // whatever wrote the waveform is not trusted, and fst2vcd is not hardened against it
  const end = await captureOutput([program, '-f', fst, '-o', vcd], {
    cwd: dirname(vcd),
    timeoutMs: CONVERT_TIMEOUT_MS,
    confinement: { policy: { mode: 'preferred' }, sources: [fst] },
  });
  if (end.exitCode !== 0)
    throw new GenrtlError('USAGE', `${fst} is neither a VCD nor an FST file.`, {
      hint: 'Give a waveform file as a simulator wrote it.',
    });
}
