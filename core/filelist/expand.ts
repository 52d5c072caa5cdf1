// Tools' file lists with the meaning that the tools give them: nested lists, include folders, defines, libraries. Pure;
// the caller reads. Paths come out relative to the workspace root, `../…` or absolute outside it.
import type { Diagnostic, Severity } from '@genrtl/contracts';
import { folderOf, joined } from './includes.ts';
import { filelistWords } from './words.ts';

export interface FilelistHost {
  /** text of a list; null: it cannot be read */
  read(path: string): Promise<string | null>;
  exists(path: string): Promise<boolean>;
  variable(name: string): string | undefined;
}

export interface ListedSource {
  readonly path: string;
  /** VHDL library by `-work` or `-makelib`; null: none is named */
  readonly library: string | null;
  /** where it is named */
  readonly list: string;
  readonly line: number;
}

export interface ExpandedFilelist {
  /** in order, each once */
  readonly sources: readonly ListedSource[];
  readonly includeDirs: readonly string[];
  /** null: defined without a value */
  readonly defines: Readonly<Record<string, string | null>>;
  /** `-y` */
  readonly libraryDirs: readonly string[];
  /** `-v` */
  readonly libraryFiles: readonly string[];
  /** with their dots; empty: the tools' own default */
  readonly libraryExtensions: readonly string[];
  /** every list that was read */
  readonly lists: readonly string[];
  /** errors: unreadable lists, loops, unset variables; warnings: options that were passed over, guesses */
  readonly notes: readonly Diagnostic[];
}

export interface ListRequest {
  readonly path: string;
  /** what relative paths of the list (`-f`) are relative to; default: the root */
  readonly folder?: string;
}

const MAX_DEPTH = 32;
/** Options of simulators that say nothing of files, defines or libraries; with the number of words behind them. */
const PASSED_OVER: ReadonlyMap<string, number> = new Map([
  ...['-sv', '-sverilog', '-sysv', '-vlog01compat', '-mfcu', '-64', '-full64', '-quiet', '-v2k', '+v2k', '-nologo'].map(
    (option) => [option, 0] as const,
  ),
  ...['-timescale', '-l', '-o', '-L', '-Lf', '-top', '-s', '-top-module', '--top-module', '-suppress', '-nowarn'].map(
    (option) => [option, 1] as const,
  ),
]);

/**
 * `-f`: paths in the list are relative to the tool's folder; `-F`: to the list's own. Where nothing lies there but does
 * at the other place, that is taken and said. Never throws.
 */
export async function expandFilelists(lists: readonly ListRequest[], host: FilelistHost): Promise<ExpandedFilelist> {
  const run = new Expansion(host);
  for (const { path, folder } of lists)
    await run.read({ path, base: folder ?? '.', tool: folder ?? '.', chain: [], at: null });
  return run.result();
}

interface Visit {
  readonly path: string;
  /** folder of relative paths */
  readonly base: string;
  /** folder that the tool is started in, to which `-f` comes back */
  readonly tool: string;
  readonly chain: readonly string[];
  readonly at: { readonly file: string; readonly line: number } | null;
}

class Expansion {
  readonly #host: FilelistHost;
  readonly #sources = new Map<string, ListedSource>();
  readonly #includeDirs = new Set<string>();
  readonly #defines: Record<string, string | null> = {};
  readonly #libraryDirs = new Set<string>();
  readonly #libraryFiles = new Set<string>();
  readonly #extensions = new Set<string>();
  readonly #lists = new Set<string>();
  readonly #notes: Diagnostic[] = [];
  #library: string | null = null;

  constructor(host: FilelistHost) {
    this.#host = host;
  }

