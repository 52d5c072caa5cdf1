// Reads VCS's blocks (`Error-[CODE] Title`, places and text on the next lines, ended by a blank line) and what simv
// prints.
// Formats as documented and as seen in published logs.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { isDigitAt, isPath, LicenceWatch, PendingDiagnostic, readBenchLine, readNumber } from '../../parsing/index.ts';

const TOOL = 'vcs';
const LEVELS: Readonly<Record<string, Severity>> = {
  Error: 'error',
  Warning: 'warning',
  Lint: 'warning',
  Fatal: 'error',
  Info: 'info',
  Note: 'info',
};
const MAX_TEXT_LINES = 24;

export function createVcsParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  const licence = new LicenceWatch(sink);
  let block: Block | null = null;
  /** a run-time message whose text stands on the next line */
  let wantsText = false;

  function endBlock(): void {
    if (block === null) return;
    const { diagnostic, lines } = block;
    const text = lines.join(' ');
    sink.report(text === '' ? diagnostic : { ...diagnostic, message: `${diagnostic.message}: ${text}` });
    block = null;
  }

  function blockLine({ diagnostic, lines, sourceFollows }: Block, text: string): void {
    // the marked source line of a syntax error is not part of the message
    if (sourceFollows || /^\^+$/.test(text) || lines.length >= MAX_TEXT_LINES || block === null) return;
    // long places are wrapped at the comma or before the number
    const before = lines.at(-1);
    const wrapped =
      before === undefined
        ? null
        : (commaPlace(`${before}${before.endsWith(',') ? ' ' : ''}${text}`) ??
          (/^(?:[A-Za-z]:)?[\\/]/.test(before) ? commaPlace(`${before} ${text}`) : null));
    const place =
      diagnostic.file !== undefined
        ? null
        : wrapped !== null && /\s/.test(wrapped.file)
          ? wrapped
          : (commaPlace(text) ?? wrapped);
    if (place === null) {
      lines.push(text);
      return;
    }
    if (wrapped !== null && place === wrapped) lines.pop();
    block.diagnostic = { ...diagnostic, file: place.file, line: place.line };
    if (place.rest !== '') lines.push(place.rest);
    block.sourceFollows = diagnostic.code === 'SE' && place.rest !== '';
  }

  function start(text: string, open: number, close: number): void {
    const severity = LEVELS[text.slice(0, open - 1)];
    if (severity === undefined) return;
    pending.flush();
    endBlock();
    block = {
      diagnostic: { tool: TOOL, severity, code: text.slice(open + 1, close), message: text.slice(close + 1).trim() },
      lines: [],
      sourceFollows: false,
    };
  }

  /**
   * `Error: "tb.sv", 12: tb.u: at time 10 ns`, the text on the next line; `"tb.sv", 12: tb.a: started at … failed at
   * …`.
   */
  function runTime(text: string): boolean {
    const quote = text.indexOf('"');
    const level = quote === 0 ? 'Error' : text.slice(0, text.indexOf(':'));
    const severity = LEVELS[level];
    if (severity === undefined || quote === -1 || quote > 10) return false;
    const place = commaPlace(text.slice(quote));
    if (place === null) return false;
    const failed = /^(\S+): started at (\S+) failed at (\S+)$/.exec(place.rest);
    const timed = /^(\S+): at time (.+)$/.exec(place.rest);
    if (failed === null && timed === null) return false;
    pending.start({
      tool: TOOL,
      severity,
      ...(level === 'Fatal' ? { code: 'FATAL' } : {}),
      file: place.file,
      line: place.line,
      message: failed === null ? '' : 'assertion failed',
      scope: (failed ?? timed)?.[1] ?? '',
      time: (failed?.[3] ?? timed?.[2] ?? '').trim(),
    });
    wantsText = true;
    return true;
  }

  return {
    line(text) {
      const first = text.charCodeAt(0);
      const open = first >= 69 && first <= 87 ? text.indexOf('-[') + 1 : 0; // E … W
      const close = open > 0 && open < 10 ? text.indexOf(']', open) : -1;
      if (close !== -1 && LEVELS[text.slice(0, open - 1)] !== undefined) {
        start(text, open, close);
        return;
      }
      if (block !== null) {
        if (text.trim() === '') endBlock();
        else blockLine(block, text.trim());
        return;
      }
      if (wantsText) {
        wantsText = false;
        if (pending.current !== null && text.trim() !== '' && !text.startsWith('UVM_')) {
          pending.append(text.trim());
          pending.flush();
          return;
        }
        pending.flush();
      }
      if (licence.line(text)) return;
      if ((first === 34 || text.includes(': "')) && runTime(text)) return;
      if (first === 36) {
        if (text.startsWith('$finish called from') || text.startsWith('$finish at simulation time')) {
          sink.facts.finishLines++;
          return;
        }
        if (text.startsWith('$stop called from') || text.startsWith('$stop at time')) {
          sink.facts.stopLines++;
          return;
        }
      }
      if (readBenchLine(text, TOOL, sink)) return;
      if (
        text.startsWith('make: *** ') ||
        text.startsWith('An unexpected termination') ||
        text.startsWith('Segmentation fault')
      )
        sink.facts.fatalLines++;
    },
    end() {
      endBlock();
      pending.flush();
    },
  };
}

interface Block {
  diagnostic: Diagnostic;
  readonly lines: string[];
  /** the next line is the source text of a syntax error */
  sourceFollows: boolean;
}

/** `file, 12`, `"file", 12: text` or `file line: 12: text` */
function commaPlace(text: string): { file: string; line: number; rest: string } | null {
  const quoted = text.startsWith('"');
  const end = quoted ? text.indexOf('"', 1) : text.lastIndexOf(', ');
  if (end <= 0) return null;
  let at = quoted ? end + 1 : end;
  if (text.charAt(at) !== ',') return null;
  at += 2;
  if (!isDigitAt(text, at)) return null;
  const line = readNumber(text, at);
  if (line === null || line.value === 0) return null;
  const file = text.slice(quoted ? 1 : 0, end);
  const rest = text.slice(line.next).replace(/^:\s*/, '').trim();
  // an unquoted place stands alone in its line, so that "expected 3, 4 given" is none
  if (!quoted && (rest !== '' || !isPath(file))) return null;
  return { file, line: line.value, rest };
}
