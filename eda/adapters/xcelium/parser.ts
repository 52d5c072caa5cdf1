// Reads what xrun and its parts print: `xmvlog: *E,CODE (file,line|column): text`. The marked source line stands before
// it.
// Formats as documented and as seen in published logs; the older ncvlog, ncelab and ncsim print the same.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { LicenceWatch, PendingDiagnostic, placeFields, readBenchLine, readNumber } from '../../parsing/index.ts';

const TOOL = 'xcelium';
const LEVELS: Readonly<Record<string, Severity>> = { E: 'error', F: 'error', W: 'warning', N: 'info', S: 'error' };
const MAX_PLACE = 1024;
/** Codes of lines that only sum up what was said before. */
const SUMMARIES = new Set(['VLGERR', 'ELBERR', 'RNQUIE', 'SVEXPERR', 'VLGEXP']);

export function createXceliumParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  const licence = new LicenceWatch(sink);
  let wantsText = false;

  /** `tool: *L,CODE …` with the star at `star`. */
  function message(text: string, star: number): boolean {
    const severity = LEVELS[text.charAt(star + 1)];
    if (severity === undefined || text.charAt(star + 2) !== ',') return false;
    const code = /^[A-Z0-9_]+/.exec(text.slice(star + 3, star + 19))?.[0];
    if (code === undefined) return false;
    pending.flush();
    if (SUMMARIES.has(code)) return true;
    let rest = text.slice(star + 3 + code.length).trimStart();
    const place = rest.startsWith('(') ? commaPlace(rest) : null;
    if (place !== null) rest = rest.slice(place.next);
    rest = rest.replace(/^:\s*/, '');
    const time = /^\(time ([^)]*)\)\s*\.?\s*/.exec(rest);
    if (time !== null) rest = rest.slice(time[0].length);
    const scope = /\b[Aa]ssertion (\S+) has failed/.exec(rest)?.[1];
    pending.start({
      tool: TOOL,
      severity,
      code,
      message: rest.trim(),
      ...(place === null ? {} : placeFields(place)),
      ...(time?.[1] === undefined ? {} : { time: time[1].trim() }),
      ...(scope === undefined ? {} : { scope }),
    });
    // $error and its kin put their text on the next line
    wantsText = rest.trim() === '';
    return true;
  }

  return {
    line(text) {
      if (wantsText) {
        wantsText = false;
        pending.append(text.trim());
        pending.flush();
        return;
      }
      const star = text.indexOf(': *');
      if (star > 0 && star < 12 && message(text, star + 2)) return;
      if (pending.current !== null) {
        // "(file: …" and "|" continuation lines name the instance
        const instance = /^\s*(?:In instance|Instance|Scope):?\s+(\S+)/.exec(text);
        if (instance?.[1] !== undefined) {
          pending.current.scope = instance[1];
          return;
        }
        pending.flush();
      }
      if (licence.line(text)) return;
      if (text.startsWith('Simulation complete via $finish')) {
        sink.facts.finishLines++;
        return;
      }
      if (
        text.startsWith('Simulation stopped via $stop') ||
        text.startsWith('Simulation complete via implicit call to $finish') ||
        text.startsWith('Simulation interrupted')
      ) {
        sink.facts.stopLines++;
        return;
      }
      readBenchLine(text, TOOL, sink);
    },
    end() {
      pending.flush();
    },
  };
}

/** `(./tb.sv,12|4)`; a folder's name may hold parentheses and commas of its own. */
function commaPlace(text: string): { file: string; line: number; column?: number; next: number } | null {
  for (let close = text.indexOf(')'); close !== -1 && close < MAX_PLACE; close = text.indexOf(')', close + 1)) {
    const comma = text.lastIndexOf(',', close);
    const line = comma < 2 ? null : readNumber(text, comma + 1);
    if (line === null) continue;
    const place = { file: text.slice(1, comma), line: line.value, next: close + 1 };
    if (line.next === close) return place;
    const column = text.charAt(line.next) === '|' ? readNumber(text, line.next + 1) : null;
    // columns count from 0
    if (column?.next === close) return { ...place, column: column.value + 1 };
  }
  return null;
}
