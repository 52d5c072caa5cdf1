// Which of a workspace's sources a prompt holds: what the task is about whole, the heads of what that instantiates and
// of what instantiates it, then the rest by relevance, until the room is used. What was left out is listed.
import { fence } from './fence.ts';
import { headersOf, scanSources } from './scan-sources.ts';
import type { ScannedFile } from './scan-sources.ts';
import type { SourceFile } from './sources.ts';
import { tokensOf } from './window.ts';

export interface Wanted {
  /** files that the plan names or findings point at */
  readonly paths: readonly string[];
  /** modules that the plan or the specification names */
  readonly names: readonly string[];
}

export interface ChosenSources {
  /** in the order of paths; `heads`: the module heads only */
  readonly shown: readonly { readonly path: string; readonly text: string; readonly part: 'whole' | 'heads' }[];
  readonly leftOut: readonly string[];
}

/** Marks and label of a file's fence. */
const FENCE_TOKENS = 60;
/** Beyond it a file's tokens are worked out from its length. */
const COUNTED_CHARS = 60_000;

/** All of them, when there is room for that beyond doubt; null: they have to be counted. */
export function wholeSources(files: readonly SourceFile[], room: number): ChosenSources | null {
  // two characters a token is less than any source has
  const most = files.reduce((sum, { text }) => sum + text.length / 2 + FENCE_TOKENS, 0);
  return most > room ? null : { shown: files.map(({ path, text }) => ({ path, text, part: 'whole' })), leftOut: [] };
}

export async function chooseSources(
  files: readonly SourceFile[],
  wanted: Wanted,
  room: number,
): Promise<ChosenSources> {
  const cost = (text: string): number =>
    FENCE_TOKENS + (text.length > COUNTED_CHARS ? Math.ceil(text.length / 2.5) : tokensOf(text));
  const all = wholeSources(files, room);
  if (all !== null) return all;
  const scan = await scanSources(files);
  const about = new Set<ScannedFile>();
  for (const path of wanted.paths) {
    const file = scan.byPath.get(path);
    if (file !== undefined) about.add(file);
  }
  for (const name of wanted.names) {
    const file = scan.declaredIn.get(name);
    if (file !== undefined) about.add(file);
  }
  const isShared = (name: string, file: ScannedFile): boolean => file.shared.includes(name);
  const needed = new Set<ScannedFile>();
  const heads = new Set<ScannedFile>();
  for (const file of about)
    for (const name of file.uses) {
      const other = scan.declaredIn.get(name);
      if (other !== undefined && !about.has(other)) (isShared(name, other) ? needed : heads).add(other);
    }
  const own = new Set([...about].flatMap(({ modules, shared }) => [...modules, ...shared]));
  for (const file of scan.files) if (!about.has(file) && [...file.uses].some((name) => own.has(name))) heads.add(file);
  // how many names a file shares with what the task is about
  const terms = new Set([...own, ...[...about].flatMap(({ uses }) => [...uses])]);
  const relevance = (file: ScannedFile): number =>
    [...file.uses, ...file.modules, ...file.shared].reduce((sum, name) => sum + (terms.has(name) ? 1 : 0), 0);
  const rest = scan.files
    .filter((file) => !about.has(file) && !needed.has(file))
    .map((file) => ({ file, score: (heads.has(file) ? 1000 : 0) + relevance(file) }))
    .toSorted((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1));
  let left = room;
  const shown = new Map<string, { text: string; part: 'whole' | 'heads' }>();
  const take = (file: ScannedFile, part: 'whole' | 'heads'): boolean => {
    const text = part === 'whole' ? file.text : headersOf(file);
    const tokens = text === '' ? 0 : cost(text);
    if (text === '' || tokens > left) return false;
    left -= tokens;
    shown.set(file.path, { text, part });
    return true;
  };
  for (const file of [...about, ...needed]) if (!take(file, 'whole')) take(file, 'heads');
  for (const file of heads) if (!shown.has(file.path)) take(file, 'heads');
  for (const { file } of rest) {
    const before = shown.get(file.path);
    if (before !== undefined) left += cost(before.text);
    if (!take(file, 'whole') && before !== undefined) left -= cost(before.text);
  }
  return {
    shown: files.flatMap(({ path }) => {
      const one = shown.get(path);
      return one === undefined ? [] : [{ path, ...one }];
    }),
    leftOut: files.filter(({ path }) => shown.get(path)?.part !== 'whole').map(({ path }) => path),
  };
}

/** Names of files that are left out, shown at most. */
const MAX_NAMES = 300;

export function sourcesText({ shown, leftOut }: ChosenSources): string {
  if (shown.length === 0 && leftOut.length === 0) return 'The workspace holds no sources yet.';
  const fences = shown.map(({ path, text, part }) =>
    fence(part === 'whole' ? `file ${path}` : `heads of ${path}`, text),
  );
  const parts = [`Sources in the workspace now:\n${fences.join('\n')}`];
  if (leftOut.length > 0) {
    const more = leftOut.length > MAX_NAMES ? `\nand ${String(leftOut.length - MAX_NAMES)} more` : '';
    parts.push(
      `Left out for want of room, or shown by their heads only; they exist, and are not to be changed or made anew:\n${fence('files left out', leftOut.slice(0, MAX_NAMES).join('\n') + more)}`,
    );
  }
  return parts.join('\n\n');
}

/** The modules of a workspace as a tree from those that nobody instantiates, and their heads, best match first. */
export async function hierarchyText(files: readonly SourceFile[], spec: string, room: number): Promise<string | null> {
  if (files.length === 0) return null;
  const scan = await scanSources(files);
  const modules = scan.files.flatMap((file) => file.modules.map((name) => ({ name, file })));
  if (modules.length === 0) return null;
  const known = new Set(modules.map(({ name }) => name));
  const below = (file: ScannedFile): string[] => [...file.uses].filter((name) => known.has(name)).toSorted();
  const words = new Set(spec.match(/[A-Za-z_]\w*/g) ?? []);
  // what the specification names comes first, then what holds other modules
  const lines = modules
    .map(({ name, file }) => {
      const parts = below(file);
      const line = `${name} (${file.path})${parts.length === 0 ? '' : `: ${parts.join(' ')}`}`;
      return { line, rank: words.has(name) ? 0 : parts.length > 0 ? 1 : 2 };
    })
    .toSorted((a, b) => a.rank - b.rank || (a.line < b.line ? -1 : 1))
    .map(({ line }) => line);
  const tree: string[] = [];
  let left = room;
  for (const line of lines) {
    left -= tokensOf(line) + 1;
    if (left < room / 2) {
      tree.push(`and ${String(lines.length - tree.length)} more`);
      break;
    }
    tree.push(line);
  }
  const heads = scan.files
    .filter(({ modules: own }) => own.length > 0)
    .toSorted((a, b) => Number(b.modules.some((n) => words.has(n))) - Number(a.modules.some((n) => words.has(n))))
    .map((file) => headersOf(file))
    .filter((text) => {
      const tokens = tokensOf(text) + 2;
      if (tokens > left) return false;
      left -= tokens;
      return true;
    });
  return `Modules that the workspace has already, each with its file and what it instantiates:\n${fence('hierarchy', tree.join('\n'))}\n\nHeads of those modules, as far as there was room:\n${fence('module heads', heads.join('\n\n'))}`;
}
