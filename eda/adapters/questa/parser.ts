// Reads what vlog, vcom, vopt and vsim print: `** Level[ (suppressible)]: …` in its several orders, behind `# ` in
// transcripts.
// Formats as documented and as seen in published logs.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { LicenceWatch, parenPlace, PendingDiagnostic, placeFields, readBenchLine } from '../../parsing/index.ts';

const TOOL = 'questa';
const STAR = 42,
  HASH = 35,
  SPACE = 32;
const LEVELS: Readonly<Record<string, Severity>> = {
  Error: 'error',
  Fatal: 'error',
  Failure: 'error',
  Warning: 'warning',
  Note: 'info',
  Info: 'info',
  UVM_ERROR: 'error',
};
/** `(vlog-13069)`, `(vsim-FLI-3155)` */
const CODE = /^\(((?:v[a-z]+|sccom|qrun|qverify)-[\w-]+)\)\s*/;

export function createQuestaParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  const licence = new LicenceWatch(sink);

  /** The text behind `** `; code and place come in either order, or not at all. */
  function message(text: string): void {
    const colon = text.indexOf(':');
    const level = (colon === -1 ? text : text.slice(0, colon)).replace(/ \((?:suppressible|suppressed)\)$/, '').trim();
    const severity = LEVELS[level];
    if (severity === undefined || colon === -1) return;
    let rest = text.slice(colon + 1).trimStart();
    if (level === 'Note' && rest.startsWith('$finish')) {
      sink.facts.finishLines++;
      return;
    }
    if (level === 'Note' && rest.startsWith('$stop')) {
      sink.facts.stopLines++;
      return;
    }
    let code = CODE.exec(rest);
    if (code !== null) rest = rest.slice(code[0].length);
    let place = parenPlace(rest);
    // a place stands at the start and holds no blank-separated words: "value (3) is" is none
    if (place !== null && (/\s\S*\(/.test(rest.slice(0, place.next)) || !/\.\w+$/.test(place.file))) place = null;
    if (place !== null) rest = rest.slice(place.next);
    if (code === null) {
      code = CODE.exec(rest);
      if (code !== null) rest = rest.slice(code[0].length);
    }
    const name = code?.[1] ?? (level === 'Fatal' ? 'FATAL' : undefined);
    pending.start({
      tool: TOOL,
      severity,
      ...(name === undefined ? {} : { code: name }),
      message: rest.trim(),
      ...(place === null ? {} : placeFields(place)),
    });
  }

  /** `   Time: 10 ns  Iteration: 0  Scope: tb.u File: tb.sv Line: 12` */
  function continuation(text: string): void {
    const held = pending.current;
    if (held === null) return;
    const trimmed = text.trim();
    if (!trimmed.startsWith('Time: ')) {
      if (trimmed !== '' && !trimmed.startsWith('Region: ')) pending.append(trimmed);
      return;
    }
    const field = (name: string): string | undefined => fieldOf(trimmed, name);
    const time = field('Time');
    const scope = field('Scope') ?? field('Instance') ?? field('Process');
    const file = field('File');
    const line = Number(field('Line') ?? '0');
    if (time) held.time = time;
    if (scope) held.scope = scope;
    if (file && held.file === undefined) Object.assign(held, placeFields({ file, line, next: 0 }));
    pending.flush();
  }

  return {
    line(raw) {
      const text = raw.charCodeAt(0) === HASH && raw.charCodeAt(1) === SPACE ? raw.slice(2) : raw;
      if (text.charCodeAt(0) === STAR && text.startsWith('** ')) {
        pending.flush();
        if (!licence.line(text)) message(text.slice(3));
        return;
      }
      if (text.charCodeAt(0) === SPACE && pending.current !== null) {
        continuation(text);
        return;
      }
      if (pending.current !== null) pending.flush();
      if (licence.line(text) || readBenchLine(text, TOOL, sink)) return;
      if (text.startsWith('Error loading design') || text.startsWith('** INTERNAL ERROR')) sink.facts.fatalLines++;
    },
    end() {
      pending.flush();
    },
  };
}

const FIELDS = ['Time', 'Iteration', 'Process', 'Protected', 'Scope', 'Instance', 'File', 'Line', 'Region', 'Started'];

/** The text between `Name: ` and the next field's name. */
function fieldOf(text: string, name: string): string | undefined {
  const at = text.startsWith(`${name}: `) ? 0 : text.indexOf(` ${name}: `);
  if (at === -1) return undefined;
  const start = text.indexOf(': ', at) + 2;
  const ends = FIELDS.map((field) => text.indexOf(` ${field}: `, start)).filter((end) => end !== -1);
  return text.slice(start, Math.min(text.length, ...ends)).trim();
}
