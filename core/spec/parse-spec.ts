// Decides what a specification is: refused text, free text, or a structured spec with its sections found.
import type { Diagnostic } from '@genrtl/contracts';
import { Findings, type SpecCode } from './findings.ts';
import { FOOTNOTE, readMarkdown, withoutStruck, type Section } from './markdown.ts';

export const SECTION_NAMES = [
  'top',
  'parameters',
  'ports',
  'clocks',
  'blocks',
  'connections',
  'logic',
  'registers',
  'checks',
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** A spec with `## Top` and `## Ports`; a section that the author wrote twice is kept twice. */
export interface StructuredSpec {
  readonly kind: 'structured';
  readonly file: string;
  readonly title: { readonly text: string; readonly line: number } | null;
  /** the text between the title and the first section, as one line */
  readonly summary: string;
  readonly sections: Readonly<Record<SectionName, readonly Section[]>>;
}
/** Text that only a model can turn into a design. */
export interface FreeTextSpec {
  readonly kind: 'free';
  readonly file: string;
  readonly title: string;
}
/** SPEC_EMPTY, SPEC_TOO_LARGE or SPEC_BINARY: not even text to hand to a model. */
export interface RefusedSpec {
  readonly kind: 'refused';
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}
export type ParsedSpec = StructuredSpec | FreeTextSpec | RefusedSpec;

/** 10 MB of UTF-8 text, counted generously as binary megabytes. */
export const MAX_SPEC_BYTES = 10 * 1024 * 1024;
const SUMMARY_LENGTH = 400;

/** Pure; `file` is the workspace path that diagnostics name. Never throws. */
export function parseSpec(markdown: string, file: string): ParsedSpec {
  const refusal = refuse(markdown);
  if (refusal) {
    const findings = new Findings(file);
    findings.add(refusal.code, 1, refusal.message);
    return { kind: 'refused', file, diagnostics: findings.errors() };
  }
  const all = readMarkdown(markdown);
  const title = all.find((section) => section.level === 1 && section.heading !== '');
  const sections = sectionsByName(all);
  if (sections.top.length === 0 || sections.ports.length === 0) {
    return {
      kind: 'free',
      file,
      title: title?.heading ?? all.find((section) => section.text.length > 0)?.text[0]?.text.slice(0, 120) ?? file,
    };
  }
  return {
    kind: 'structured',
    file,
    sections,
    title: title ? { text: title.heading, line: title.line } : null,
    summary: (title?.text ?? [])
      .map((line) => line.text)
      .join(' ')
      .slice(0, SUMMARY_LENGTH),
  };
}

/** The sections of level 2 that a structured spec gives a meaning to. */
export function sectionsByName(all: readonly Section[]): Record<SectionName, readonly Section[]> {
  const sections = Object.fromEntries(SECTION_NAMES.map((name) => [name, [] as Section[]])) as Record<
    SectionName,
    Section[]
  >;
  for (const section of all) {
    const name = section.level === 2 ? sectionName(section.heading) : undefined;
    if (name) sections[name].push(section);
  }
  return sections;
}

/** What stands after `module:` in a line of Top; undefined in other lines. */
export function moduleNamed(line: string): string | undefined {
  const named = /^[-+]?\s{0,4}module\s{0,4}[:：](.*)$/i
    .exec(withoutStruck(line).replace(FOOTNOTE, '').replace(/[*`]/g, '').trim())?.[1]
    ?.trim();
  // a name that was struck is none; the line that holds comes below
  return named === '' && /~~|<\/(?:s|del|strike)>/i.test(line) ? undefined : named;
}

function sectionName(heading: string): SectionName | undefined {
  // documents number their headings: `2.1 Ports`
  const wanted = heading
    .replace(FOOTNOTE, '')
    .toLowerCase()
    .replace(/^(?:\d{1,2}\.){0,4}\d{0,2}[.)]?\s+/, '')
    .replace(/:$/, '')
    .trim();
  return SECTION_NAMES.find((name) => name === wanted);
}

function refuse(text: string): { code: SpecCode; message: string } | undefined {
  if (text.length > MAX_SPEC_BYTES || utf8Length(text) > MAX_SPEC_BYTES) {
    return { code: 'SPEC_TOO_LARGE', message: 'the specification is larger than 10 MB' };
  }
  if (isBinary(text)) return { code: 'SPEC_BINARY', message: 'the specification is not text' };
  if (text.replace(/^\uFEFF/, '').trim() === '') return { code: 'SPEC_EMPTY', message: 'the specification is empty' };
  return undefined;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/** NUL never stands in text; other control characters and undecodable bytes only by accident. */
function isBinary(text: string): boolean {
  let strange = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0) return true;
    if (
      unit === 0xfffd ||
      (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0c && unit !== 0x0d && unit !== 0x1b)
    )
      strange += 1;
  }
  return strange > 8 && strange * 20 > text.length;
}
