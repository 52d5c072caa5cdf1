// What the check of one kind of case is given: a copy of the case's folder that it may write to, and the command line.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanEnv } from '../e2e/harness.ts';
import { runCli } from '../../main/shells/cli/program.ts';

export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CaseUnderTest {
  /** absolute; gone when the check ends */
  readonly folder: string;
  /** The command line in this process, in the case's folder. */
  genrtl(...argv: string[]): Promise<CommandEnd>;
}

/** Throws (by `expect`) where the product does not do what the case's README calls right. */
export type CaseCheck = (given: CaseUnderTest) => Promise<void>;

export async function runCase(source: string, check: CaseCheck): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'genrtl-case-'));
  const folder = path.join(root, path.basename(source));
  const env = cleanEnv(path.join(root, 'home'));
  try {
    await cp(source, folder, { recursive: true });
    await check({ folder, genrtl: (...argv) => inProcess(argv, env, folder) });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function inProcess(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<CommandEnd> {
  let [out, err] = ['', ''];
  const code = await runCli(argv, {
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    env,
    cwd,
    interactive: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
