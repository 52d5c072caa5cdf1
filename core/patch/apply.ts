// Applies a parsed patch to files in memory under the patch policy: every change, or every reason against it.
import { splitLines, WorkBudget } from './file-lines.ts';
import { editable, isFilelist, patchRuleFaults } from '../project/patch-rules.ts';
import { collisionKey, pathFault } from './path-policy.ts';
import { parsePatch } from './parse.ts';
import { placeHunks } from './place.ts';
import { resolvePaths } from './resolve-paths.ts';
import { rewrite } from './rewrite.ts';
import { Overlay } from './overlay.ts';
import type { TextFile } from './overlay.ts';
import { DEFAULT_POLICY } from './types.ts';
import type {
  DiffLine,
  FileSection,
  Hunk,
  ParsedPatch,
  PatchFiles,
  PatchPolicy,
  PatchResult,
  Refusal,
} from './types.ts';

export interface ApplyInput {
  /** an answer that holds unified diffs, with or without fences and prose; or one parsed before */
  readonly diff: string | ParsedPatch;
  readonly files: PatchFiles;
  readonly policy?: Partial<PatchPolicy>;
  /** sha256 by path of each file as the author of the diff saw it; another hash is PATCH_STALE */
  readonly seen?: Readonly<Record<string, string>>;
}

/** Line comparisons for one patch; some 0.3 s at most. */
const MAX_COMPARISONS = 30_000_000;
/** More refusals than this help nobody. */
const MAX_REFUSALS = 100;

/** Pure: reads through `files`, writes nothing. Never throws on anything that a diff can hold. */
export function applyPatch(input: ApplyInput): PatchResult {
  const policy: PatchPolicy = { ...DEFAULT_POLICY, ...input.policy };
  if (typeof input.diff === 'string' && input.diff.length > policy.maxDiffBytes) {
    return refuse([
      { code: 'PATCH_FILE_TOO_LARGE', message: `the answer is longer than ${policy.maxDiffBytes} bytes` },
    ]);
  }
  const patch = resolvePaths(typeof input.diff === 'string' ? parsePatch(input.diff) : input.diff, input.files);
  if (patch.sections.length === 0 && patch.problems.length === 0) {
    return refuse([{ code: 'PATCH_NO_DIFF', message: 'the answer holds no unified diff' }]);
  }
  const named = new Set(patch.sections.flatMap(pathsOf));
  if (named.size > policy.maxFiles) {
    return refuse([
      {
        code: 'PATCH_TOO_MANY_FILES',
        message: `the patch changes ${named.size} files, the limit is ${policy.maxFiles}`,
      },
    ]);
  }
  const run = new Application(input.files, policy, input.seen);
  const refusals: Refusal[] = [...patch.problems, ...collisions(named)];
  for (const section of patch.sections) {
    refusals.push(...run.apply(section));
    if (refusals.length > MAX_REFUSALS) break;
  }
  if (refusals.length > 0) return refuse(refusals);
  const changes = run.overlay.changes();
  if (changes.length === 0) return refuse([{ code: 'PATCH_NO_DIFF', message: 'the diff changes nothing' }]);
  const faults = policy.rules === undefined ? [] : patchRuleFaults(changes, policy.rules);
  if (faults.length > 0) return refuse(faults.map((fault) => ({ code: 'PATCH_PROTECTED', ...fault })));
  return { ok: true, changes, notes: run.notes };
}

function refuse(refusals: Refusal[]): PatchResult {
  return { ok: false, refusals: refusals.slice(0, MAX_REFUSALS) };
}

function pathsOf(section: FileSection): string[] {
  return [...new Set([section.oldPath, section.newPath].filter((path) => path !== null))];
}

/** `src/Top.sv` beside `src/top.sv` would be one file on macOS and Windows. */
function collisions(paths: ReadonlySet<string>): Refusal[] {
  const first = new Map<string, string>();
  const refusals: Refusal[] = [];
  for (const path of paths) {
    const key = collisionKey(path);
    const other = first.get(key);
    if (other === undefined) first.set(key, path);
    else
      refusals.push({
        code: 'PATCH_PATH_INVALID',
        path,
        message: `the path differs from ${other} in letter case only`,
      });
  }
  return refusals;
}

class Application {
  readonly overlay: Overlay;
  readonly notes: string[] = [];
  private readonly policy: PatchPolicy;
  private readonly may: (path: string) => string | null;
  private readonly seen: Readonly<Record<string, string>> | undefined;
  private readonly budget = new WorkBudget(MAX_COMPARISONS);

  constructor(files: PatchFiles, policy: PatchPolicy, seen: Readonly<Record<string, string>> | undefined) {
    this.overlay = new Overlay(files);
    this.policy = policy;
    this.may = policy.rules === undefined ? () => null : editable(policy.rules);
    this.seen = seen;
  }

