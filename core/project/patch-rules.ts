// What a patch may touch in a project: one rule for the client, which writes, and for the server, which checks answers.
import { IGNORE_FILE, PROJECT_FILE } from '@genrtl/contracts/project-names.ts';
import type { PatchRules } from '@genrtl/contracts';
import { anyGlob } from './glob.ts';

/** Without a project file. */
export const DEFAULT_RULES: PatchRules = { edit: ['src/**', 'tb/**'], read_only: [], filelists: [] };

/** What decides how a design is judged, whatever `edit` says: project file, rules, makefiles, scripts. */
const DECIDES = anyGlob([
  `**/${PROJECT_FILE}`,
  '**/genrtl.yml',
  `**/${IGNORE_FILE}`,
  '**/{AGENTS,CLAUDE,GEMINI,CONVENTIONS}.md',
  '**/.{cursorrules,clinerules,windsurfrules,aider.conf.yml}',
  '**/.{cursor,clinerules,claude,github,gitlab,vscode}/**',
  '**/{makefile,gnumakefile,justfile,dockerfile,jenkinsfile,rakefile,sconstruct,sconscript,cmakelists.txt}',
  '**/*.{mk,mak,make,cmake,ninja}',
  '**/*.{sh,bash,csh,tcsh,zsh,ksh,fish,bat,cmd,ps1}',
  '**/*.{py,pl,pm,rb,tcl,do,tk,lua,js,mjs,cjs,ts,awk,sed,exp,xtcl}',
  '**/*.{core,qsf,qpf,xpr,sdc,xdc,upf,cpf,vlt}',
  '**/{bender.yml,bender.lock,.bender.yml,fusesoc.conf,package.json,.gitlab-ci.yml,.gitignore,.gitattributes,.gitmodules}',
]);

/** True for what decides how a design is judged: no patch and no run of a command may change it. */
export const decidesVerdict = (path: string): boolean => DECIDES(path) || DECIDES(path.toLowerCase());

const LIST = anyGlob(['**/*.{f,fl,vc,lst,filelist,prj}', '**/*.flist']);

export interface PatchedFile {
  readonly path: string;
  /** null: the patch creates it */
  readonly before: string | null;
  /** null: the patch deletes it */
  readonly after: string | null;
}

export interface RuleFault {
  readonly path: string;
  /** after the path and a colon */
  readonly message: string;
}

/** Each file that the rules hold back, with the reason; empty: the patch keeps to them. */
export function patchRuleFaults(files: readonly PatchedFile[], rules: PatchRules): RuleFault[] {
  const may = editable(rules);
  const created = files.filter(({ before, after }) => before === null && after !== null).map(({ path }) => path);
  return files.flatMap((file): RuleFault[] => {
    const message = may(file.path) ?? null;
    if (message === null) return [];
    if (isFilelist(file.path, rules) && onlyNames(file, created)) return [];
    return [{ path: file.path, message }];
  });
}

/** Null when a patch may touch the path, else the reason. */
export function editable(rules: PatchRules): (path: string) => string | null {
  const edit = anyGlob(rules.edit);
  const readOnly = anyGlob(rules.read_only);
  return (path) => {
    if (decidesVerdict(path)) return 'project files, rules, makefiles and scripts are the person’s';
    if (isFilelist(path, rules)) return 'a file list may only gain lines for files that the same patch creates';
    if (readOnly(path)) return 'the project holds it read-only';
    if (!edit(path)) return `only ${listed(rules.edit)} may be changed`;
    return null;
  };
}

/** A tool's file list: a patch may add lines to it that name files which it creates. */
export const isFilelist = (path: string, rules: PatchRules): boolean =>
  rules.filelists.includes(path) || LIST(path.toLowerCase());

/** Lines were added, each the path of a file that the patch creates; nothing else changed. */
function onlyNames({ before, after }: PatchedFile, created: readonly string[]): boolean {
  if (before === null || after === null) return false;
  const old = before.split(/\r?\n/);
  let at = 0;
  for (const line of after.split(/\r?\n/)) {
    if (at < old.length && line === old[at]) {
      at += 1;
      continue;
    }
    const named = line.trim();
    // a list's paths may be relative to another folder
    const bare = named.replace(/^(?:\.\.?\/)+/, '');
    if (named !== '' && !created.some((path) => path === bare || path.endsWith(`/${bare}`))) return false;
  }
  return at === old.length;
}

function listed(edit: readonly string[]): string {
  const shown = edit.slice(0, 4).map((pattern) => (pattern.endsWith('/**') ? pattern.slice(0, -2) : pattern));
  if (edit.length > shown.length) return `${shown.join(', ')} and ${edit.length - shown.length} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? 'nothing');
}
