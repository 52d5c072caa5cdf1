// project init, show, trust; check: the project file and what verifies the project.
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { GenrtlError, PROJECT_FILE } from '@genrtl/contracts';
import type { CheckResult, CheckVerdict, ProjectView } from '@genrtl/contracts';
import type { CliIo } from '../io.ts';
import { printDiagnostics } from '../print.ts';

const WORKSPACE = ['--workspace <dir>', 'folder of the project', '.'] as const;
const TRUST = ['--trust', 'trust the commands of this project as they are now, as `project trust` does'] as const;

async function init(io: CliIo, options: { workspace: string; from?: string }): Promise<void> {
  const { initProject } = await import('../../../project/init.ts');
  const workspace = path.resolve(io.cwd, options.workspace);
  const from = options.from === undefined ? null : path.relative(workspace, path.resolve(io.cwd, options.from));
  const made = await initProject(workspace, from?.replaceAll(path.sep, '/') ?? null);
  if (io.json) {
    io.out(
      JSON.stringify({
        event: 'result',
        status: 'done',
        file: PROJECT_FILE,
        from: made.from,
        text: made.text,
        diagnostics: made.notes,
      }),
    );
    return;
  }
  printDiagnostics(io, made.notes);
  io.err(
    `${PROJECT_FILE} written from ${made.from ?? 'the folders'}; see what it gives with \`npx genrtl project show\``,
  );
}

async function show(io: CliIo, options: { workspace: string }): Promise<void> {
  const [{ loadProject }, { projectView }, { listChecks }] = await Promise.all([
    import('../../../project/load-project.ts'),
    import('../../../project/project-view.ts'),
    import('../../../checks/project-checks.ts'),
  ]);
  const workspace = path.resolve(io.cwd, options.workspace);
  const project = await loadProject(workspace, io.env);
  const { checks } = await listChecks(workspace, io.env);
  const view = await projectView(project, checks);
  if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', project: view }));
  else printView(io, view);
}

function printView(io: CliIo, view: ProjectView): void {
  const section = (title: string, lines: readonly string[]): void => {
    io.out(`${title}${lines.length === 0 ? ': none' : ` (${lines.length}):`}`);
    for (const line of lines) io.out(`  ${line}`);
  };
  io.out(view.file ?? 'no genrtl.yaml: src/ and tb/');
  io.out(`top: ${view.top ?? (view.tops.length === 0 ? 'none' : `one of ${view.tops.join(', ')}`)}`);
  for (const [name, set] of [
    ['rtl', view.rtl],
    ['tb', view.tb],
  ] as const) {
    section(
      `${name} files in order`,
      set.files.map(({ path: file, library }) => (library === 'work' ? file : `${file}  [library ${library}]`)),
    );
    const defines = Object.entries(set.defines);
    if (defines.length > 0)
      section(
        `${name} defines`,
        defines.map(([macro, value]) => (value === null ? macro : `${macro}=${value}`)),
      );
  }
  section('include folders', view.include_dirs);
  section(
    'testbenches',
    view.benches.map(({ name, file }) => `${name}  ${file}`),
  );
  section('patches may touch', view.edit);
  section('read-only', view.read_only);
  section('hidden, never sent', view.hidden);
  const bytes = view.model.reduce((sum, file) => sum + file.bytes, 0);
  section(
    `a model may be sent ${bytes} bytes of`,
    view.model.map((file) => file.path),
  );
  section(
    'checks',
    view.checks.map(
      ({ name, kind, what, trusted }) => `${name}  ${kind}: ${what}${trusted === false ? '  (not trusted here)' : ''}`,
    ),
  );
  if (view.waive.length > 0)
    section(
      'waived',
      view.waive.map(({ kind, name, reason }) => `${kind}:${name}=${reason}`),
    );
  printDiagnostics(io, view.notes);
}

async function trustProject(io: CliIo, options: { workspace: string; yes?: boolean; revoke?: boolean }): Promise<void> {
  const [{ checksOf }, { collectFilelists }, { realRoot }, trust] = await Promise.all([
    import('../../../checks/project-checks.ts'),
    import('../../../cbb/index.ts'),
    import('@genrtl/disk/real-root.ts'),
    import('../../../project/trust.ts'),
  ]);
  const root = await realRoot(path.resolve(io.cwd, options.workspace));
  const { checkText } = await import('@genrtl/core/project/checks.ts');
  if (options.revoke === true) {
    await trust.revoke(io.env, root);
    if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', trusted: [] }));
    else io.err('Nothing of this project is trusted any more.');
    return;
  }
  const checks = await checksOf(await collectFilelists(root, io.env), io.env);
  const strange = await trust.untrusted(io.env, root, checks);
  const lines = strange.map((check) => `${check.name}: ${checkText(check)}${needsText(check.needs)}`);
  if (strange.length > 0 && io.interactive && options.yes !== true && !io.json) {
    io.err('These commands of the project would run on this machine, with your rights:');
    for (const line of lines) io.err(`  ${line}`);
    if (!(await agrees('Trust them? [y/N] ')))
      throw new GenrtlError('PROJECT_UNTRUSTED', 'Nothing was trusted.', { hint: 'Look at the commands again.' });
  }
  await trust.trust(io.env, root, checks);
  if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', trusted: lines }));
  else if (strange.length === 0) io.err('There is no command that is not trusted already.');
  else for (const line of lines) io.err(`trusted  ${line}`);
}

