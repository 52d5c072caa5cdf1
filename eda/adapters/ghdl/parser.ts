// Reads what GHDL prints while analysing and running. Formats as recorded from 2.0 and documented for 4.x.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { colonPlace, PendingDiagnostic, placeFields, readBenchLine } from '../../parsing/index.ts';

const TOOL = 'ghdl';
const SPACE = 32,
  STAR = 42;

/** `(report note)`, `(assertion error)` …: the severities of VHDL. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  note: 'info',
  warning: 'warning',
  error: 'error',
  failure: 'error',
};
const WORDS: readonly (readonly [string, Severity])[] = [
  ['error: ', 'error'],
  ['warning: ', 'warning'],
  ['note: ', 'info'],
];
/** How a bench ends itself by `severity failure` when all is well; whether all is, its other lines say. */
const END_BY_SEVERITY =
  /^(?:none\b[.:! ]*)?(?:(?:end|finish) of (?:the )?(?:simulation|sim|test ?bench|tests?)|(?:the )?(?:simulation|sim|test ?bench|tests?) (?:has |is |was |have |are )?(?:ended|finished|completed?|done|over|stopped)|(?:ended|finished|done)\b[.! ]*$)/i;
/** The end of a failed run, after the finding that caused it. */
const CONSEQUENCE = /^(?:simulation failed|report failed|assertion failed|compilation error|error during elaboration)$/;

/** Counts ends by the bench's own will other than `finish`: `stop`, `severity failure` with an end's text. */
export const END = 'ghdl.end';

export function createGhdlParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);

  function located(text: string): boolean {
    const place = colonPlace(text);
    if (place === null || place.column === undefined) return false;
    const rest = text.slice(place.next);
    pending.flush();
    if (rest.startsWith('@') && runTime(rest, place)) return true;
    for (const [word, severity] of WORDS) {
      if (rest.startsWith(word)) {
        pending.start({ tool: TOOL, severity, message: rest.slice(word.length), ...placeFields(place) });
        return true;
      }
    }
    pending.start({ tool: TOOL, severity: 'error', message: rest, ...placeFields(place) });
    return true;
  }

  /** `@32ns:(report note): text` */
  function runTime(rest: string, place: NonNullable<ReturnType<typeof colonPlace>>): boolean {
    const open = rest.indexOf(':(');
    const close = rest.indexOf('): ', open);
    if (open === -1 || close === -1) return false;
    const level = SEVERITY[rest.slice(rest.lastIndexOf(' ', close) + 1, close)];
    if (level === undefined) return false;
    const message = rest.slice(close + 3);
    const failure = rest.slice(rest.lastIndexOf(' ', close) + 1, close) === 'failure';
    if (failure && END_BY_SEVERITY.test(message.trim())) {
      sink.facts.own[END] = (sink.facts.own[END] ?? 0) + 1;
      return true;
    }
    if (failure && message.startsWith('PASS')) sink.facts.own[END] = (sink.facts.own[END] ?? 0) + 1;
    // what a bench reports is its own statement first: PASS, FAIL signal=… time=…
    if (
      readBenchLine(message, TOOL, {
        ...sink,
        facts: sink.facts,
        licence: () => undefined,
        report: (one) => sink.report({ ...one, ...placeFields(place), time: one.time ?? spaced(rest.slice(1, open)) }),
      })
    )
      return true;
    sink.report({ tool: TOOL, severity: level, message, ...placeFields(place), time: spaced(rest.slice(1, open)) });
    return true;
  }

  /**
   * `ghdl-mcode:error: text`, `ghdl: cannot find …`; with the LLVM and GCC back ends a run's messages bear the path of
   * the test bench's own executable: `./tb_top:error: text`.
   */
  function own(text: string): boolean {
    const colon = programEnd(text);
    if (colon === -1) return false;
    let message = text.slice(colon + 1).trim();
    const level = /^(?:error|warning|info|note|fatal): /.exec(message)?.[0];
    if (!/(?:^|[\\/])ghdl[\w.-]*$/i.test(text.slice(0, colon)) && level === undefined) return false;
    if (level !== undefined) message = message.slice(level.length).trim();
    pending.flush();
    if (level === 'info: ' || level === 'note: ') {
      if (message.includes('stopped')) sink.facts.stopLines++;
      return true;
    }
    if (CONSEQUENCE.test(message)) return true;
    const at = message.lastIndexOf(' at ');
    const place = at === -1 ? null : colonPlace(`${message.slice(at + 4)}:`);
    pending.start({
      tool: TOOL,
      severity: level === 'warning: ' ? 'warning' : 'error',
      message: place === null ? message : message.slice(0, at),
      ...(place === null ? {} : placeFields(place)),
    });
    return true;
  }

  return {
    line(text) {
      const first = text.charCodeAt(0);
      const held = pending.current;
      if (first === SPACE) {
        // `  from: process work.tb(sim).P1 at tb.vhd:13` places a run-time failure that had no place
        const at =
          held !== null && held.file === undefined && text.startsWith('  from: ') ? text.lastIndexOf(' at ') : -1;
        const place = at === -1 ? null : colonPlace(`${text.slice(at + 4)}:`);
        if (held !== null && place !== null) Object.assign(held, placeFields(place));
        return;
      }
      if (held !== null && text.startsWith('in process ')) {
        held.scope = text.slice(11).trim();
        return;
      }
      const colon = text.indexOf(':');
      if (colon !== -1 && (located(text) || own(text))) return;
      const end = /^simulation (finished|stopped) @(\d+[a-z]+)(?: with status (-?\d+))?/.exec(text);
      if (end !== null) {
        pending.flush();
        if (end[1] === 'finished') sink.facts.finishLines++;
        else sink.facts.own[END] = (sink.facts.own[END] ?? 0) + 1;
        // `finish(1)`: the bench's own word that something is wrong
        if (end[3] !== undefined && Number(end[3]) !== 0)
          sink.report({
            tool: TOOL,
            severity: 'error',
            message: `the simulation ended with status ${end[3]}`,
            time: spaced(end[2] ?? ''),
          });
        return;
      }
      if (held !== null) pending.flush();
      if (first === STAR && text.includes(' GHDL Bug occurred ')) {
        sink.facts.fatalLines++;
        sink.facts.internalErrors++;
      }
      readBenchLine(text, TOOL, sink);
    },
    end() {
      pending.flush();
    },
  };
}

/**
 * Index of the colon behind the name of a program that speaks for itself, or -1: GHDL's, or a path of an executable.
 */
function programEnd(text: string): number {
  const drive = text.charCodeAt(1) === 58 && (text.charCodeAt(2) === 92 || text.charCodeAt(2) === 47);
  const colon = text.indexOf(':', drive ? 2 : 0);
  // cheap for a bench's own talk
  const after = text.charCodeAt(colon + 1);
  if (colon === -1 || (after !== SPACE && !(after >= 101 && after <= 119) && after !== STAR)) return -1;
  const program = text.slice(0, colon);
  if (/(?:^|[\\/])ghdl[\w.-]*$/i.test(program)) return colon;
  return /^(?:\.{0,2}[\\/]|[A-Za-z]:[\\/]|[\w.-]+[\\/])/.test(program) || /\.exe$/i.test(program) ? colon : -1;
}

/** "32ns" → "32 ns" */
const spaced = (time: string): string => time.replace(/^(\d+)([a-z]+)$/, '$1 $2');
