// Reads `.f` files as the simulators do, so that every tool gets the same explicit list, also those without `-f`.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';

export interface Filelist {
  readonly sources: string[];
  readonly includeDirs: string[];
  readonly defines: Record<string, string | null>;
}

const MAX_DEPTH = 16;

/**
 * Paths inside stay as they are: relative to the tools' working directory, not to the list (`-f`), or relative to the
 * list for lists named by `-F`. Understood: file names, `+incdir+`, `+define+`, `-I`, `-D`, `-f`, `-F`, `//`, `#` and
 * block comments, quotes, environment variables not. Other options are refused: they would mean different things to
 * different tools.
 */
export async function readFilelists(workspace: string, paths: readonly string[]): Promise<Filelist> {
  const list: Filelist = { sources: [], includeDirs: [], defines: {} };
  for (const path of paths) await readInto(list, workspace, path, '', 0);
  return list;
}

async function readInto(list: Filelist, workspace: string, path: string, base: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) throw new GenrtlError('USAGE', `The file list ${path} includes itself.`);
  let text: string;
  try {
    text = await readFile(resolve(workspace, path), 'utf8');
  } catch (cause) {
    throw new GenrtlError('USAGE', `The file list ${path} cannot be read.`, {
      hint: 'Check its path; it is relative to the workspace root.',
      cause,
    });
  }
  const words = filelistWords(text);
  const place = (name: string): string => (base === '' || name.startsWith('/') ? name : `${base}/${name}`);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '-f' || word === '-F') {
      const name = place(words[++index] ?? '');
      const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
      await readInto(list, workspace, name, word === '-F' ? folder : base, depth + 1);
    } else if (word.startsWith('+incdir+')) {
      list.includeDirs.push(
        ...word
          .slice(8)
          .split('+')
          .filter((dir) => dir !== '')
          .map(place),
      );
    } else if (word.startsWith('-I')) {
      list.includeDirs.push(place(word === '-I' ? (words[++index] ?? '') : word.slice(2)));
    } else if (word.startsWith('+define+')) {
      for (const define of word.slice(8).split('+')) addDefine(list, define);
    } else if (word.startsWith('-D')) {
      addDefine(list, word.slice(2));
    } else if (word.startsWith('-') || word.startsWith('+')) {
      throw new GenrtlError('USAGE', `The file list ${path} holds the option ${word}, which is not portable.`, {
        hint: 'Keep file names, +incdir+, +define+, -I, -D, -f and -F in file lists, and give other options to the tool.',
      });
    } else {
      list.sources.push(place(word));
    }
  }
}

function addDefine(list: Filelist, text: string): void {
  if (text === '') return;
  const equals = text.indexOf('=');
  if (equals === -1) list.defines[text] = null;
  else list.defines[text.slice(0, equals)] = text.slice(equals + 1);
}

/** Words separated by white space; quotes keep blanks; comments go. */
function filelistWords(text: string): string[] {
  const words: string[] = [];
  let index = text.startsWith('\ufeff') ? 1 : 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (/\s/.test(char)) {
      index++;
      continue;
    }
    if (char === '#' || text.startsWith('//', index)) {
      index = endOf(text, '\n', index);
      continue;
    }
    if (text.startsWith('/*', index)) {
      index = endOf(text, '*/', index) + 2;
      continue;
    }
    let word = '';
    while (index < text.length && !/\s/.test(text.charAt(index))) {
      if (text.charAt(index) === '"') {
        const close = endOf(text, '"', index + 1);
        word += text.slice(index + 1, close);
        index = close + 1;
      } else {
        word += text.charAt(index++);
      }
    }
    words.push(word);
  }
  return words;
}

function endOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
}