function needsText({
  network,
  home,
  env,
  write,
  read,
}: {
  network: boolean;
  home: string[];
  env: string[];
  write: string[];
  read: string[];
}): string {
  const parts = [
    ...(network ? ['the network'] : []),
    ...(home.length > 0 ? [`of your home ${home.join(', ')}`] : []),
    ...(read.length > 0 ? [`reading ${read.join(', ')}`] : []),
    ...(write.length > 0 ? [`writing ${write.join(', ')}`] : []),
    ...(env.length > 0 ? [`the variables ${env.join(', ')}`] : []),
  ];
  return parts.length === 0 ? '' : `; it asks for ${parts.join('; ')}`;
}

async function agrees(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await reader.question(question)).trim());
  } finally {
    reader.close();
  }
}

const EXIT: Readonly<Record<CheckVerdict, number>> = {
  pass: 0,
  fail: 1,
  unknown: 3,
  error: 3,
  untrusted: 6,
  cancelled: 130,
};
/** The exit code of several results: what failed by the design's own fault stands above trouble of tools. */
const ORDER: readonly CheckVerdict[] = ['cancelled', 'untrusted', 'fail', 'error', 'unknown', 'pass'];

async function check(
  io: CliIo,
  names: readonly string[],
  options: { workspace: string; junit?: string; trust?: boolean; yes?: boolean },
): Promise<void> {
  const { runChecks } = await import('../../../checks/project-checks.ts');
  const results = await runChecks({
    workspace: path.resolve(io.cwd, options.workspace),
    names,
    env: io.env,
    signal: io.signal,
    trust: options.trust === true,
    acceptUnconfined: options.yes === true,
    onStart: (name) => {
      if (!io.json) io.err(`… ${name}`);
    },
    onResult: (result) => {
      if (io.json) io.out(JSON.stringify({ event: 'check', ...result }));
      else printCheck(io, result);
    },
  });
  if (options.junit !== undefined) {
    const [{ toJunit }, { writeAtomic }] = await Promise.all([
      import('@genrtl/eda/results/junit.ts'),
      import('@genrtl/disk/records.ts'),
    ]);
    await writeAtomic(path.resolve(io.cwd, options.junit), toJunit(results));
  }
  const worst = ORDER.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'pass';
  const passed = results.filter(({ verdict }) => verdict === 'pass').length;
  const waived = results.reduce((sum, result) => sum + result.waived, 0);
  if (io.json)
    io.out(
      JSON.stringify({
        event: 'result',
        status:
          worst === 'pass'
            ? 'done'
            : worst === 'cancelled'
              ? 'cancelled'
              : worst === 'untrusted'
                ? 'needs_input'
                : 'failed',
        passed,
        total: results.length,
        waived,
        checks: results,
        diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
      }),
    );
  else io.err(`${passed} of ${results.length} checks passed${waived === 0 ? '' : `, ${waived} findings waived`}`);
  io.exit(EXIT[worst]);
}

function printCheck(io: CliIo, result: CheckResult): void {
  printDiagnostics(io, result.diagnostics);
  for (const test of result.tests) io.err(`  ${test.passed ? '✓' : '✗'} ${test.name}`);
  const counts = `${result.counts.error} errors, ${result.counts.warning} warnings${result.waived === 0 ? '' : `, ${result.waived} waived`}`;
  io.err(`${result.verdict === 'pass' ? '✓' : '✗'} ${result.name}: ${result.verdict} (${counts})`);
  if (result.reason !== '') io.err(`  ${result.reason}`);
}

export function registerProject(program: Command, io: CliIo): void {
  const project = program.command('project').description('the project file genrtl.yaml');
  project
    .command('init')
    .description(
      'write genrtl.yaml from FuseSoC, Bender, file lists, Vivado, Quartus, or the folders; overwrites nothing',
    )
    .option(...WORKSPACE)
    .option('--from <file>', 'the manifest, project or list to read; default: what stands nearest to the root')
    .action((options: { workspace: string; from?: string }) => init(io, options));
  project
    .command('show')
    .description('files in order, include folders, defines, tops, checks, and what a model may be sent')
    .option(...WORKSPACE)
    .action((options: { workspace: string }) => show(io, options));
  project
    .command('trust')
    .description('let the commands of the project run on this machine, exactly as they are now')
    .option(...WORKSPACE)
    .option('--yes', 'do not ask')
    .option('--revoke', 'trust nothing of it any more')
    .action((options: { workspace: string; yes?: boolean; revoke?: boolean }) => trustProject(io, options));
  program
    .command('check')
    .description("run the project's checks")
    .argument('[name...]', 'default: all, in their order')
    .option(...WORKSPACE)
    .option('--junit <file>', 'write the results as JUnit XML')
    .option(...TRUST)
    .option('--yes', 'run unconfined where no sandbox can be had')
    .action((names: string[], options: { workspace: string; junit?: string; trust?: boolean; yes?: boolean }) =>
      check(io, names, options),
    );
}
