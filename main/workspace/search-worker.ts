// Worker thread of find in files: a person's pattern may backtrack for ever, here it stops nobody.
import { statSync } from 'node:fs';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { SearchMatch } from '@genrtl/contracts/workspace.ts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { serveCalls } from '../workers/serve-calls.ts';
import { listFiles } from './list-files.ts';
import { isLocked } from './contained-path.ts';
import { overtaken } from './search-turn.ts';
import type { Turn } from './search-turn.ts';
import type { Replaced, SearchQuery } from './file-search.ts';
import { readRegularSync } from '@genrtl/disk/regular-file.ts';

const MAX_MATCHES = 2000;
const MAX_BYTES = 32 * 1024 * 1024;
const CONTEXT = 120;

function patternOf({ text, regex, match_case, whole_word }: SearchQuery): RegExp {
  const source = regex ? text : text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  try {
    return new RegExp(whole_word ? `\\b(?:${source})\\b` : source, match_case ? 'gmu' : 'gimu');
  } catch (cause) {
    throw new GenrtlError('REQUEST_INVALID', `${JSON.stringify(text.slice(0, 80))} is no regular expression.`, {
      hint: 'Correct it, or switch regular expressions off.',
      cause,
    });
  }
}

/** `*.sv, tb/` → names that end or paths that contain one of the parts. */
function included(include: string): (file: string) => boolean {
  const parts = include
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const patterns = parts.map(
    (part) =>
      new RegExp(
        part
          .split('*')
          .map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^/]*') + (part.includes('*') ? '$' : ''),
        'i',
      ),
  );
  return (file) => patterns.length === 0 || patterns.some((pattern) => pattern.test(file));
}

function* matchesIn(file: string, text: string, pattern: RegExp): Generator<SearchMatch> {
  let line = 1;
  let lineStart = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    for (
      let next = text.indexOf('\n', lineStart);
      next !== -1 && next < match.index;
      next = text.indexOf('\n', lineStart)
    ) {
      line += 1;
      lineStart = next + 1;
    }
    const lineEnd = text.indexOf('\n', match.index);
    const end = Math.min(match.index + match[0].length, lineEnd === -1 ? text.length : lineEnd);
    const from = Math.max(lineStart, match.index - CONTEXT);
    const to = Math.min(lineEnd === -1 ? text.length : lineEnd, end + CONTEXT);
    yield {
      path: file,
      line,
      column: match.index - lineStart + 1,
      text: text.slice(from, to),
      start: match.index - from,
      end: end - from,
    };
  }
}

/** Nothing else waits for this thread, and a promise for each of thousands of files costs twenty times the reading. */
function bytesOf(file: string): Buffer | null {
  try {
    return statSync(file).size > MAX_BYTES ? null : readRegularSync(file);
  } catch {
    return null;
  }
}

async function search(workspace: string, query: SearchQuery, turn: Turn): Promise<IpcResponse<'workspace.search'>> {
  const pattern = patternOf(query);
  const wanted = included(query.include);
  const matches: SearchMatch[] = [];
  let searched = 0;
  for (const file of (await listFiles(workspace)).files.filter(wanted)) {
    if (Atomics.load(turn.newest, 0) !== turn.mine) throw overtaken();
    const bytes = bytesOf(path.join(workspace, file));
    if (bytes === null || bytes.subarray(0, 8192).includes(0)) continue;
    searched += 1;
    for (const match of matchesIn(file, bytes.toString('utf8'), pattern)) {
      if (matches.length === MAX_MATCHES) return { matches, files: searched, truncated: true };
      matches.push(match);
    }
  }
  return { matches, files: searched, truncated: false };
}

/** `replacement` has `$1` for groups where the query is a regular expression, else it stands as it is. */
async function replace(workspace: string, query: SearchQuery, replacement: string, turn: Turn): Promise<Replaced> {
  const { matches, truncated } = await search(workspace, query, turn);
  if (truncated)
    throw new GenrtlError('REQUEST_INVALID', `There are more than ${MAX_MATCHES} hits.`, {
      hint: 'Name the files, or search for more of the text.',
    });
  const pattern = patternOf(query);
  const paths = [...new Set(matches.map(({ path: file }) => file))];
  const files: Replaced['files'][number][] = [];
  let places = 0;
  for (const file of paths.filter((one) => !isLocked(one))) {
    const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(readRegularSync(path.join(workspace, file)));
    places += before.match(pattern)?.length ?? 0;
    files.push({
      path: file,
      before,
      text: query.regex ? before.replace(pattern, replacement) : before.replace(pattern, () => replacement),
    });
  }
  return { files, places, locked: paths.filter(isLocked) };
}

serveCalls({ ready: () => Promise.resolve(), search, replace });
