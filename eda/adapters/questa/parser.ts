// Reads what vlog, vcom, vopt and vsim print: `** Level[ (suppressible)]: …` in its several orders, behind `# ` in
// transcripts.
// Formats as documented and as seen in published logs.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import {
  isPath,
  LicenceWatch,
  parenPlace,
  PendingDiagnostic,
  placeFields,
  readBenchLine,
} from '../../parsing/index.ts';

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

/**
 * `** while parsing file included at src/top.sv(3)`, `** while parsing macro expansion: 'X' starting at src/x.svh(9)`
 */
const WHILE = '** while parsing ';
const AT = '** at ';

export function createQuestaParser(sink: ParserSink): LogParser {
  const pending = new PendingDiagnostic(sink);
  const licence = new LicenceWatch(sink);
  /** the text and place of a message follow behind the ways that led there */
  let chained = false;

  function flush(): void {
    const held = pending.current;
    if (chained && held?.message === '') {
      // the log was cut before the text came: the way there is all that is known
      const way = held.related?.at(-1);
      Object.assign(held, { message: way?.message ?? 'while parsing', file: way?.file, line: way?.line });
    }
    chained = false;
    pending.flush();
  }

  /** The text behind `** `; code and place come in either order, or not at all. */
  function message(text: string): void {
    const colon = text.indexOf(':');
    const level = (colon === -1 ? text : text.slice(0, colon)).replace(/ \((?:suppressible|suppressed)\)$/, '').trim();
    const severity = LEVELS[level];
    if (severity === undefined || colon === -1) return;
    const rest = text.slice(colon + 1).trimStart();
    if (level === 'Note' && rest.startsWith('$finish')) {
      sink.facts.finishLines++;
      return;
    }
    if (level === 'Note' && rest.startsWith('$stop')) {
      sink.facts.stopLines++;
      return;
    }
    const found = readPlaced(rest);
    const code = found.code ?? (level === 'Fatal' ? 'FATAL' : undefined);
    chained = found.message.startsWith(WHILE) || found.message.startsWith(AT);
    pending.start({
      tool: TOOL,
      severity,
      ...(code === undefined ? {} : { code }),
      message: chained ? '' : found.message,
      ...(found.place === null ? {} : placeFields(found.place)),
    });
    if (chained) link(found.message);
  }

  /** A way on which the compiler came to a place, or at last the place itself with the text. */
  function link(text: string): void {
    const held = pending.current;
    if (held === null) return;
    if (text.startsWith(WHILE)) {
      const at = text.lastIndexOf(' at ');
      const place = at === -1 ? null : parenPlace(text, at + 4);
      if (place !== null)
        pending.relate(
          place.file,
          place.line,
          text
            .slice(3, at)
            .replace(/ starting$/, '')
            .trim(),
        );
      return;
    }
    const found = readPlaced(text.slice(AT.length));
    chained = false;
    held.message = found.message;
    if (found.code !== undefined) held.code = found.code;
    if (found.place !== null) Object.assign(held, placeFields(found.place));
  }

  /** `# Fatal error in Process ctrl at /w/src/ctrl.vhd line 46`, `# Stopped at /w/src/ctrl.vhd 46 Process ctrl` */
  function fatalPlace(text: string): boolean {
    const held = pending.current;
    if (held === null) return false;
    if (text.trim() === '' || text.startsWith('HDL call sequence:')) return true;
    const at = text.startsWith('Stopped at ') ? 11 : text.startsWith('Fatal error ') ? text.indexOf(' at ') + 4 : 0;
    if (at < 5) return false;
    const match = /^(.+?)(?: line)? (\d+)(?: .*)?$/.exec(text.slice(at));
    if (match?.[1] !== undefined && held.line === undefined)
      Object.assign(held, placeFields({ file: match[1], line: Number(match[2]), next: 0 }));
    return true;
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
    // where a fatal error stopped is said in the lines that follow
    if (held.severity !== 'error' || held.line !== undefined) flush();
  }

  return {
    line(raw) {
      const text = raw.charCodeAt(0) === HASH && raw.charCodeAt(1) === SPACE ? raw.slice(2) : raw;
      if (text.charCodeAt(0) === STAR && text.startsWith('** ')) {
        if (chained && (text.startsWith(WHILE) || text.startsWith(AT))) {
          link(text);
          return;
        }
        flush();
        if (!licence.line(text)) message(text.slice(3));
        return;
      }
      if (pending.current !== null) {
        if (text.charCodeAt(0) === SPACE) {
          continuation(text);
          return;
        }
        if (pending.current.time !== undefined && fatalPlace(text)) return;
        flush();
      }
      if (licence.line(text) || readBenchLine(text, TOOL, sink)) return;
      if (text.startsWith('Error loading design') || text.startsWith('** INTERNAL ERROR')) sink.facts.fatalLines++;
    },
    end() {
      flush();
    },
  };
}

/** Code, place and text of a message; the first two stand in either order, or not at all. */
function readPlaced(text: string): { code?: string; place: ReturnType<typeof parenPlace>; message: string } {
  let rest = text;
  let code = CODE.exec(rest);
  if (code !== null) rest = rest.slice(code[0].length);
  let place = parenPlace(rest);
  // a place stands at the start: "value (3) is" is none
  if (place !== null && (!/\.\w+$/.test(place.file) || !isPath(place.file))) place = null;
  if (place !== null) rest = rest.slice(place.next);
  if (code === null) {
    code = CODE.exec(rest);
    if (code !== null) rest = rest.slice(code[0].length);
  }
  return { ...(code?.[1] === undefined ? {} : { code: code[1] }), place, message: rest.trim() };
}

const FIELDS = [
  'Time',
  'Iteration',
  'Process',
  'Protected',
  'Scope',
  'Instance',
  'File',
  'Line',
  'Region',
  'Started',
  'Expr',
];

/** The text between `Name: ` and the next field's name. */
function fieldOf(text: string, name: string): string | undefined {
  const at = text.startsWith(`${name}: `) ? 0 : text.indexOf(` ${name}: `);
  if (at === -1) return undefined;
  const start = text.indexOf(': ', at) + 2;
  const ends = FIELDS.map((field) => text.indexOf(` ${field}: `, start)).filter((end) => end !== -1);
  return text.slice(start, Math.min(text.length, ...ends)).trim();
}
