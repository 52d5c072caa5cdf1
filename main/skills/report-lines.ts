// Reads reports line by line with bounds, since tools write what they like: line length, file size, encoding.
import { StringDecoder } from 'node:string_decoder';
import { regularChunks } from '@genrtl/disk/regular-file.ts';

/** Longer lines are cut: patterns stay fast, and no metric stands behind 4,000 columns. */
export const MAX_LINE = 4096;

export interface ReportLine {
  /** from 1 */
  readonly number: number;
  readonly text: string;
}

/**
 * Lines of a report; invalid UTF-8 becomes U+FFFD, a carriage return at the end is dropped. Stop iterating to stop
 * reading.
 */
export async function* reportLines(file: string): AsyncGenerator<ReportLine> {
  let number = 1;
  let rest = '';
  const decoder = new StringDecoder('utf8');
  for await (const bytes of regularChunks(file)) {
    const chunk = decoder.write(bytes);
    const parts = (rest + chunk).split('\n');
    rest = (parts.pop() ?? '').slice(0, MAX_LINE);
    for (const part of parts) {
      yield { number, text: part.slice(0, MAX_LINE).replace(/\r$/, '') };
      number += 1;
    }
  }
  rest += decoder.end();
  if (rest !== '') yield { number, text: rest.replace(/\r$/, '') };
}

/** A number as tools print it: sign, thousands separators, exponent. Null for anything else. */
export function parseReportNumber(text: string): number | null {
  const plain = text.trim().replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(plain) ? Number(plain) : null;
}
