// Lines that testbenches print, whatever simulator runs them: PASS, FAIL signal=… time=…, plain ERROR/FATAL, UVM
// reports.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import type { ParserSink } from '../adapter.ts';
import { parenPlace, placeFields } from './location.ts';
import { countedAsZero } from './tally.ts';

const P = 80,
  E = 69,
  F = 70,
  U = 85,
  SMALL_F = 102,
  A = 65,
  S = 83;

/**
 * Reads one line of simulation output; true when it was a bench's own statement.
 * The rule of a pass (a line that starts with PASS, no FAIL, no ERROR or FATAL) is the project's own.
 */
export function readBenchLine(text: string, tool: string, sink: ParserSink): boolean {
  const first = text.charCodeAt(0);
  if (first === U && text.startsWith('UVM_')) return readUvm(text, tool, sink);
  const fail = failIndex(text);
  if (fail !== -1) {
    sink.facts.failLines++;
    sink.report(failDiagnostic(text.slice(fail).trimEnd(), text.trim(), tool));
    return true;
  }
  if (first === P) {
    if (!text.startsWith('PASS')) return false;
    // `PASS: 0  FAIL: 0` says that nothing was checked
    if (countedAsZero(text, 0) !== true) sink.facts.passLines++;
    return true;
  }
  if ((first === E && text.startsWith('ERROR')) || (first === F && text.startsWith('FATAL'))) {
    const next = text.charCodeAt(5);
    if (isWordCode(next)) return false;
    if (countedAsZero(text, 0) !== true) sink.report({ tool, severity: 'error', message: text.trim() });
    return true;
  }
  if (first === SMALL_F || first === A || first === S) return readVunit(text, tool, sink);
  return false;
}

/**
 * VUnit's report: `fail lib.tb.test (1.2 seconds)` for each test, `fail 1 of 3`, `All passed!` or `Some failed!` at
 * the end.
 */
function readVunit(text: string, tool: string, sink: ParserSink): boolean {
  if (text.startsWith('All passed!')) {
    sink.facts.passLines++;
    return true;
  }
  const test = text.startsWith('fail ') ? /^fail (\S+) \(.*\bseconds\)\s*$/.exec(text)?.[1] : undefined;
  if (test === undefined && !text.startsWith('Some failed!')) return false;
  sink.facts.failLines++;
  sink.report({
    tool,
    severity: 'error',
    code: 'FAIL',
    message: text.trim(),
    ...(test === undefined ? {} : { scope: test }),
  });
  return true;
}

/** Index of the word FAIL (FAILED, FAILURE …) that no letter, digit or `_` precedes and no zero counts, or -1. */
function failIndex(text: string): number {
  for (let at = text.indexOf('FAIL'); at !== -1; at = text.indexOf('FAIL', at + 4)) {
    if ((at === 0 || !isWordCode(text.charCodeAt(at - 1))) && countedAsZero(text, at) !== true) return at;
  }
  return -1;
}

const isWordCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

function failDiagnostic(statement: string, message: string, tool: string): Diagnostic {
  const time = fieldOf(statement, 'time=');
  return {
    tool,
    severity: 'error',
    code: 'FAIL',
    message,
    ...(time === undefined ? {} : { time: timeWithUnit(time) }),
  };
}

function fieldOf(text: string, key: string): string | undefined {
  const at = text.indexOf(` ${key}`);
  if (at === -1) return undefined;
  const start = at + 1 + key.length;
  let end = start;
  while (end < text.length && !' \t,;'.includes(text.charAt(end))) end++;
  return end > start ? text.slice(start, end) : undefined;
}

/** "125" → "125 ns" (the unit of the FAIL line), "1.5us" → "1.5 us". */
function timeWithUnit(text: string): string {
  const match = /^(\d[\d.]*)([munpf]?s)?$/.exec(text);
  return match ? `${match[1] ?? ''} ${match[2] ?? 'ns'}` : text;
}

/** Signal and time of a FAIL diagnostic, as its line named them. */
export function failureOf(diagnostic: Diagnostic): { signal?: string; time?: string; message: string } {
  const signal = diagnostic.code === 'FAIL' ? fieldOf(diagnostic.message, 'signal=') : undefined;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(diagnostic.time === undefined ? {} : { time: diagnostic.time }),
    message: diagnostic.message,
  };
}

const UVM_SEVERITY: Readonly<Record<string, Severity>> = {
  UVM_FATAL: 'error',
  UVM_ERROR: 'error',
  UVM_WARNING: 'warning',
  UVM_INFO: 'info',
};

/**
 * `UVM_ERROR [file(line)] @ time: scope [ID] text`, as the default report server of UVM 1.1 to 1800.2-2020 composes it,
 * and the counts of its summary (`UVM_ERROR :    0`).
 */
function readUvm(text: string, tool: string, sink: ParserSink): boolean {
  let end = 4;
  while (isWordCode(text.charCodeAt(end))) end++;
  const word = text.slice(0, end);
  const severity = UVM_SEVERITY[word];
  if (severity === undefined) return false;
  const rest = text.slice(end).trim();
  if (rest.startsWith(':')) {
    const count = Number.parseInt(rest.slice(1), 10);
    if (Number.isNaN(count)) return false;
    // a log may hold several runs: the worst of them counts
    sink.facts.own[`summary.${word}`] = Math.max(count, sink.facts.own[`summary.${word}`] ?? 0);
    return true;
  }
  const at = rest.startsWith('@') ? 0 : rest.indexOf(' @ ') + 1;
  if (at === 0 && !rest.startsWith('@')) return false;
  const place = at > 0 ? parenPlace(rest.slice(0, at)) : null;
  const body = rest.slice(at + 1).trim();
  const colon = body.indexOf(':');
  if (colon === -1) return false;
  const open = body.indexOf('[', colon);
  const close = open === -1 ? -1 : body.indexOf(']', open);
  const scope = body.slice(colon + 1, open === -1 ? undefined : open).trim();
  const code = close === -1 ? undefined : body.slice(open + 1, close);
  sink.report({
    tool,
    severity,
    ...(code ? { code } : {}),
    message: close === -1 ? body.slice(colon + 1).trim() : body.slice(close + 1).trim(),
    ...(place ? placeFields(place) : {}),
    ...(scope && close !== -1 ? { scope } : {}),
    time: body.slice(0, colon).trim(),
  });
  return true;
}
