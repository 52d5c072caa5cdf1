// Reads unified diffs out of an answer: file headers of plain and git diffs, hunk headers with or without numbers.
import { gitHeaderNames, headerName, stripPrefix, unquote } from './header-path.ts';
import { isFileHeader, readBody } from './hunk-body.ts';
import type { Body } from './hunk-body.ts';
import { splitRegions } from './regions.ts';
import { withoutPair } from './resolve-paths.ts';
import type { Region } from './regions.ts';
import type { FileSection, Hunk, ParsedPatch, Refusal, SectionKind } from './types.ts';

interface OpenSection {
  oldName: string | null;
  newName: string | null;
  diffLine: number;
  hunks: Hunk[];
  created: boolean;
  deleted: boolean;
  moved: 'rename' | 'copy' | null;
  link: boolean;
  binary: boolean;
  /** the `---` and `+++` lines were seen, or cannot come any more */
  named: boolean;
  headed: boolean;
  /** the path that both names of git's header mean, when their prefixes are a known pair */
  pairPath: string | null;
}

/** Reads every diff in a text; never throws. A text without any gives no sections and no problems. */
export function parsePatch(text: string): ParsedPatch {
  const sections: FileSection[] = [];
  const problems: Refusal[] = [];
  for (const region of splitRegions(text)) new RegionReader(region, sections, problems).read();
  return { sections: withoutRepeats(sections), problems };
}

class RegionReader {
  private readonly region: Region;
  private readonly sections: FileSection[];
  private readonly problems: Refusal[];
  private open: OpenSection | null = null;
  private at = 0;

  constructor(region: Region, sections: FileSection[], problems: Refusal[]) {
    this.region = region;
    this.sections = sections;
    this.problems = problems;
  }

  read(): void {
    const { lines } = this.region;
    while (this.at < lines.length) {
      const line = lines[this.at]?.text ?? '';
      if (line.startsWith('diff --git ')) this.gitHeader(line);
      else if (isFileHeader(lines, this.at, 'between')) this.fileHeader();
      else if (line.startsWith('@@')) this.hunk(line);
      else this.otherLine(line);
    }
    this.close();
  }

  private get no(): number {
    return this.region.lines[this.at]?.no ?? 0;
  }

  private gitHeader(line: string): void {
    this.close();
    const names = gitHeaderNames(line);
    this.open = blank(this.no);
    if (names) {
      this.open.oldName = names.oldName;
      this.open.newName = names.newName;
      this.open.pairPath = withoutPair(names.oldName, names.newName);
    }
    this.at += 1;
    while (this.extendedHeader(this.open)) this.at += 1;
  }

  /** The lines between `diff --git` and `---`. */
  private extendedHeader(section: OpenSection): boolean {
    const line = this.region.lines[this.at]?.text;
    if (line === undefined) return false;
    const rest = (prefix: string): string | null => (line.startsWith(prefix) ? line.slice(prefix.length).trim() : null);
    const mode = rest('new file mode ') ?? rest('deleted file mode ') ?? rest('old mode ') ?? rest('new mode ');
    if (mode !== null) {
      if (line.startsWith('new file')) section.created = true;
      if (line.startsWith('deleted')) section.deleted = true;
      section.link ||= isLinkMode(mode);
      return true;
    }
    const index = rest('index ');
    if (index !== null) {
      section.link ||= isLinkMode(index.split(' ').at(-1) ?? '');
      return true;
    }
    const from = rest('rename from ') ?? rest('copy from ');
    const to = rest('rename to ') ?? rest('copy to ');
    if (from !== null) section.oldName = unquote(from) ?? from;
    if (to !== null) section.newName = unquote(to) ?? to;
    if (from !== null || to !== null) {
      section.moved = line.startsWith('rename') ? 'rename' : 'copy';
      return true;
    }
    return line.startsWith('similarity index ') || line.startsWith('dissimilarity index ');
  }

  private fileHeader(): void {
    const { lines } = this.region;
    if (this.open === null || this.open.named) {
      this.close();
      this.open = blank(this.no);
    }
    const section = this.open;
    section.named = true;
    section.headed = true;
    const oldName = headerName(lines[this.at]?.text ?? '');
    const newName = headerName(lines[this.at + 1]?.text ?? '');
    section.created ||= oldName === null;
    section.deleted ||= newName === null;
    if (section.moved === null) {
      section.oldName = oldName;
      section.newName = newName;
    }
    this.at += 2;
    const next = lines[this.at]?.text ?? '';
    if (INDENTED_HUNK.test(next.slice(0, 100))) {
      this.hunk(next.trimStart());
      return;
    }
    // some answers leave the hunk header out altogether
    if (/^[+\- ]/.test(next.slice(0, 1)) && !isFileHeader(lines, this.at, 'between')) this.body(section, null, this.no);
  }

  private hunk(line: string): void {
    const diffLine = this.no;
    this.at += 1;
    if (line.startsWith('@@@')) {
      this.problem(`line ${diffLine}: a combined diff of a merge cannot be applied`);
      return;
    }
    const orphan = this.open === null;
    const section = this.open ?? blank(diffLine);
    section.named = true;
    this.body(section, hunkNumbers(line), diffLine);
    if (orphan)
      this.problem(`line ${diffLine}: this hunk has no file header (\`--- a/path\` and \`+++ b/path\`) before it`);
  }

