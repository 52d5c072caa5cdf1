// FST to VCD through GTKWave's fst2vcd.
import { dirname } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { captureOutput } from './capture.ts';
import { findExecutable } from './executable.ts';

const CONVERT_TIMEOUT_MS = 600_000;

/**
 * Both paths absolute; the VCD's folder is nobody else's. Throws TOOL_MISSING without fst2vcd, USAGE for a file that it
 * cannot read, TOOL_FAILED when it did not end by itself.
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
  // 128 and the signal's number, from the sandbox; fst2vcd's own word about a file that it cannot read is 255
  if (end.exitCode === null || (end.exitCode > 128 && end.exitCode < 193))
    throw new GenrtlError('TOOL_FAILED', `fst2vcd crashed on ${fst}, or was stopped at a limit.`, {
      hint: 'Dump VCD, or a shorter stretch of time.',
    });
  if (end.exitCode !== 0)
    throw new GenrtlError('USAGE', `${fst} is neither a VCD nor an FST file.`, {
      hint: 'Give a waveform file as a simulator wrote it.',
    });
}
