// A project's own command as a tool: an adapter made of data. It passes by what it proves (result files, the text of a
// pass, findings that its log would hold), never by its exit code alone.
import { z } from 'zod';
import type { ToolId } from '@genrtl/contracts';
import { outputPlaces } from '@genrtl/core/project/checks.ts';
import type { CommandCheck } from '@genrtl/core/project/checks.ts';
import { wildcardMatcher } from '@genrtl/core/project/glob.ts';
import { defineAdapter } from '../adapter.ts';
import type { LogParser, ParserSink, RunFacts, ToolAdapter } from '../adapter.ts';
import { readBenchLine } from '../parsing/index.ts';

/** Counters of a command's run. */
const OWN = {
  pass: 'command.pass',
  fail: 'command.fail',
  lines: 'command.lines',
  broken: 'command.broken',
  wrote: 'command.wrote',
} as const;

/** What shells, make and the loader say when the command itself could not do its work. */
const BROKEN =
  /^(?:make(?:\[\d+\])?|g?make|ninja|cmake): \*\*\* (?:No rule to make target|No targets specified|.*\bmissing separator\b|.*: No such file or directory)|^(?:\/bin\/)?(?:ba|da|z|k|c)?sh: .*(?:command not found|: not found|Permission denied)|error while loading shared libraries:/;
const READ_ONLY = /Read-only file system/;

/**
 * `parser`: the adapter whose log the command prints or writes; null: only what benches say in any log. `cwd`: absolute
 * folder of the command. `env`: the values of its variables.
 */
export function commandAdapter(
  check: CommandCheck,
  parser: ToolAdapter<ToolId> | null,
  cwd: string,
  env: Readonly<Record<string, string>>,
): { readonly adapter: ToolAdapter /** of the last run: why it was no pass */; reason(): string } {
  const [program] = check.command;
  let reason = '';
  const findings = (sink: ParserSink): LogParser =>
    parser === null
      ? { line: (text) => void readBenchLine(text, 'command', sink), end: () => undefined }
      : parser.createParser('stdout', sink);
  const watched = (sink: ParserSink, inner: LogParser): LogParser => watch(check, sink, inner);
  const silent: LogParser = { line: () => undefined, end: () => undefined };
  const adapter = defineAdapter({
    id: 'command' as const,
    title: check.name,
    testedAgainstRealTool: true,
    actions: ['simulate'],
    languages: ['verilog', 'vhdl'],
    findsSources: true,
    optionsSchema: z.strictObject({}),
    needs: { network: check.needs.network ? 'always' : 'licence', home: check.needs.home },
    async detect(host) {
      const path = await host.which(program.includes('/') && !program.startsWith('/') ? `${cwd}/${program}` : program);
      return path === null ? null : { path, version: '', edition: null, companions: {} };
    },
    buildCommands: ({ tool }) => ({
      files: [],
      commands: [
        { role: 'run', argv: [tool.path, ...check.command.slice(1)], ...(check.cwd === '.' ? {} : { cwd: check.cwd }) },
      ],
      env: { ...env, ...check.env },
      resultPatterns: check.results.map((file) => outputPlaces(check, file)),
      logPatterns: check.logs.map((file) => outputPlaces(check, file)),
    }),
    // where it writes a log of its own, findings on the terminal would be the same ones again
    createParser: (_stream, sink) => watched(sink, check.logs.length > 0 ? silent : findings(sink)),
    createLogParser: (sink) => watched(sink, findings(sink)),
    verdict(facts) {
      const judged = judge(check, facts);
      ({ reason } = judged);
      return judged.verdict;
    },
  });
  return { adapter, reason: () => reason };
}

function watch({ pass, fail }: CommandCheck, sink: ParserSink, inner: LogParser): LogParser {
  const { own } = sink.facts;
  const count = (name: string): void => {
    own[name] = (own[name] ?? 0) + 1;
  };
  const passes = pass === null ? null : wildcardMatcher(`*${pass}*`);
  const fails = fail === null ? null : wildcardMatcher(`*${fail}*`);
  return {
    line(text) {
      count(OWN.lines);
      if (passes?.(text)) count(OWN.pass);
      if (fails?.(text)) {
        count(OWN.fail);
        sink.report({ tool: 'command', severity: 'error', code: 'FAIL', message: text.trim() });
      }
      if (BROKEN.test(text)) count(OWN.broken);
      if (READ_ONLY.test(text)) count(OWN.wrote);
      inner.line(text);
    },
    end: () => inner.end(),
  };
}

export interface CommandJudgement {
  readonly verdict: ReturnType<ToolAdapter['verdict']>;
  /** one sentence: why it is no pass; '' for a pass */
  readonly reason: string;
}

/** What a finished command proves. */
export function judge(
  check: Pick<CommandCheck, 'pass' | 'results' | 'logs' | 'parser'>,
  facts: RunFacts,
): CommandJudgement {
  const [run] = facts.commands;
  const { own, failLines, passLines } = facts.log;
  const saw = (name: string): boolean => (own[name] ?? 0) > 0;
  const failed = facts.tests.filter(({ passed }) => !passed).length;
  const uvm = (own['summary.UVM_ERROR'] ?? 0) + (own['summary.UVM_FATAL'] ?? 0);
  const code = run?.exitCode ?? null;
  const wrote = saw(OWN.wrote)
    ? ' It wrote where the check does not say that it may: name the folder in needs.write.'
    : '';
  if (run === undefined || run.signal !== null)
    return { verdict: 'crashed', reason: `The command was ended by ${run?.signal ?? 'the system'}.${wrote}` };
  if (failed > 0)
    return { verdict: 'fail', reason: `${failed} of ${facts.tests.length} tests of the result file failed.` };
  if (facts.counts.error > 0 || failLines > 0 || uvm > 0)
    return { verdict: 'fail', reason: `Its log holds ${Math.max(facts.counts.error, failLines, uvm)} errors.` };
  if (saw(OWN.broken) || code === 126 || code === 127)
    return {
      verdict: 'crashed',
      reason: `The command could not do its work (exit code ${code}); see its log.${wrote}`,
    };
  if (facts.missing > 0)
    return {
      verdict: 'unknown',
      reason: `${facts.missing} of the result and log files that the check names were not written (exit code ${code}).${wrote}`,
    };
  if (check.results.length > 0 && facts.tests.length === 0)
    return { verdict: 'unknown', reason: 'Its result file holds no test.' };
  if (check.pass !== null && !saw(OWN.pass))
    return { verdict: 'fail', reason: `No line says ${JSON.stringify(check.pass)} (exit code ${code}).${wrote}` };
  if (check.results.length > 0 || check.pass !== null) return { verdict: 'pass', reason: '' };
  // only findings speak: then the command has to have ended well, and to have said something
  if (code !== 0)
    return { verdict: 'unknown', reason: `It ended with exit code ${code}, and its log holds no error.${wrote}` };
  if (passLines === 0 && !saw(OWN.lines))
    return { verdict: 'unknown', reason: 'It printed nothing, so that nothing shows that it checked anything.' };
  return { verdict: 'pass', reason: '' };
}