  private body(section: OpenSection, numbers: HunkNumbers | null, diffLine: number): void {
    const body = readBody({
      lines: this.region.lines,
      start: this.at,
      oldCount: numbers?.oldCount ?? null,
      newCount: numbers?.newCount ?? null,
      fenced: this.region.fenced,
      creating: section.created || (numbers?.oldStart === 0 && numbers.oldCount === 0),
    });
    this.at = body.next;
    if (numbers !== null && body.next >= this.region.lines.length && this.region.open && isCutOff(numbers, body))
      this.problem(
        `line ${diffLine}: the answer ends in the middle of this hunk, whose header promises more added lines; send it whole`,
      );
    section.hunks.push({
      diffLine,
      oldStart: numbers?.oldStart ?? null,
      newStart: numbers?.newStart ?? null,
      countsExact: body.countsExact,
      lines: body.lines,
      ...(body.counted === undefined ? {} : { counted: body.counted }),
      ...(body.missingLines === undefined ? {} : { missingLines: body.missingLines }),
    });
  }

  private otherLine(line: string): void {
    if (
      line.startsWith('GIT binary patch') ||
      (line.startsWith('Binary files ') && line.trimEnd().endsWith(' differ'))
    ) {
      if (this.open) this.open.binary = true;
      else this.problems.push({ code: 'PATCH_BINARY', message: `line ${this.no}: a binary patch` });
    }
    this.at += 1;
  }

  private problem(message: string): void {
    this.problems.push({ code: 'PATCH_HUNK_FAILED', message });
  }

  private close(): void {
    const section = this.open;
    this.open = null;
    if (section === null) return;
    const kind = kindOf(section);
    const named = (name: string, prefix: 'a/' | 'b/'): string =>
      kind === 'create' || kind === 'delete'
        ? (section.pairPath ?? stripPrefix(name, prefix))
        : stripPrefix(name, prefix);
    const oldPath = section.oldName === null || kind === 'create' ? null : named(section.oldName, 'a/');
    const newPath = section.newName === null || kind === 'delete' ? null : named(section.newName, 'b/');
    if (oldPath === null && newPath === null) {
      this.problems.push({ code: 'PATCH_PATH_INVALID', message: `line ${section.diffLine}: the header names no file` });
      return;
    }
    this.sections.push({
      kind,
      oldPath,
      newPath,
      diffLine: section.diffLine,
      hunks: section.hunks,
      link: section.link,
      binary: section.binary,
      ...(section.headed ? { headed: true } : {}),
      ...(section.pairPath === null && isBare(section, kind) ? { bare: true } : {}),
    });
  }
}

/** Indented by who wrote it; below a file header it can be nothing else. */
const INDENTED_HUNK = /^ {1,4}@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;

/**
 * Counts are often wrong, and left-out context behind the last change does no harm. Ending within a change, with more
 * additions promised than context could make up for, an answer was cut off.
 */
function isCutOff({ oldCount, newCount }: HunkNumbers, { lines, countsExact }: Body): boolean {
  if (countsExact || lines.at(-1)?.kind !== 'remove') return false;
  const olds = oldCount - lines.filter(({ kind }) => kind !== 'add').length;
  const news = newCount - lines.filter(({ kind }) => kind !== 'remove').length;
  return olds >= 0 && news > olds;
}

function isBare({ oldName, newName }: OpenSection, kind: SectionKind): boolean {
  if (kind === 'create') return newName !== null && !newName.startsWith('b/');
  return kind === 'delete' && oldName !== null && !oldName.startsWith('a/');
}

function blank(diffLine: number): OpenSection {
  return {
    oldName: null,
    newName: null,
    diffLine,
    hunks: [],
    created: false,
    deleted: false,
    moved: null,
    link: false,
    binary: false,
    named: false,
    headed: false,
    pairPath: null,
  };
}

function kindOf(section: OpenSection): SectionKind {
  if (section.moved !== null) return section.moved;
  if (section.created) return 'create';
  return section.deleted ? 'delete' : 'modify';
}

/** 120000 is a symbolic link, 160000 a submodule: neither is a text file. */
function isLinkMode(mode: string): boolean {
  return mode === '120000' || mode === '160000';
}

interface HunkNumbers {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

function hunkNumbers(line: string): HunkNumbers | null {
  const found = /^@@ {0,4}-(\d{1,9})(?:,(\d{1,9}))? {1,4}\+(\d{1,9})(?:,(\d{1,9}))?/.exec(line.slice(0, 100));
  const [, oldStart, oldCount, newStart, newCount] = found ?? [];
  if (oldStart === undefined || newStart === undefined) return null;
  return {
    oldStart: Number(oldStart),
    oldCount: Number(oldCount ?? '1'),
    newStart: Number(newStart),
    newCount: Number(newCount ?? '1'),
  };
}

/** Answers often show one diff twice, as a draft and again in the end: an equal section counts once. */
function withoutRepeats(sections: FileSection[]): FileSection[] {
  if (sections.length < 2) return sections;
  const seen = new Set<string>();
  return sections.filter((section) => {
    const key = JSON.stringify([
      section.kind,
      section.oldPath,
      section.newPath,
      section.link,
      section.binary,
      section.hunks.map((hunk) => hunk.lines),
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
