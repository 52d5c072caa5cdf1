// Verible: style lint, syntax check and formatting of SystemVerilog.
import { z } from 'zod';
import type { Diagnostic } from '@genrtl/contracts';
import { defineAdapter } from '../../adapter.ts';
import type { BuildContext, BuildPlan, LogParser, ParserSink } from '../../adapter.ts';
import { colonPlace, placeFields } from '../../parsing/index.ts';
import { buildVerdict } from '../../verdicts.ts';

const Options = z.strictObject({
  /** `--rules`, e.g. `-no-tabs` or `line-length=length:120` */
  rules: z.array(z.string().regex(/^[-+]?[a-z][\w-]*(?:=[\w:;.-]+)?$/)).default([]),
  ruleset: z.enum(['default', 'all', 'none']).default('default'),
  /** the formatter writes the files; otherwise it only says which differ */
  write: z.boolean().default(false),
});

function buildCommands({ action, tool, sources, options }: BuildContext<z.infer<typeof Options>>): BuildPlan {
  if (action === 'format') {
    const formatter = tool.companions['verible-verilog-format'] ?? 'verible-verilog-format';
    // several files are taken with --inplace only, and --verify keeps it from writing; without the last flag errors
    // exit with 0
    return {
      files: [],
      commands: [
        {
          role: 'build',
          argv: [
            formatter,
            ...(options.write ? [] : ['--verify', '--verbose']),
            '--inplace',
            '--failsafe_success=false',
            ...sources,
          ],
        },
      ],
    };
  }
  const argv: [string, ...string[]] = [
    // findings of style are no failure; what does not parse is
    tool.path,
    '--lint_fatal=false',
    '--parse_fatal=true',
    `--ruleset=${options.ruleset}`,
    ...(options.rules.length === 0 ? [] : [`--rules=${options.rules.join(',')}`]),
    ...sources,
  ];
  return { files: [], commands: [{ role: 'build', argv }] };
}

/** `file:line:col[-col2]: text [Style: …] [rule]`; syntax errors have no rule. Documented format. */
export function readVeribleLine(text: string): Diagnostic | null {
  const place = colonPlace(text);
  if (place === null || place.column === undefined) return null;
  let message = text
    .slice(place.next)
    .trimEnd()
    .replace(/ \(autofix available\)\.?$/, '');
  const rule = message.endsWith(']')
    ? /^[a-z][\w-]*$/.exec(message.slice(message.lastIndexOf('[') + 1, -1))?.[0]
    : undefined;
  const syntax = message.startsWith('syntax error') || message.startsWith('token:') || rule === 'syntax';
  if (rule !== undefined) message = message.slice(0, message.lastIndexOf('[')).trimEnd();
  const style = message.endsWith(']') ? message.lastIndexOf('[Style: ') : -1;
  if (style !== -1) message = message.slice(0, style).trimEnd();
  return {
    tool: 'verible',
    severity: syntax ? 'error' : 'warning',
    ...(rule === undefined || syntax ? {} : { code: rule }),
    message,
    ...placeFields(place),
  };
}

const NEEDS = ': Needs formatting.';
const FORMATTED = ': Already formatted, no change.';
const SOURCE = /\.s?vh?$/;

/**
 * `file: Needs formatting.`, `file: Already formatted, no change.`, `file: <why it cannot be formatted>`. After the
 * formatter's source.
 */
function readFormatterLine(text: string, sink: ParserSink): Diagnostic | 'fine' | null {
  if (text.endsWith(FORMATTED)) {
    count(sink, 'formatted');
    return 'fine';
  }
  if (text.endsWith(NEEDS)) {
    count(sink, 'unformatted');
    return {
      tool: 'verible',
      severity: 'warning',
      code: 'format',
      message: 'Needs formatting.',
      file: text.slice(0, -NEEDS.length),
    };
  }
  const colon = text.indexOf(': ');
  const file = text.slice(0, colon);
  return colon === -1 || !SOURCE.test(file)
    ? null
    : { tool: 'verible', severity: 'error', message: text.slice(colon + 2), file };
}

/** The formatter puts the file before messages that name it themselves: `a.sv: a.sv:3:5: …`. */
function withoutFile(text: string): string {
  const colon = text.indexOf(': ');
  return colon > 0 && text.startsWith(`${text.slice(0, colon)}:`, colon + 2) ? text.slice(colon + 2) : text;
}

function count(sink: ParserSink, what: 'formatted' | 'unformatted'): void {
  sink.facts.own[what] = (sink.facts.own[what] ?? 0) + 1;
}

function createParser(sink: ParserSink): LogParser {
  return {
    line(text) {
      if (text.charCodeAt(0) === 32) return;
      const found = readVeribleLine(withoutFile(text)) ?? readFormatterLine(text, sink);
      if (found === 'fine') return;
      if (found !== null) sink.report(found);
      else if (text.includes('Check failed') || text.startsWith('*** SIG')) sink.facts.fatalLines++;
    },
    end() {
      /* every finding is one line */
    },
  };
}

export const verible = defineAdapter({
  id: 'verible',
  title: 'Verible',
  testedAgainstRealTool: false,
  actions: ['lint', 'format'],
  languages: ['verilog'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('verible-verilog-lint');
    if (path === null) return null;
    const formatter = await host.which('verible-verilog-format');
    const { stdout } = await host.capture([path, '--version']);
    const version = /^(v?\d\S*)/m.exec(stdout)?.[1] ?? 'unknown';
    return {
      path,
      version,
      edition: null,
      companions: formatter === null ? {} : { 'verible-verilog-format': formatter },
    };
  },
  buildCommands,
  createParser: (_stream, sink) => createParser(sink),
  // a file that would change fails the check, and says so; its exit code alone does not tell it from a crash
  verdict: (facts) => {
    const verdict = buildVerdict(facts);
    return verdict === 'unknown' && facts.action === 'format' && (facts.log.own['unformatted'] ?? 0) > 0
      ? 'fail'
      : verdict;
  },
});
