// Reads what GHDL prints while analysing and running. Formats as recorded from 2.0 and documented for 4.x.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { colonPlace, PendingDiagnostic, placeFields, readBenchLine } from '../../parsing/index.ts';

const TOOL = 'ghdl';
const SPACE = 32;

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
/** The end of a failed run, after the finding that caused it. */
const CONSEQUENCE = /^(?:simulation failed|report failed|assertion failed|compilation error|error during elaboration)$/;

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

  /** `ghdl-mcode:error: text`, `ghdl: cannot find …` */
  function own(text: string): boolean {
    const colon = text.indexOf(':');
    const program = text.slice(0, colon);
    if (!/(?:^|\/)ghdl[\w-]*$/.test(program)) return false;
    let message = text.slice(colon + 1).trim();
    const isInfo = message.startsWith('info: ');
    if (message.startsWith('error: ')) message = message.slice(7);
    pending.flush();
    if (isInfo && message.includes('stopped')) sink.facts.stopLines++;
    else if (!isInfo && CONSEQUENCE.test(message)) return true;
    else if (!isInfo) {
      const at = message.lastIndexOf(' at ');
      const place = at === -1 ? null : colonPlace(`${message.slice(at + 4)}:`);
      pending.start({ tool: TOOL, severity: 'error', message, ...(place === null ? {} : placeFields(place)) });
    }
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
      if (text.startsWith('simulation finished @')) {
        pending.flush();
        sink.facts.finishLines++;
        return;
      }
      if (text.startsWith('simulation stopped @')) {
        pending.flush();
        sink.facts.stopLines++;
        return;
      }
      if (held !== null) pending.flush();
      readBenchLine(text, TOOL, sink);
    },
    end() {
      pending.flush();
    },
  };
}

/** "32ns" → "32 ns" */
const spaced = (time: string): string => time.replace(/^(\d+)([a-z]+)$/, '$1 $2');
