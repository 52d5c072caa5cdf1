// What an import makes of a specification file: which kinds of files are read, what a document looks like before it is
// Markdown, and what is said about the parts that could not be read.
import { z } from 'zod';

/**
 * What an import says of itself. `{name}` stands for a value. `lost`: something that the document holds is not in the
 * text. `check`: it is there, but read by guess. `done`: what was left out or changed on purpose.
 */
export const IMPORT_NOTES = {
  pageWithoutText: ['lost', 'the page holds no text that can be read, only a picture'],
  emptyPage: ['done', 'the page is empty'],
  picture: ['lost', 'a picture ({name}): text inside it was not read'],
  pictures: ['lost', 'pictures whose inner text was not read: {count}'],
  drawing: ['lost', 'a drawing, chart or diagram ({name}) was not read'],
  object: ['lost', 'an embedded object ({name}) was not read'],
  equation: ['check', 'a part of an equation ({name}) was not understood; it reads: {text}'],
  fontWithoutMapping: [
    'lost',
    'characters in the font {name} that do not say which letters they are, shown as \ufffd: {count}',
  ],
  symbolFont: ['lost', 'symbols of the font {name} without a letter, shown as \ufffd: {count}'],
  rotatedText: ['check', 'rotated text was set apart: {text}'],
  hiddenText: ['lost', 'passages that the document hides, left out: {count}'],
  tableByPosition: ['check', 'a table without lines: its columns were told by position'],
  brokenPage: ['lost', 'the page could not be read: {text}'],
  damagedPage: ['lost', 'parts of the page are damaged and may be missing: {text}'],
  annotations: ['lost', 'comments and form fields that were not read: {count}'],
  comments: ['lost', 'review comments that were not read: {count}'],
  embeddedDocument: ['lost', 'another document that is embedded here ({name}) was not read'],
  struckText: ['done', 'struck passages, marked with ~~: {count}'],
  trackedChanges: ['done', 'tracked changes, taken as accepted: {count}'],
  contents: ['done', 'the table of contents was left out'],
  repeatedLine: ['done', 'a header or footer was left out: {text}'],
  htmlTables: ['done', 'HTML tables, made Markdown tables: {count}'],
  notUnderstood: ['check', '{what} was not understood: {text}'],
  ignored: ['done', '{what} says nothing about the design and was left out'],
  includeNotRead: ['lost', 'the file {name} is included here and was not read; import it as well'],
  guessed: ['check', '{what} is not given; {text} was assumed'],
  more: ['check', 'further notes of this kind: {count}'],
} as const satisfies Record<string, readonly ['lost' | 'check' | 'done', string]>;
export type ImportNoteKind = keyof typeof IMPORT_NOTES;

export const ImportNote = z.object({
  kind: z.enum(Object.keys(IMPORT_NOTES) as [ImportNoteKind, ...ImportNoteKind[]]),
  level: z.enum(['lost', 'check', 'done']),
  /** page of the document, from 1 */
  page: z.number().int().positive().optional(),
  /** line of the imported file, from 1 */
  line: z.number().int().positive().optional(),
  /** where, in the document's own words: the nearest heading */
  place: z.string().optional(),
  /** the note as an English sentence, without its place */
  text: z.string(),
  /** what stands for the template's names, for other languages */
  values: z.record(z.string(), z.string()),
});
export type ImportNote = z.infer<typeof ImportNote>;

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
export type ImportNoteValues<Kind extends ImportNoteKind> = Record<
  Places<(typeof IMPORT_NOTES)[Kind][1]>,
  string | number
>;
export type ImportPlace = Pick<ImportNote, 'page' | 'line' | 'place'>;

/** Values come from the document: whatever they hold, a note stays one short line. */
const MAX_VALUE = 120;

export function importNote<Kind extends ImportNoteKind>(
  kind: Kind,
  values: ImportNoteValues<Kind>,
  place: ImportPlace = {},
): ImportNote {
  const short = Object.fromEntries(
    Object.entries<string | number>(values).map(([name, value]) => [name, oneLine(String(value))]),
  );
  const [level, template] = IMPORT_NOTES[kind];
  return {
    kind,
    level,
    ...place,
    ...(place.place === undefined ? {} : { place: oneLine(place.place) }),
    text: template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => short[name] ?? ''),
    values: short,
  };
}

function oneLine(text: string): string {
  const flat = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return flat.length > MAX_VALUE ? `${flat.slice(0, MAX_VALUE - 1)}…` : flat;
}

/** The import's notes that an error carries in its details, if any. */
export function notesOf(error: { details?: Record<string, unknown> | undefined }): ImportNote[] {
  const notes = z.array(ImportNote).safeParse(error.details?.['spec_notes']);
  return notes.success ? notes.data : [];
}

export const InlineMark = z.enum(['bold', 'strike', 'superscript', 'subscript', 'picture', 'equation']);
export type InlineMark = z.infer<typeof InlineMark>;
/** A piece of text; `\n` breaks the line. */
export const Inline = z.object({ text: z.string(), marks: z.array(InlineMark).optional() });
export type Inline = z.infer<typeof Inline>;

/** A cell stands at the first column and row that it covers. */
export interface TableCell {
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
  readonly blocks: readonly DocumentBlock[];
}
export interface TableRow {
  readonly cells: readonly TableCell[];
}
/** A document before it is Markdown: what the import view shows as the source, and what Markdown is written from. */
export type DocumentBlock =
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly content: readonly Inline[] }
  | {
      readonly type: 'item';
      /** from 0 */
      readonly level: number;
      /** as a reader sees it: `-`, `2.`, `a)` */
      readonly marker: string;
      readonly content: readonly Inline[];
    }
  | { readonly type: 'code'; readonly text: string }
  | {
      readonly type: 'table';
      readonly columns: number;
      /** rows from the top that are the header, at least 1 */
      readonly headerRows: number;
      readonly rows: readonly TableRow[];
    }
  | { readonly type: 'footnote'; readonly label: string; readonly content: readonly Inline[] }
  | { readonly type: 'page'; readonly page: number };

export const DocumentBlock: z.ZodType<DocumentBlock> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heading'), level: z.number().int().min(1).max(6), content: z.array(Inline) }),
  z.object({ type: z.literal('paragraph'), content: z.array(Inline) }),
  z.object({
    type: z.literal('item'),
    level: z.number().int().min(0),
    marker: z.string(),
    content: z.array(Inline),
  }),
  z.object({ type: z.literal('code'), text: z.string() }),
  z.object({
    type: z.literal('table'),
    columns: z.number().int().positive(),
    headerRows: z.number().int().positive(),
    rows: z.array(
      z.object({
        cells: z.array(
          z.object({
            column: z.number().int().min(0),
            columns: z.number().int().positive(),
            rows: z.number().int().positive(),
            blocks: z.array(z.lazy(() => DocumentBlock)),
          }),
        ),
      }),
    ),
  }),
  z.object({ type: z.literal('footnote'), label: z.string(), content: z.array(Inline) }),
  z.object({ type: z.literal('page'), page: z.number().int().positive() }),
]);

/** How the import view shows the file itself: its text, its pages, or the document's own blocks (`cut`: not all). */
export const SpecSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('pages') }),
  z.object({ kind: z.literal('blocks'), blocks: z.array(DocumentBlock), cut: z.boolean() }),
]);
export type SpecSource = z.infer<typeof SpecSource>;
