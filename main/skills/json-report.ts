// JSON reports: parsed with the position of every value, so that a metric can name its line.
import { stat } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { readRegular } from '@genrtl/disk/regular-file.ts';

const MAX_JSON_BYTES = 4 * 1024 * 1024;

export interface JsonReport {
  readonly value: unknown;
  /** value and line at an RFC 6901 pointer; null when nothing is there */
  at(pointer: string): { readonly value: unknown; readonly line: number; readonly text: string } | null;
}

/** Throws an Error with a plain sentence when the file is no JSON or too large for a report. */
export async function readJsonReport(file: string): Promise<JsonReport> {
  if ((await stat(file)).size > MAX_JSON_BYTES) throw new Error('the JSON report is larger than 4 MiB');
  const source = await readRegular(file, 'utf8');
  const value: unknown = JSON.parse(source);
  let positions: { document: ReturnType<typeof parseDocument>; lines: LineCounter; rows: string[] } | null = null;
  return {
    value,
    at: (pointer) => {
      const keys = pointer
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
      let found: unknown = value;
      for (const key of keys) {
        if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return null;
        found = (found as Record<string, unknown>)[key];
      }
      if (positions === null) {
        // JSON is YAML 1.2; its parser keeps positions, JSON.parse does not
        const lines = new LineCounter();
        positions = {
          document: parseDocument(source, { lineCounter: lines, schema: 'json', logLevel: 'silent' }),
          lines,
          rows: source.split('\n'),
        };
      }
      let place: readonly (string | number)[] = keys;
      const walked: (string | number)[] = [];
      let cursor: unknown = value;
      for (const key of keys) {
        walked.push(Array.isArray(cursor) ? Number(key) : key);
        cursor = (cursor as Record<string, unknown>)[key];
      }
      place = walked;
      const node: unknown = positions.document.getIn(place, true);
      const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
      const { line } = positions.lines.linePos(offset);
      return {
        value: found,
        line: Math.max(line, 1),
        text: (positions.rows[Math.max(line, 1) - 1] ?? '').trim().slice(0, 400),
      };
    },
  };
}
