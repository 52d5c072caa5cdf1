// Reads what Yosys prints: `file:line: ERROR|Warning: text` or the same without a place. Formats as recorded from 0.23
// and 0.52.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { colonPlace, PendingDiagnostic, placeFields, readNumber } from '../../parsing/index.ts';

const TOOL = 'yosys';
const SPACE = 32,
  TAB = 9;
const LEVELS: readonly (readonly [string, Severity])[] = [
  ['ERROR: ', 'error'],
  ['Warning: ', 'warning'],
];
const RANGE = /^([^:]{1,400}|[A-Za-z]:[^:]{1,400}):(\d{1,9})\.(\d{1,9})-(\d{1,9})\.(\d{1,9}): /;
/** ``Lexer warning: The SystemVerilog keyword `bit' (at a.v:5) is not recognized …``: why what follows is refused. */
const LEXER = /^Lexer warning: (The SystemVerilog keyword `\S+' \(at (.{1,400}):(\d{1,9})\) .*)$/;
/** Indented lines that follow a warning name the drivers or the cells of a loop: the first few say it all. */
const MAX_CONTINUATIONS = 6;

export function createYosysParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  let continuations = 0;

  const hold = (diagnostic: Diagnostic): void => {
    pending.start(diagnostic);
    continuations = 0;
  };

  return {
    line(text) {
      const first = text.charCodeAt(0);
      if (first === SPACE || first === TAB) {
        const held = pending.current;
        if (held === null) return;
        if (++continuations <= MAX_CONTINUATIONS) pending.append(text.trim());
        // generated cells carry the place that they come from: `$and$loops.sv:2$1`
        const place = held.file === undefined ? placeInCell(text) : null;
        if (place !== null) Object.assign(held, place);
        return;
      }
      if (pending.current !== null) pending.flush();
      const at = levelIndex(text);
      const lexer = at === -1 ? LEXER.exec(text) : null;
      if (lexer !== null) {
        const [, message = '', file = '', line] = lexer;
        hold({ tool: TOOL, severity: 'warning', message, file, line: Number(line) });
        return;
      }
      if (at === -1) {
        if (text.startsWith('Assert `') || text.startsWith('terminate called') || text.startsWith('Segmentation fault'))
          sink.facts.fatalLines++;
        return;
      }
      for (const [word, severity] of LEVELS) {
        if (!text.startsWith(word, at)) continue;
        const message = text.slice(at + word.length);
        const place = at === 0 ? null : (rangePlace(text) ?? colonPlace(text));
        hold({ tool: TOOL, severity, message, ...(place === null ? placeInMessage(message) : placeFields(place)) });
        return;
      }
    },
    end() {
      pending.flush();
    },
  };
}

/** Index of `ERROR: ` or `Warning: ` at the start or right after a place; -1 elsewhere, as in quoted text of a log. */
function levelIndex(text: string): number {
  const first = text.charCodeAt(0);
  if ((first === 69 && text.startsWith('ERROR: ')) || (first === 87 && text.startsWith('Warning: '))) return 0;
  let at = text.indexOf(': ERROR: ');
  if (at === -1) at = text.indexOf(': Warning: ');
  if (at === -1) return -1;
  const place = rangePlace(text) ?? colonPlace(text);
  return place !== null && place.next === at + 2 ? at + 2 : -1;
}

/** `top.sv:12.5-13.9: `; columns begin at 1, the end is the first one behind the text. */
function rangePlace(text: string): ReturnType<typeof colonPlace> {
  const found = RANGE.exec(text);
  if (found === null) return null;
  const [all, file = '', line, column, endLine, end] = found;
  return {
    file,
    line: Number(line),
    column: Number(column),
    ...(endLine === line && Number(end) > Number(column) ? { endColumn: Number(end) - 1 } : {}),
    next: all.length,
  };
}

function placeInCell(text: string): { file: string; line: number } | null {
  const match = /\$((?:[A-Za-z]:)?[^$:]+\.\w+):(\d+)\$\d+/.exec(text);
  return match?.[1] === undefined || match[2] === '0' ? null : { file: match[1], line: Number(match[2]) };
}

/** `… at bad.sv:11.28-11.34.`: Yosys names the place of many warnings only inside their text. */
function placeInMessage(message: string): { file?: string; line?: number; column?: number; end_column?: number } {
  const at = message.lastIndexOf(' at ');
  if (at === -1) return {};
  // behind the colon of a drive
  const colon = message.indexOf(':', message.charAt(at + 5) === ':' ? at + 6 : at + 4);
  const line = colon === -1 ? null : readNumber(message, colon + 1);
  if (line === null || line.value === 0 || message.charAt(line.next) !== '.') return {};
  const file = message.slice(at + 4, colon);
  const column = readNumber(message, line.next + 1);
  if (column === null || column.value === 0) return { file, line: line.value };
  const endLine = message.charAt(column.next) === '-' ? readNumber(message, column.next + 1) : null;
  // the end that Yosys prints is the first column after the text
  const end =
    endLine?.value === line.value && message.charAt(endLine.next) === '.'
      ? readNumber(message, endLine.next + 1)
      : null;
  return {
    file,
    line: line.value,
    column: column.value,
    ...(end !== null && end.value > column.value ? { end_column: end.value - 1 } : {}),
  };
}
