// Reads what Verilator, the C++ build behind it and the built simulation print. Formats as recorded from 5.006 and
// 5.032.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { colonPlace, INTERNAL_CODE, PendingDiagnostic, placeFields, readBenchLine } from '../../parsing/index.ts';

const TOOL = 'verilator';
const PERCENT = 37,
  BRACKET = 91,
  DASH = 45,
  SPACE = 32,
  TAB = 9,
  BAR = 124,
  CARET = 94,
  TILDE = 126;

const LEVELS: Readonly<Record<string, Severity>> = { Error: 'error', Warning: 'warning', Fatal: 'error', Info: 'info' };
const INTERNAL = 'Internal Error: ';
/** Summaries and hints that stand as lines of their own but say nothing new. */
const NO_FINDING =
  /^(?:Exiting due to|Cannot continue|Command Failed|This may be because there's no search path|See the manual|make .* exited with \d+$)/;

export function createVerilatorParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  /** place of the last assertion that failed: the `$stop` that it causes is no finding of its own */
  let failedAt: string | null = null;

  /** `%Level[-CODE]: …` or `-Info: …` at `start`; `time` from a leading `[time]`. */
  function message(text: string, start: number, time?: string): boolean {
    const colon = text.indexOf(':', start);
    if (colon === -1) return false;
    const dash = text.indexOf('-', start + 1);
    const coded = dash !== -1 && dash < colon;
    const severity = LEVELS[text.slice(start + 1, coded ? dash : colon)];
    if (severity === undefined) return false;
    const code = coded ? text.slice(dash + 1, colon) : undefined;
    // a crash of the tool names the code that it was at: `%Error: Internal Error: f:l:c: …`
    const from = colon + 2 + (text.startsWith(INTERNAL, colon + 2) ? INTERNAL.length : 0);
    const place = colonPlace(text, from);
    const said = place === null ? text.slice(from) : text.slice(place.next);
    const body = from > colon + 2 ? `${INTERNAL}${said}` : said;
    pending.flush();
    if (NO_FINDING.test(body)) {
      if (body.startsWith('Command Failed') || body.startsWith('make ')) sink.facts.fatalLines++;
      return true;
    }
    if (body.startsWith('Verilog $stop')) {
      if (body.includes('ignored')) return true;
      sink.facts.stopLines++;
      if (place !== null && failedAt === `${place.file}:${place.line}`) return true;
    }
    const internal = body.startsWith(INTERNAL) || body.startsWith('Verilator internal fault');
    if (internal) {
      sink.facts.fatalLines++;
      if (severity === 'error') sink.facts.internalErrors++;
    }
    const failed = body.startsWith('Assertion failed in ') ? body.slice(20, body.indexOf(':', 20)) : undefined;
    if (failed !== undefined && place !== null && severity === 'error') failedAt = `${place.file}:${place.line}`;
    pending.start({
      tool: TOOL,
      severity,
      ...(internal ? { code: INTERNAL_CODE } : code === undefined ? {} : { code }),
      message: body,
      ...(place === null ? {} : placeFields(place)),
      ...(failed === undefined ? {} : { scope: failed }),
      ...(time === undefined ? {} : { time }),
    });
    return true;
  }

  function continuation(text: string): void {
    const held = pending.current;
    if (held === null) return;
    const trimmed = text.trim();
    if (trimmed.charCodeAt(0) === BAR) {
      caret(held, trimmed);
      return;
    }
    const dots = trimmed.indexOf('... ');
    if (dots === -1) return;
    const note = trimmed.slice(dots + 4).replace(/^note: /, '');
    const instance = /^In instance '?([^']+)'?$/.exec(note);
    if (instance?.[1] !== undefined) {
      held.scope = instance[1];
      return;
    }
    if (/^(?:For (?:warning|error) description see|Use "|See the manual|Looked in)/.test(note)) return;
    const place = dots > 0 && !trimmed.startsWith(':') ? colonPlace(trimmed) : null;
    if (place !== null) pending.relate(place.file, place.line, note);
    else pending.append(note);
  }

  function other(text: string): void {
    if (readBenchLine(text, TOOL, sink)) return;
    const build = buildLine(text);
    if (build !== null) sink.report(build);
    else if (text.startsWith('make') && text.includes(': *** ')) sink.facts.fatalLines++;
    else if (text.startsWith('Segmentation fault')) sink.facts.fatalLines++;
  }

  return {
    line(text) {
      const first = text.charCodeAt(0);
      if (first === PERCENT && message(text, 0)) return;
      if (first === SPACE || first === TAB) {
        if (pending.current !== null) continuation(text);
        else readBenchLine(text, TOOL, sink);
        return;
      }
      if (first === BRACKET) {
        const close = text.indexOf('] ');
        const mark = text.charCodeAt(close + 2);
        if (
          close !== -1 &&
          (mark === PERCENT || mark === DASH) &&
          message(text, close + 2, text.slice(1, close).trim())
        )
          return;
      }
      if (pending.current !== null) pending.flush();
      if (first === DASH) {
        if (text.startsWith('-Info: ') && message(text, 0)) return;
        if (text.endsWith(': Verilog $finish')) {
          sink.facts.finishLines++;
          return;
        }
      }
      other(text);
    },
    end() {
      pending.flush();
    },
  };
}

/** `      |    ^~~~`: the length of the marked text gives the last column. */
function caret(held: { column?: number | undefined; end_column?: number | undefined }, text: string): void {
  const start = text.indexOf('^');
  if (start === -1 || held.column === undefined || held.end_column !== undefined) return;
  let end = start + 1;
  while (text.charCodeAt(end) === TILDE || text.charCodeAt(end) === CARET) end++;
  held.end_column = held.column + (end - start) - 1;
}

/** Lines of g++ and ld during `--binary`. */
function buildLine(text: string): Diagnostic | null {
  const error = text.indexOf(': error: ');
  if (error !== -1) {
    const place = colonPlace(text);
    if (place !== null && place.next <= error + 2)
      return { tool: TOOL, severity: 'error', code: 'CXX', message: text.slice(error + 9), ...placeFields(place) };
    return null;
  }
  if (text.includes(': undefined reference to '))
    return { tool: TOOL, severity: 'error', code: 'LINK', message: text.slice(text.indexOf('undefined reference')) };
  if (text.includes(': fatal error: ')) {
    const place = colonPlace(text);
    return {
      tool: TOOL,
      severity: 'error',
      code: 'CXX',
      message: text.slice(text.indexOf('fatal error: ') + 13),
      ...(place === null ? {} : placeFields(place)),
    };
  }
  return null;
}
