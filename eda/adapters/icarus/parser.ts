// Reads what iverilog (stderr, no columns) and vvp (stdout) print. Formats as recorded from versions 11.0 and 12.0.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import {
  colonPlace,
  INTERNAL_CODE,
  isDigitAt,
  PendingDiagnostic,
  placeFields,
  readBenchLine,
} from '../../parsing/index.ts';
import { NO_FINISH } from './commands.ts';

const TOOL = 'icarus';
const SPACE = 32,
  TAB = 9;

/** Words after `file:line: ` or at the start of a line without a place. */
const LEVELS: readonly (readonly [string, Severity])[] = [
  ['error: ', 'error'],
  ['warning: ', 'warning'],
  ['sorry: ', 'error'],
  ['internal error: ', 'error'],
  ['vvp.tgt error: ', 'error'],
  ['vvp.tgt sorry: ', 'error'],
  ['tgt-vvp error: ', 'error'],
  ['assert: ', 'error'],
];
/** Messages that the parser and the preprocessor print bare after the place. */
const BARE = /^(?:syntax\b|include file\b|malformed\b|invalid\b|errors? in\b|internal error\b)/i;
/** vvp's system tasks: `ERROR: file:line: text`. */
const TASK_LEVELS: readonly (readonly [string, Severity])[] = [
  ['ERROR: ', 'error'],
  ['WARNING: ', 'warning'],
  ['INFO: ', 'info'],
  ['FATAL: ', 'error'],
];
export function createIcarusParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);

  function located(text: string): boolean {
    const place = colonPlace(text);
    if (place === null) return false;
    const rest = text.slice(place.next);
    if (rest.startsWith('$finish called at')) {
      pending.flush();
      sink.facts.finishLines++;
      return true;
    }
    if (rest.startsWith('$stop called at')) {
      pending.flush();
      sink.facts.stopLines++;
      return true;
    }
    const held = pending.current;
    if (held !== null && /^ +: /.test(rest)) {
      const more = rest.trim().slice(2);
      if (held.file === place.file && held.line === place.line) pending.append(more);
      else pending.relate(place.file, place.line, more);
      return true;
    }
    for (const [word, severity] of LEVELS) {
      if (rest.startsWith(word))
        return hold({ tool: TOOL, severity, ...codeOf(word), message: rest.slice(word.length), ...placeFields(place) });
    }
    if (BARE.test(rest))
      return hold({ tool: TOOL, severity: 'error', ...codeOf(rest), message: rest, ...placeFields(place) });
    return false;
  }

  function hold(diagnostic: Diagnostic): true {
    if (diagnostic.code === INTERNAL_CODE) sink.facts.internalErrors++;
    pending.start(diagnostic);
    return true;
  }

  function task(text: string): boolean {
    for (const [word, severity] of TASK_LEVELS) {
      if (!text.startsWith(word)) continue;
      const place = colonPlace(text, word.length);
      if (place === null) return false;
      return hold({
        tool: TOOL,
        severity,
        ...(word === 'FATAL: ' ? { code: 'FATAL' } : {}),
        message: text.slice(place.next),
        ...placeFields(place),
      });
    }
    return false;
  }

  function continuation(text: string): void {
    const trimmed = text.trim();
    const held = pending.current;
    if (held === null) return;
    if (trimmed.startsWith('Time: ')) {
      const scope = trimmed.indexOf(' Scope: ');
      held.time = trimmed.slice(6, scope === -1 ? undefined : scope).trim();
      if (scope !== -1) held.scope = trimmed.slice(scope + 8).trim();
      pending.flush();
    } else if (trimmed.startsWith(': ')) {
      pending.append(trimmed.slice(2));
    } else {
      pending.flush();
    }
  }

  function unlocated(text: string): void {
    if (text.startsWith('error: ')) hold({ tool: TOOL, severity: 'error', message: text.slice(7) });
    else if (text.startsWith('warning: ')) hold({ tool: TOOL, severity: 'warning', message: text.slice(9) });
    else if (text.endsWith(': No such file or directory')) {
      const file = text.slice(0, text.indexOf(': No such file'));
      sink.report({ tool: TOOL, severity: 'error', message: 'No such file or directory', file });
    } else if (text === NO_FINISH) {
      sink.facts.stopLines++;
      sink.facts.outOfEvents++;
    } else if (text.startsWith('** VVP Stop(')) sink.facts.stopLines++;
    else if (isFatal(text)) sink.facts.fatalLines++;
  }

  return {
    line(text) {
      const first = text.charCodeAt(0);
      if (first === SPACE || first === TAB) {
        if (pending.current !== null) {
          continuation(text);
          return;
        }
        readBenchLine(text, TOOL, sink);
        return;
      }
      const colon = text.indexOf(':');
      if (colon === -1) {
        if (pending.current !== null) pending.flush();
        if (!readBenchLine(text, TOOL, sink)) noColon(text, sink);
        return;
      }
      if (
        colon > 0 &&
        (isDigitAt(text, colon + 1) || colon < 3 || text.indexOf(':', colon + 1) !== -1) &&
        (located(text) || (isTask(first) && task(text)))
      )
        return;
      if (pending.current !== null) pending.flush();
      if (!readBenchLine(text, TOOL, sink)) unlocated(text);
    },
    end() {
      pending.flush();
    },
  };
}

/** `sorry` means that the tool lacks the feature, `internal error` that it is at fault: told apart by their codes. */
const codeOf = (word: string): { code?: string } =>
  word.startsWith('internal error') ? { code: INTERNAL_CODE } : word.includes('sorry') ? { code: 'sorry' } : {};

/** E F I W: how vvp's system tasks begin. */
const isTask = (first: number): boolean => first === 69 || first === 70 || first === 73 || first === 87;

/** The tools' own ends that no other rule explains: crashes of ivl and vvp, programs that vvp cannot load. */
function isFatal(text: string): boolean {
  if (!text.endsWith('.')) return false;
  return (
    (text.includes('Assertion `') && text.endsWith("' failed.")) ||
    text.includes(': Program not runnable, ') ||
    text.endsWith(': Unable to open input file.')
  );
}

function noColon(text: string, sink: ParserSink): void {
  const first = text.charCodeAt(0);
  // `** VVP Stop(0) **`, `I give up.` and shells' `Segmentation fault`; everything else without a colon is the bench's
  // own talk
  if (first === 42 && text.startsWith('** VVP Stop(')) sink.facts.stopLines++;
  else if (first === 83 && text.startsWith('Segmentation fault')) sink.facts.fatalLines++;
  else if (first === 65 && text.startsWith('Aborted')) sink.facts.fatalLines++;
}
