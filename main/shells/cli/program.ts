// The commander program: one line for each command group, shared options, exit codes.
import { Command, CommanderError } from 'commander';
import { reportError, type CliIo } from './io.ts';
import { registerJob } from './commands/job.ts';
import { registerTools } from './commands/tools.ts';
import { registerPatch } from './commands/patch.ts';
import { registerProject } from './commands/project.ts';
import { registerAi } from './commands/ai.ts';
import { registerCbb } from './commands/cbb.ts';
import { registerAccount } from './commands/account.ts';
import { registerUsage } from './commands/usage.ts';
import { registerShells } from './commands/shells.ts';
import { registerSpec } from './commands/spec.ts';
import { registerWaves } from './commands/waves.ts';
import { registerSkill } from './commands/skill.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface CliHost {
  write(text: string): void;
  writeError(text: string): void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/** One function a command group; adding a group is adding its line. */
const GROUPS: readonly ((program: Command, io: CliIo) => void)[] = [
  registerJob,
  registerSpec,
  registerTools,
  registerPatch,
  registerProject,
  registerCbb,
  registerSkill,
  registerWaves,
  registerAi,
  registerUsage,
  registerAccount,
  registerShells,
];

/** Runs one command line and returns its exit code. Never throws. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  let exitCode = 0;
  const io: CliIo = {
    out: (text) => host.write(`${text}\n`),
    write: (text) => host.write(text),
    err: (text) => host.writeError(`${text}\n`),
    json: argv.includes('--json'),
    interactive: host.interactive,
    env: host.env,
    cwd: host.cwd,
    signal: host.signal,
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = new Command('genrtl')
    .description('From a chip specification to verified RTL')
    .version(packageJson.version)
    .option('--json', 'print one JSON object a line and nothing else on stdout')
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.write(text), writeErr: (text) => host.writeError(text) });
  for (const register of GROUPS) register(program, io);
  // subcommands inherit exitOverride only when made before; --json may stand anywhere
  const prepare = (command: Command): void => {
    command.exitOverride();
    if (command !== program && !command.options.some((option) => option.long === '--json'))
      command.option('--json', 'JSON output');
    command.commands.forEach(prepare);
  };
  prepare(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      exitCode = error.exitCode === 0 ? 0 : 2;
      if (exitCode === 2 && io.json) {
        io.out(
          JSON.stringify({
            event: 'result',
            status: 'failed',
            error: { code: 'USAGE', message: usageMessage(error), hint: 'See `npx genrtl --help`.', retryable: false },
          }),
        );
      }
    } else reportError(io, error);
  }
  return exitCode;
}

/** Commander's own wording without its prefix; without any command it only shows the help. */
function usageMessage(error: CommanderError): string {
  return error.code === 'commander.help' ? 'Name a command.' : error.message.replace(/^error: /, '');
}
