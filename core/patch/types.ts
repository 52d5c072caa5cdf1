// What a diff is once read, and what applying it can answer. Shapes only.
import type { ErrorCode, PatchRules } from '@genrtl/contracts';

export type PatchCode = Extract<ErrorCode, `PATCH_${string}`>;

/** One reason why nothing was written. `hunk` counts from 1 within its file. */
export interface Refusal {
  readonly code: PatchCode;
  readonly path?: string;
  readonly hunk?: number;
  readonly message: string;
}

export interface DiffLine {
  readonly kind: 'context' | 'remove' | 'add';
  /** without line ending */
  readonly text: string;
  /** the line ended in CR LF inside a diff that itself uses LF */
  readonly cr: boolean;
  /** followed by `\ No newline at end of file` */
  readonly noEol: boolean;
}

export interface Hunk {
  /** line of the hunk's header in the text it came from, from 1 */
  readonly diffLine: number;
  /** from 1 as in the header; null when the header has no numbers */
  readonly oldStart: number | null;
  readonly newStart: number | null;
  /** the header's counts agree with the body */
  readonly countsExact: boolean;
  readonly lines: readonly DiffLine[];
  /** lines up to where the header's counts are used up, where what follows may be a list in prose */
  readonly counted?: readonly DiffLine[];
  /** lines of a new file that the header promises and that do not follow with a `+` */
  readonly missingLines?: number;
}

export type SectionKind = 'modify' | 'create' | 'delete' | 'rename' | 'copy';

/** All that one file header of a diff governs. Paths are as the diff wrote them, prefixes stripped, not yet checked. */
export interface FileSection {
  readonly kind: SectionKind;
  /** null when the file is created */
  readonly oldPath: string | null;
  /** null when the file is deleted */
  readonly newPath: string | null;
  readonly diffLine: number;
  readonly hunks: readonly Hunk[];
  /** a header names file mode 120000 or 160000 */
  readonly link: boolean;
  readonly binary: boolean;
  /** the one name of a file that is made or deleted has neither `a/` nor `b/` before it */
  readonly bare?: boolean;
  /** `---` and `+++` were there: a file without hunks is then no empty file, but one whose text is missing */
  readonly headed?: boolean;
}

export interface ParsedPatch {
  readonly sections: readonly FileSection[];
  /** what looked like a diff and could not be read as one */
  readonly problems: readonly Refusal[];
}

/**
 * Contents of a file as the applier sees it. `latin1` carries arbitrary bytes, one a character, so that a file in
 * another encoding keeps every byte that the patch does not name.
 */
export type PatchFile =
  | { readonly kind: 'text'; readonly text: string; readonly sha256?: string; readonly encoding?: 'utf8' | 'latin1' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'symlink' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'too_large'; readonly sizeBytes: number };

/** Looks up a path relative to the root; `symlink` also when a folder on the way is one. */
export interface PatchFiles {
  read(path: string): PatchFile;
}

export interface PatchPolicy {
  readonly maxFiles: number;
  /** limit of each file before and after */
  readonly maxFileBytes: number;
  /** limit of the whole answer that holds the diff */
  readonly maxDiffBytes: number;
  /** true for files that no patch may touch (acceptance tests) */
  readonly isSealed?: (path: string) => boolean;
  /** what of a project patches may touch; missing: all of it */
  readonly rules?: PatchRules;
}

export const DEFAULT_POLICY: PatchPolicy = {
  maxFiles: 64,
  maxFileBytes: 2 * 1024 * 1024,
  maxDiffBytes: 16 * 1024 * 1024,
};

/** One file's text before and after; null where it does not exist. A rename is a delete and a create. */
export interface PatchChange {
  readonly path: string;
  readonly kind: 'create' | 'modify' | 'delete';
  readonly before: string | null;
  readonly after: string | null;
  readonly encoding: 'utf8' | 'latin1';
}

export type PatchResult =
  | {
      readonly ok: true;
      readonly changes: readonly PatchChange[];
      /** what was forgiven, e.g. a hunk that sat elsewhere than its header said */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };
