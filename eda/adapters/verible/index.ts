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
    return { files: [], commands: [{ role: 'build', argv: [formatter, options.write ? '--inplace' : '--verify', ...sources] }] };
  }
  const argv: [string, ...string[]] = [
    // findings of style are no failure; what does not parse is
    tool.path, '--lint_fatal=false', '--parse_fatal=true', `--ruleset=${options.ruleset}`,
    ...(options.rules.length === 0 ? [] : [`--rules=${options.rules.join(',')}`]), ...sources,
  ];
  return { files: [], commands: [{ role: 'build', argv }] };
}

/** `file:line:col[-col2]: text [Style: …] [rule]`; syntax errors have no rule. Documented format. */
export function readVeribleLine(text: string): Diagnostic | null {
  const place = colonPlace(text);
  if (place === null || place.column === undefined) return null;
  let message = text.slice(place.next).trimEnd();
  const rule = message.endsWith(']') ? /^[a-z][\w-]*$/.exec(message.slice(message.lastIndexOf('[') + 1, -1))?.[0] : undefined;
  const syntax = message.startsWith('syntax error') || message.startsWith('token:') || rule === 'syntax';
  if (rule !== undefined) message = message.slice(0, message.lastIndexOf('[')).trimEnd();
  const style = message.endsWith(']') ? message.lastIndexOf('[Style: ') : -1;
  if (style !== -1) message = message.slice(0, style).trimEnd();
  return {
    tool: 'verible', severity: syntax ? 'error' : 'warning',
    ...(rule === undefined || syntax ? {} : { code: rule }),
    message, ...placeFields(place),
  };
}

function createParser(sink: ParserSink): LogParser {
  return {
    line(text) {
      if (text.charCodeAt(0) === 32) return;
      const found = readVeribleLine(text);
      if (found !== null) sink.report(found);
      else if (text.includes('Check failed') || text.startsWith('*** SIG')) sink.facts.fatalLines++;
    },
    end() { /* every finding is one line */ },
  };
}

export const verible = defineAdapter({
  id: 'verible',
  title: 'Verible',
  testedAgainstRealTool: false,
  actions: ['lint', 'format'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('verible-verilog-lint');
    if (path === null) return null;
    const formatter = await host.which('verible-verilog-format');
    const { stdout } = await host.capture([path, '--version']);
    const version = /^(v?\d\S*)/m.exec(stdout)?.[1] ?? 'unknown';
    return { path, version, edition: null, companions: formatter === null ? {} : { 'verible-verilog-format': formatter } };
  },
  buildCommands,
  createParser: (_stream, sink) => createParser(sink),
  verdict: buildVerdict,
});