  apply(section: FileSection): Refusal[] {
    const faults = pathsOf(section).flatMap((path) => this.pathRefusals(path));
    if (faults.length > 0) return faults;
    const path = section.newPath ?? section.oldPath ?? '';
    if (section.link)
      return [{ code: 'PATCH_SYMLINK', path, message: 'the diff makes or changes a symbolic link or submodule' }];
    if (section.binary || holdsNul(section.hunks))
      return [{ code: 'PATCH_BINARY', path, message: 'the diff changes binary data' }];
    switch (section.kind) {
      case 'create':
        return this.create(path, section.hunks, section.headed);
      case 'delete':
        return this.remove(path, section.hunks);
      case 'modify':
        return this.modify(section, path);
      case 'rename':
      case 'copy':
        return this.move(section);
    }
  }

  private pathRefusals(path: string): Refusal[] {
    const shown = path.slice(0, 200);
    const fault = pathFault(path);
    if (fault) return [{ code: fault.code, path: shown, message: fault.message }];
    if (this.policy.isSealed?.(path))
      return [{ code: 'PATCH_SEALED', path: shown, message: 'the file belongs to the sealed acceptance tests' }];
    const { rules } = this.policy;
    // whether the lines that a file list gains are right is judged when all files are known
    const held = rules === undefined || isFilelist(path, rules) ? null : this.may(path);
    if (held !== null) return [{ code: 'PATCH_PROTECTED', path: shown, message: held }];
    return [];
  }

  private create(path: string, hunks: readonly Hunk[], headed = false): Refusal[] {
    const there = this.overlay.read(path);
    if (there.kind === 'symlink') return [symlink(path)];
    if (there.kind !== 'missing') {
      return [
        {
          code: 'PATCH_EXISTS',
          path,
          message: there.kind === 'directory' ? 'a folder has this name' : 'the file exists already',
        },
      ];
    }
    const blocked = this.overlay.parentFault(path);
    if (blocked) return [blocked];
    const bodies = hunks.map((hunk) => (onlyAdds(hunk.lines) ? hunk.lines : (hunk.counted ?? hunk.lines)));
    const odd = bodies.findIndex((lines) => !onlyAdds(lines));
    if (odd >= 0) {
      return [{ code: 'PATCH_HUNK_FAILED', path, hunk: odd + 1, message: 'every line of a new file starts with `+`' }];
    }
    const cut = hunks.findIndex((hunk) => hunk.missingLines !== undefined);
    if (cut >= 0 || (headed && hunks.length === 0)) {
      const count = hunks[cut]?.missingLines ?? 1;
      return [
        {
          code: 'PATCH_HUNK_FAILED',
          path,
          ...(cut < 0 ? {} : { hunk: cut + 1 }),
          message: `the text of the new file is not there or cut off (${count} or more lines without \`+\`); give it whole, every line with a leading \`+\``,
        },
      ];
    }
    const lines = bodies.flat();
    const text = lines
      .map((line, i) => line.text + (line.noEol && i === lines.length - 1 ? '' : line.cr ? '\r\n' : '\n'))
      .join('');
    return this.put(path, { text, encoding: 'utf8' });
  }

  private remove(path: string, hunks: readonly Hunk[]): Refusal[] {
    const file = this.existing(path);
    if ('code' in file) return [file];
    if (hunks.length > 0) {
      const left = this.rewritten(path, file, hunks);
      if (Array.isArray(left)) return left;
      if (left.text !== '' && left.text !== '\ufeff') {
        return [{ code: 'PATCH_HUNK_FAILED', path, message: 'the diff deletes the file but leaves lines of it' }];
      }
    }
    this.overlay.set(path, null);
    return [];
  }

  private modify(section: FileSection, path: string): Refusal[] {
    if (section.oldPath !== section.newPath) {
      return [
        {
          code: 'PATCH_PATH_INVALID',
          path,
          message: `the header names two files, ${section.oldPath ?? ''} and ${section.newPath ?? ''}; use \`rename from\` and \`rename to\``,
        },
      ];
    }
    // a header without /dev/null that only adds from line 0 on means a new file, if there is none
    if (this.overlay.read(path).kind === 'missing' && addsFromNothing(section.hunks))
      return this.create(path, section.hunks);
    const file = this.existing(path);
    if ('code' in file) return [file];
    const next = this.rewritten(path, file, section.hunks);
    if (!Array.isArray(next)) return this.put(path, next);
    // a draft and its correction, say
    return this.overlay.touched(path)
      ? next.map((one) => ({
          ...one,
          message: `${one.message}; an earlier diff of this answer changed the file, give one diff a file`,
        }))
      : next;
  }

