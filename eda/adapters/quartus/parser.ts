// Reads what Quartus prints: `Error (10161): Verilog HDL error at f(l): text File: p Line: n`, the suffix sometimes
// absent.
// Formats as documented and as seen in published logs.
import type { Severity } from '@genrtl/contracts';
import type { LogParser, ParserSink } from '../../adapter.ts';
import { isPath, LicenceWatch, parenPlace, placeFields } from '../../parsing/index.ts';

const TOOL = 'quartus';
const LEVEL = /^\s*(Error|Critical Warning|Warning|Info|Internal Error)(?: ?\((\d+)\))?: (.*)$/;
/** `Quartus Prime Analysis & Synthesis was unsuccessful. 3 errors, 1 warning` and the resource lines below it. */
const SUMMARY =
  /was (?:un)?successful\b|^Peak virtual memory|^Processing ended|^Elapsed time|^Total CPU time|^Can't elaborate top-level user hierarchy|^Quartus Prime .* Compilation/;

const SEVERITY: Readonly<Record<string, Severity>> = {
  Error: 'error',
  'Internal Error': 'error',
  'Critical Warning': 'warning',
  Warning: 'warning',
  Info: 'info',
};

export function createQuartusParser(sink: ParserSink): LogParser {
  const licence = new LicenceWatch(sink);
  let errors = 0;
  return {
    line(text) {
      const first = text.charCodeAt(0);
      // blank, C, E, I, W
      if (first !== 32 && first !== 67 && first !== 69 && first !== 73 && first !== 87) {
        licence.line(text);
        return;
      }
      // progress without a place is most of a log
      if (isProgress(text)) return;
      const match = licence.line(text) ? null : LEVEL.exec(text);
      if (match === null) return;
      const [, level = '', number, rest = ''] = match;
      const severity = SEVERITY[level];
      if (severity === undefined) return;
      if (rest.includes('was successful')) sink.facts.own['successful'] = (sink.facts.own['successful'] ?? 0) + 1;
      if (level === 'Internal Error') sink.facts.fatalLines++;
      if (SUMMARY.test(rest) && (severity !== 'error' || errors > 0)) return;
      const suffix = fileSuffix(rest);
      const message = suffix === null ? rest : rest.slice(0, suffix.start);
      // the suffix has the whole path, the text only the name
      const place = suffix === null ? placeInText(message) : { file: suffix.file, line: suffix.line, next: 0 };
      // talk about progress has no place and says nothing of the design
      if (severity === 'info' && place === null) return;
      if (severity === 'error') errors++;
      sink.report({
        tool: TOOL,
        severity,
        ...(number === undefined ? {} : { code: number }),
        message: level === 'Critical Warning' ? `critical: ${message.trim()}` : message.trim(),
        ...(place === null ? {} : placeFields(place)),
      });
    },
    end() {
      /* every finding is one line */
    },
  };
}

/**
 * `… error at my top.v(12) near text: …`; quoted text of the source may look like a place as well, so the first counts.
 */
function placeInText(message: string): ReturnType<typeof parenPlace> {
  const at = message.indexOf(' at ');
  const place = at === -1 ? null : parenPlace(message, at + 4);
  if (place === null) return null;
  // the words before may hold an `at` of their own
  const file = place.file.slice(place.file.lastIndexOf(' at ') + 1).replace(/^at /, '');
  return isPath(file) && !file.includes('"') ? { ...place, file } : null;
}

/** `Info` without a place: searched for by letters that are rare in a line, since most of a log is this. */
function isProgress(text: string): boolean {
  let at = 0;
  while (text.charCodeAt(at) === 32) at += 1;
  return (
    text.charCodeAt(at) === 73 &&
    text.startsWith('Info', at) &&
    !text.includes('File: ', at + 4) &&
    !text.includes('was successful', at + 4)
  );
}

/** `… File: /w/src/top.sv Line: 7` at the end of a message. */
function fileSuffix(text: string): { start: number; file: string; line: number } | null {
  const start = text.lastIndexOf('File: ');
  const at = start === -1 ? -1 : text.indexOf(' Line: ', start);
  if (at === -1) return null;
  const line = Number(text.slice(at + 7).trim());
  return Number.isInteger(line) && line > 0 ? { start, file: text.slice(start + 6, at), line } : null;
}
