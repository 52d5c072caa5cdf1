// What an import finds in other tools' projects, before it becomes a project file. Pure; main/project reads.
import type { Diagnostic } from '@genrtl/contracts';
import { joined } from '../../filelist/includes.ts';
import { isHeader, sourceLanguage } from '../../filelist/source-facts.ts';

/** The workspace as importers see it. */
export interface ProjectTree {
  /** every file, sorted; relative, forward slashes */
  readonly files: readonly string[];
  /** null: no text file of moderate size */
  read(path: string): Promise<string | null>;
  /** folders of git submodules that are not checked out */
  readonly absent?: readonly string[];
}

export interface ImportedSet {
  /** in the order of the other tool; relative to the root, or outside of it */
  readonly files: string[];
  readonly filelists: { readonly file: string; readonly folder: string }[];
  readonly include_dirs: string[];
  readonly defines: Record<string, string | null>;
  /** files by VHDL library */
  readonly libraries: Record<string, string[]>;
}

export interface Imported {
  /** the file that it comes from; null: the folders */
  readonly from: string | null;
  readonly top: string | null;
  readonly rtl: ImportedSet;
  readonly tb: ImportedSet;
  /** sources that its lists name */
  readonly listed: readonly string[];
  /** of file lists: folders relative to the root */
  readonly variables: Readonly<Record<string, string>>;
  readonly notes: readonly Diagnostic[];
}

export const emptySet = (): ImportedSet => ({ files: [], filelists: [], include_dirs: [], defines: {}, libraries: {} });

/** Collects the sets of one import. */
export class ImportDraft {
  readonly rtl = emptySet();
  readonly tb = emptySet();
  readonly notes: Diagnostic[] = [];
  top: string | null = null;
  readonly #from: string;
  readonly #present: ReadonlySet<string>;
  readonly #absent: readonly string[];
  readonly #seen = new Set<string>();

  constructor(from: string, tree: ProjectTree) {
    this.#from = from;
    this.#present = new Set(tree.files);
    this.#absent = tree.absent ?? [];
  }

  note(severity: 'info' | 'warning', message: string, file = this.#from): void {
    this.notes.push({ tool: 'genrtl', severity, code: 'IMPORT', message, file });
  }

  /** A source by its path from `folder`; headers give their folder, files of no HDL nothing, missing ones a warning. */
  source(set: 'rtl' | 'tb', folder: string, file: string, library: string | null = null): void {
    const path = pathIn(folder, file);
    if (path === null) {
      this.note('warning', `${file} leads out of the workspace and is left out; name it in the project file yourself.`);
      return;
    }
    if (isHeader(path)) {
      this.includeDir(set, '.', folderOf(path));
      return;
    }
    if (sourceLanguage(path) === null) return;
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const outside = path.startsWith('/') || path.startsWith('../');
    if (!outside && !this.#present.has(path)) {
      // what a submodule brings is said once, of the submodule
      if (!this.#absent.some((folder) => path.startsWith(`${folder}/`)))
        this.note('warning', `${path} is named and is not there.`);
      return;
    }
    const target = this[set];
    target.files.push(path);
    if (library !== null && library !== 'work' && sourceLanguage(path) === 'vhdl')
      (target.libraries[library] ??= []).push(path);
  }

  /** `|top`, `work.top`, `top(rtl)` name the unit top; what is no name is said. */
  takeTop(text: string): void {
    const name = text
      .trim()
      .replace(/\(\w+\)$/, '')
      .split(/[|.]/)
      .at(-1);
    if (name !== undefined && /^(?:[A-Za-z_][\w$]*|\\\S+)$/.test(name)) this.top = name;
    else this.note('warning', `${text} is no name of a module or entity; give top yourself.`);
  }

  includeDir(set: 'rtl' | 'tb', folder: string, dir: string): void {
    const path = pathIn(folder, dir);
    const { include_dirs: dirs } = this[set];
    if (path !== null && !dirs.includes(path)) dirs.push(path);
  }

  /** `NAME` or `NAME=value`. */
  define(set: 'rtl' | 'tb', text: string): void {
    const [, name, value] = /^\s*([A-Za-z_][\w$]*)(?:=([\s\S]*))?$/.exec(text) ?? [];
    if (name !== undefined) this[set].defines[name] = value === undefined ? null : value.trim();
  }

  done(): Imported {
    return {
      from: this.#from,
      top: this.top,
      rtl: this.rtl,
      tb: this.tb,
      listed: [],
      variables: {},
      notes: this.notes,
    };
  }
}

/** Folders of other people's files and of what tools make. */
export const OTHERS = /(?:^|\/)(?:\.[^/]+|build|out|output|work|obj_dir|simv\.daidir|xsim\.dir|node_modules)\//i;

/** Folders of small projects that show how the main one is used: they bring tops, and modules of one name, of their own. */
export const APART = /^(?:.*?\/)?(?:examples?|demos?|tutorials?|docs?|documentation)\//i;

/** What a project would be made of, by names alone: no tests, no examples. */
export const designSources = ({ files }: ProjectTree): string[] =>
  files.filter(
    (file) => sourceLanguage(file) !== null && !OTHERS.test(file) && !APART.test(file) && !looksLikeTest(file),
  );

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.';

/** Relative to the root; null: leads out of it by `..`. Absolute paths stay. */
export const pathIn = (folder: string, file: string): string | null => joined(folder, file.replaceAll('\\', '/'));

/** Paths and names under which the field keeps testbenches. */
export const looksLikeTest = (path: string): boolean =>
  /(?:^|\/)(?:tb|dv|test|tests|testing|testbench|testbenches|sim|simulation|verif|verification|bench|formal|uvm)(?:\/|$)/i.test(
    folderOf(path),
  ) || /(?:^|\/)(?:tb_[^/]*|[^/]*_tb|[^/]*_testbench|testbench[^/]*|test_[^/]*|[^/]*_test)\.[^./]+$/i.test(path);