  private move(section: FileSection): Refusal[] {
    const { oldPath, newPath } = section;
    if (oldPath === null || newPath === null)
      return [{ code: 'PATCH_PATH_INVALID', message: 'a rename needs both names' }];
    const file = this.existing(oldPath);
    if ('code' in file) return [file];
    const there = this.overlay.read(newPath);
    if (there.kind === 'symlink') return [symlink(newPath)];
    if (there.kind !== 'missing')
      return [{ code: 'PATCH_EXISTS', path: newPath, message: 'the new name exists already' }];
    const blocked = this.overlay.parentFault(newPath);
    if (blocked) return [blocked];
    const next = this.rewritten(oldPath, file, section.hunks);
    if (Array.isArray(next)) return next;
    if (section.kind === 'rename') this.overlay.set(oldPath, null);
    return this.put(newPath, next);
  }

  private existing(path: string): TextFile | Refusal {
    const file = this.overlay.read(path);
    switch (file.kind) {
      case 'missing': {
        if (this.seen?.[path] !== undefined && !this.overlay.touched(path)) return stale(path);
        const blocked = this.overlay.parentFault(path);
        return blocked ?? { code: 'PATCH_MISSING', path, message: 'the file does not exist' };
      }
      case 'binary':
        return { code: 'PATCH_BINARY', path, message: 'the file is not text' };
      case 'symlink':
        return symlink(path);
      case 'directory':
        return { code: 'PATCH_PATH_INVALID', path, message: 'the path is a folder' };
      case 'too_large':
        return {
          code: 'PATCH_FILE_TOO_LARGE',
          path,
          message: `the file has ${file.sizeBytes} bytes, the limit is ${this.policy.maxFileBytes}`,
        };
      case 'text':
        break;
    }
    const expected = this.seen?.[path];
    if (expected !== undefined && !this.overlay.touched(path) && file.sha256 !== expected) {
      return stale(path);
    }
    if (file.text.includes('\0')) return { code: 'PATCH_BINARY', path, message: 'the file holds NUL' };
    return { text: file.text, encoding: file.encoding ?? 'utf8' };
  }

  private rewritten(path: string, file: TextFile, raw: readonly Hunk[]): TextFile | Refusal[] {
    const hunks = file.encoding === 'latin1' ? raw.map(asBytes) : raw;
    const lines = splitLines(file.text);
    const { placed, faults } = placeHunks(lines, hunks, this.budget);
    const refusal = (fault: { number: number; code: Refusal['code']; message: string }): Refusal => ({
      code: fault.code,
      path,
      hunk: fault.number,
      message: fault.message,
    });
    if (faults.length > 0) return faults.map(refusal);
    const next = rewrite(file.text, lines, placed);
    if ('faults' in next) return next.faults.map(refusal);
    for (const each of placed) {
      if (each.hunk.oldStart !== null && each.hunk.oldStart !== each.start + 1) {
        this.notes.push(
          `${path}: hunk ${each.number} says line ${each.hunk.oldStart}, applied at line ${each.start + 1}`,
        );
      } else if (!each.exact) {
        this.notes.push(`${path}: hunk ${each.number} differs from the file in white space or line endings`);
      }
    }
    return { text: next.text, encoding: file.encoding };
  }

  private put(path: string, file: TextFile): Refusal[] {
    const bytes = file.encoding === 'latin1' ? file.text.length : utf8Length(file.text);
    if (bytes > this.policy.maxFileBytes) {
      return [
        {
          code: 'PATCH_FILE_TOO_LARGE',
          path,
          message: `the file would have ${bytes} bytes, the limit is ${this.policy.maxFileBytes}`,
        },
      ];
    }
    this.overlay.set(path, file);
    return [];
  }
}

function symlink(path: string): Refusal {
  return { code: 'PATCH_SYMLINK', path, message: 'the path is or crosses a symbolic link' };
}

function stale(path: string): Refusal {
  return { code: 'PATCH_STALE', path, message: 'the file changed since the diff was made' };
}

function holdsNul(hunks: readonly Hunk[]): boolean {
  return hunks.some((hunk) => hunk.lines.some((line) => line.text.includes('\0')));
}

const onlyAdds = (lines: readonly DiffLine[]): boolean => lines.every((line) => line.kind === 'add');

function addsFromNothing(hunks: readonly Hunk[]): boolean {
  const [only] = hunks;
  return (
    hunks.length === 1 &&
    only !== undefined &&
    (only.oldStart ?? 0) <= 1 &&
    only.lines.length > 0 &&
    onlyAdds(only.lines)
  );
}

/** The payload as the bytes of its UTF-8 form, for a file that is held byte by byte. */
function asBytes(hunk: Hunk): Hunk {
  const encoder = new TextEncoder();
  return {
    ...hunk,
    lines: hunk.lines.map((line) => ({
      ...line,
      text: Array.from(encoder.encode(line.text), (byte) => String.fromCharCode(byte)).join(''),
    })),
  };
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