  result(): ExpandedFilelist {
    return {
      sources: [...this.#sources.values()],
      includeDirs: [...this.#includeDirs],
      defines: this.#defines,
      libraryDirs: [...this.#libraryDirs],
      libraryFiles: [...this.#libraryFiles],
      libraryExtensions: [...this.#extensions],
      lists: [...this.#lists],
      notes: this.#notes,
    };
  }

  #note(severity: Severity, code: string, message: string, at: Visit['at']): void {
    this.#notes.push({ tool: 'genrtl', severity, code, message, ...at });
  }

  async read(visit: Visit): Promise<void> {
    const { path, chain, at } = visit;
    if (chain.includes(path) || chain.length >= MAX_DEPTH) {
      const loop = [...chain.slice(Math.max(0, chain.indexOf(path))), path].join(' → ');
      this.#note('error', 'FILELIST_LOOP', `The file list ${path} names itself: ${loop}.`, at);
      return;
    }
    const text = await this.#host.read(path);
    if (text === null) {
      this.#note('error', 'FILELIST_UNREADABLE', `The file list ${path} cannot be read.`, at);
      return;
    }
    this.#lists.add(path);
    const library = this.#library;
    const words = filelistWords(text, (name) => this.#host.variable(name));
    for (let index = 0; index < words.length; index++) {
      const word = words[index];
      if (word === undefined) break;
      const place = { file: path, line: word.line };
      for (const name of word.unset)
        this.#note('error', 'FILELIST_VARIABLE', `The variable ${name} is not set.`, place);
      if (word.unset.length === 0)
        index += await this.#word(word.text, words.slice(index + 1, index + 3), visit, place);
    }
    this.#library = library;
  }

  /** Returns how many of the following words belong to this one. */
  async #word(
    word: string,
    rest: readonly { readonly text: string }[],
    visit: Visit,
    at: { file: string; line: number },
  ): Promise<number> {
    const next = rest[0]?.text ?? '';
    if (word === '-f' || word === '-F' || word === '-file') {
      const nested = await this.#place(next, visit, at);
      await this.read({
        path: nested,
        base: word === '-F' ? folderOf(nested) : visit.tool,
        tool: visit.tool,
        chain: [...visit.chain, visit.path],
        at,
      });
      return 1;
    }
    if (word === '-y' || word === '-v') {
      (word === '-y' ? this.#libraryDirs : this.#libraryFiles).add(await this.#place(next, visit, at));
      return 1;
    }
    if (word === '-work') {
      this.#library = libraryName(next);
      return 1;
    }
    if (word === '-makelib') {
      this.#library = libraryName(next);
      return 1;
    }
    if (word === '-endlib') {
      this.#library = null;
      return 0;
    }
    if (word === '-I' || word === '-incdir' || word === '-D' || word === '-define' || word === '-Y') {
      await this.#valued(word, next, visit, at);
      return 1;
    }
    const plus = /^\+(incdir|define|libext)\+(.*)$/s.exec(word);
    if (plus !== null) {
      for (const value of (plus[2] ?? '').split('+').filter((one) => one !== ''))
        await this.#valued(`+${plus[1]}+`, value, visit, at);
      return 0;
    }
    if (/^-[ID]./.test(word)) {
      await this.#valued(word.slice(0, 2), word.slice(2), visit, at);
      return 0;
    }
    if (word.startsWith('-') || word.startsWith('+')) return this.#option(word, next, visit, at);
    const path = await this.#place(word, visit, at);
    if (!this.#sources.has(path))
      this.#sources.set(path, { path, library: this.#library, list: at.file, line: at.line });
    return 0;
  }

  async #valued(option: string, value: string, visit: Visit, at: { file: string; line: number }): Promise<void> {
    if (option === '-D' || option === '-define' || option === '+define+') {
      const equals = value.indexOf('=');
      if (equals === -1) this.#defines[value] = null;
      else this.#defines[value.slice(0, equals)] = value.slice(equals + 1);
    } else if (option === '-Y' || option === '+libext+')
      this.#extensions.add(value.startsWith('.') ? value : `.${value}`);
    else this.#includeDirs.add(await this.#place(value, visit, at));
  }

  /** An option that says nothing here; a word behind it that is no file belongs to it. */
  async #option(word: string, next: string, visit: Visit, at: { file: string; line: number }): Promise<number> {
    const known = PASSED_OVER.get(word);
    this.#note(known === undefined ? 'warning' : 'info', 'FILELIST_OPTION', `The option ${word} is passed over.`, at);
    if (known !== undefined) return known;
    if (word.includes('=') || word.startsWith('+') || next === '' || /^[-+]/.test(next)) return 0;
    return (await this.#host.exists(joined(visit.base, next) ?? next)) ? 0 : 1;
  }

  /** A path of the list where it leads to, from the base or from the other folder that lists are written for. */
  async #place(
    written: string,
    { base, tool, path: list }: Visit,
    at: { file: string; line: number },
  ): Promise<string> {
    // lists of Windows; a blank behind `\\` was read already
    const name = written.replaceAll('\\', '/');
    if (name.startsWith('/')) return joined('/', name) ?? name;
    const first = outward(base, name);
    if (await this.#host.exists(first)) return first;
    for (const other of new Set([folderOf(list), tool, '.'])) {
      if (other === base) continue;
      const second = outward(other, name);
      if (!(await this.#host.exists(second))) continue;
      this.#note(
        'warning',
        'FILELIST_BASE',
        `${name} is not at ${first}; ${second} is taken, relative to ${other === '.' ? 'the workspace' : other}.`,
        at,
      );
      return second;
    }
    return first;
  }
}

/** VHDL names are the same in any letter case; Xcelium's `-makelib path/lib` names a folder. */
function libraryName(text: string): string | null {
  const name =
    text
      .split(/[\\/:]/)
      .at(-1)
      ?.toLowerCase() ?? '';
  return /^[a-z]\w*$/.test(name) ? name : null;
}

/** Like `joined`, but keeps leading `..`: lists often name files outside the workspace. */
function outward(folder: string, name: string): string {
  const inside = joined(folder, name);
  if (inside !== null) return inside;
  const parts: string[] = [];
  for (const part of `${folder}/${name}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
