// Reads what Vivado and its simulator print: `ERROR|CRITICAL WARNING|WARNING|INFO: [Area n-m] text [file:line]`, and
// the run-time messages of xsim. Formats as documented and as seen in published logs.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import {
  colonPlace,
  countedAsZero,
  LicenceWatch,
  PendingDiagnostic,
  placeFields,
  readBenchLine,
} from '../../parsing/index.ts';

const TOOL = 'vivado';
const SPACE = 32;
const LEVELS: readonly (readonly [string, Severity])[] = [
  ['ERROR: ', 'error'],
  ['CRITICAL WARNING: ', 'warning'],
  ['WARNING: ', 'warning'],
  ['FATAL_ERROR: ', 'error'],
];
/** What xsim says while it runs; its kernel shouts. */
const RUN_LEVELS: readonly (readonly [string, Severity])[] = [
  ['ERROR: ', 'error'],
  ['FATAL_ERROR: ', 'error'],
  ['FATAL: ', 'error'],
  ['FAILURE: ', 'error'],
  ['Error: ', 'error'],
  ['Warning: ', 'warning'],
  ['Fatal: ', 'error'],
  ['Failure: ', 'error'],
  ['Note: ', 'info'],
  ['Info: ', 'info'],
];
const HDL_LINE = 'HDL Line: ';
/** `[Common 17-69] Command failed` and its kin sum up what was said before. */
const SUMMARIES = new Set(['Common 17-69', 'Common 17-39', 'XSIM 43-3321', 'USF-XSim-62', 'Vivado 12-4473']);

export function createVivadoParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  const licence = new LicenceWatch(sink);
  let errors = 0;
  /** behind a time without a place: blank lines and `File:` may stand before `HDL Line:` */
  let placeMayFollow = false;

  function toolLine(text: string): boolean {
    for (const [word, severity] of LEVELS) {
      if (!text.startsWith(word)) continue;
      pending.flush();
      const found = readToolMessage(text.slice(word.length), severity);
      if (word.startsWith('CRITICAL')) found.message = `critical: ${found.message}`;
      // a summary without anything before it is the only thing known
      if (found.code !== undefined && SUMMARIES.has(found.code) && errors > 0) return true;
      if (severity === 'error') errors++;
      pending.start(found);
      return true;
    }
    return false;
  }

  function runLine(text: string): boolean {
    if (text.indexOf(': ') > 11) return false;
    for (const [word, severity] of RUN_LEVELS) {
      if (!text.startsWith(word) || countedAsZero(text, 0) === true) continue;
      pending.start({
        tool: TOOL,
        severity,
        ...(word.toLowerCase().startsWith('fatal') ? { code: 'FATAL' } : {}),
        message: text.slice(word.length).trim(),
      });
      if (severity === 'error') errors++;
      return true;
    }
    return false;
  }

  /** `Time: 10 ns  Iteration: 0  Process: /tb/…  Scope: tb.u  File: /w/tb.sv Line: 12` */
  function timeLine(text: string): void {
    const held = pending.current;
    if (held === null) return;
    const time = /^Time: (\S+ \S+)/.exec(text)?.[1];
    const scope = (/\bScope: (\S+)/.exec(text) ?? /\bProcess: (\S+)/.exec(text))?.[1];
    const from = text.indexOf(' File: ');
    // of an assertion without a blank behind it
    const to = from === -1 ? -1 : text.indexOf(' Line:', from);
    if (time !== undefined) held.time = time;
    if (scope !== undefined) held.scope = scope;
    // without a line at least the file; a line that follows knows better
    const file = from === -1 ? '' : text.slice(from + 7, to === -1 ? undefined : to).trim();
    if (file !== '')
      Object.assign(
        held,
        placeFields({ file, line: (to !== -1 && Number.parseInt(text.slice(to + 6), 10)) || 0, next: 0 }),
      );
    // the kernel names file and line in lines of their own
    if (to !== -1) pending.flush();
    else placeMayFollow = true;
  }

  /** `HDL Line: /w/src/store.sv:366` */
  function hdlLine(text: string): void {
    const place = colonPlace(`${text.slice(HDL_LINE.length).trim()}:`);
    if (pending.current !== null && place !== null) Object.assign(pending.current, placeFields(place));
    pending.flush();
  }

  return {
    line(text) {
      const first = text.charCodeAt(0);
      if (text.startsWith('Time: ') && pending.current !== null) {
        timeLine(text);
        return;
      }
      if (first === 72 && text.startsWith(HDL_LINE) && pending.current !== null) {
        hdlLine(text);
        return;
      }
      if (placeMayFollow && pending.current !== null) {
        if (/^\s*(?:File: .*)?$/.test(text)) return;
        pending.flush();
      }
      placeMayFollow = false;
      if (licence.line(text)) return;
      // C E F W
      if ((first === 67 || first === 69 || first === 70 || first === 87) && text.includes(': [') && toolLine(text))
        return;
      if (first === SPACE && pending.current !== null) {
        pending.append(text.trim());
        return;
      }
      if (pending.current !== null) pending.flush();
      if (text.startsWith('$finish called at time')) {
        sink.facts.finishLines++;
        return;
      }
      if (text.startsWith('$stop called at time')) {
        sink.facts.stopLines++;
        return;
      }
      // with a time behind it, which a bench's own line does not have
      if ((first >= 69 && first <= 87 && runLine(text)) || readBenchLine(text, TOOL, sink)) return;
      if (text.startsWith('Abnormal program termination') || text.startsWith('# An unexpected error has occurred'))
        sink.facts.fatalLines++;
    },
    end() {
      pending.flush();
    },
  };
}

/** `[Synth 8-439] text [/w/top.sv:12]`; the place may be missing or hold no line. */
function readToolMessage(text: string, severity: Severity): { -readonly [K in keyof Diagnostic]: Diagnostic[K] } {
  const close = text.startsWith('[') ? text.indexOf('] ') : -1;
  const code = close === -1 ? undefined : text.slice(1, close);
  let message = close === -1 ? text : text.slice(close + 2);
  let place: ReturnType<typeof colonPlace> = null;
  const open = message.lastIndexOf('[');
  if (open !== -1 && message.trimEnd().endsWith(']')) {
    const inside = message.slice(open + 1, message.trimEnd().length - 1).replaceAll('"', '');
    place = colonPlace(`${inside}:`);
    if (place !== null) message = message.slice(0, open);
  }
  return {
    tool: TOOL,
    severity,
    ...(code === undefined ? {} : { code }),
    message: message.trim(),
    ...(place === null ? {} : placeFields(place)),
  };
}
