// A formatted source: by Verible where it is installed, else indented by its blocks and brackets. A text that does not
// parse is refused: what is wrong in it would move everything behind it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { captureOutput, findExecutable } from '@genrtl/eda/runner/index.ts';
import type { Languages } from './languages.ts';
import { isVhdl } from './read-source.ts';

const TIMEOUT_MS = 20_000;
const FORMATTER = 'verible-verilog-format';

export interface FormatRequest {
  readonly path: string;
  readonly text: string;
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/** Throws REQUEST_INVALID for VHDL and for a text that does not parse. */
export async function formatSource(
  languages: Languages,
  env: NodeJS.ProcessEnv,
  { path: file, text, tabSize, insertSpaces }: FormatRequest,
): Promise<{ text: string; by: 'verible' | 'genrtl' }> {
  if (isVhdl(file))
    throw new GenrtlError('REQUEST_INVALID', 'VHDL is not formatted.', { hint: 'Only Verilog and SystemVerilog are.' });
  const formatter = findExecutable(FORMATTER, env);
  if (formatter !== null) return { text: await byVerible(formatter, env, file, text, tabSize), by: 'verible' };
  return { text: await languages.ask('indent', file, text, insertSpaces ? ' '.repeat(tabSize) : '\t'), by: 'genrtl' };
}

async function byVerible(
  formatter: string,
  env: NodeJS.ProcessEnv,
  file: string,
  text: string,
  tabSize: number,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'genrtl-format-'));
  try {
    const name = path.basename(file);
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
    const { exitCode, stdout, stderr } = await captureOutput(
      [formatter, '--failsafe_success=false', `--indentation_spaces=${tabSize}`, `./${name}`],
      { env, cwd: folder, timeoutMs: TIMEOUT_MS, outputBytes: 4 * text.length + 1_000_000 },
    );
    if (exitCode === 0 && (stdout !== '' || text.trim() === '')) return stdout;
    throw new GenrtlError('REQUEST_INVALID', `Verible could not format ${file}.`, {
      hint:
        stderr
          .split('\n')
          .find((line) => line.trim() !== '')
          ?.slice(0, 300) ?? 'It printed no reason.',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
