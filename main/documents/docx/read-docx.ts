// A Word document as blocks and notes: opens the package, reads its parts in order, settles what only the whole tells
// (heading levels, listings, footnotes).
import type { DocumentBlock, ImportNote, Inline } from '@genrtl/contracts/spec-import.ts';
import { NoteList } from '@genrtl/core/documents/note-list.ts';
import { withRemarks } from '@genrtl/core/documents/remarks.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '@genrtl/core/documents/xml.ts';
import { DocumentError } from '../refusal.ts';
import { DocumentReader } from './document-reader.ts';
import { settleHeadings } from './headings.ts';
import { Numbering } from './numbering.ts';
import { OfficePackage, type Relationship } from './package-parts.ts';
import { StyleSheet } from './styles.ts';

export interface ReadDocument {
  readonly blocks: readonly DocumentBlock[];
  readonly notes: readonly ImportNote[];
}

/** Containers at the top of the document that may hold all of it. */
const ENTERED = new Set(['w:document', 'w:body', 'w:sdt', 'w:sdtContent', 'w:customXml', 'w:ins', 'w:moveTo']);

/** Throws DocumentError. */
export async function readDocx(bytes: Uint8Array, maxCharacters: number): Promise<ReadDocument> {
  const pack = await OfficePackage.open(bytes);
  try {
    return await readPackage(pack, maxCharacters);
  } finally {
    pack.close();
  }
}

async function readPackage(pack: OfficePackage, maxCharacters: number): Promise<ReadDocument> {
  const main = (await pack.relationships('')).find(({ kind }) => kind === 'officeDocument')?.target;
  const part = main !== undefined && pack.has(main) ? main : 'word/document.xml';
  if (!pack.has(part)) throw new DocumentError('it holds no Word document');
  const related = await pack.relationships(part);
  const read = (kind: string): Promise<XmlElement | undefined> => readRelated(pack, related, kind);
  const notes = new NoteList();
  const styles = new StyleSheet(await read('styles'));
  const reader = new DocumentReader({
    styles,
    numbering: new Numbering(await read('numbering')),
    notes,
    maxCharacters,
  });
  const blocks: DocumentBlock[] = [];
  const root = await pack.read(part, {
    entered: ENTERED,
    onUnit: (unit) => {
      blocks.push(...reader.block(unit));
    },
  });
  if (root?.name !== 'w:document') throw new DocumentError('it holds no Word document');
  const footnotes = readFootnotes(reader, await read('footnotes'), await read('endnotes'));
  const comments = childrenOf((await read('comments')) ?? root, 'w:comment').filter(
    (comment) => textOf(comment).trim() !== '',
  ).length;
  addCounts(notes, reader, comments);
  const title = await documentTitle(pack);
  return {
    blocks: withRemarks([
      ...settleListings(settleHeadings(blocks, reader.traits, styles.bodySize, title)),
      ...footnotes,
    ]),
    notes: notes.list(),
  };
}

async function readRelated(
  pack: OfficePackage,
  related: readonly Relationship[],
  kind: string,
): Promise<XmlElement | undefined> {
  const target = related.find((one) => one.kind === kind && !one.external)?.target;
  return target === undefined ? undefined : pack.read(target);
}

/** What the document's properties call it. */
async function documentTitle(pack: OfficePackage): Promise<string> {
  const target = (await pack.relationships('')).find(({ kind }) => kind === 'core-properties')?.target;
  const properties = target === undefined ? undefined : await pack.read(target);
  return textOf(childOf(properties, 'dc:title')).trim();
}

function readFootnotes(
  reader: DocumentReader,
  footnotes: XmlElement | undefined,
  endnotes: XmlElement | undefined,
): DocumentBlock[] {
  const elements = new Map<string, XmlElement>();
  for (const note of footnotes === undefined ? [] : childrenOf(footnotes, 'w:footnote'))
    elements.set(`footnote ${note.attributes['w:id'] ?? ''}`, note);
  for (const note of endnotes === undefined ? [] : childrenOf(endnotes, 'w:endnote'))
    elements.set(`endnote ${note.attributes['w:id'] ?? ''}`, note);
  const blocks: DocumentBlock[] = [];
  for (const [key, label] of reader.footnoteLabels) {
    const element = elements.get(key);
    if (element === undefined) continue;
    const content = reader
      .blocksOf(element)
      .flatMap((block, at) => (at === 0 ? contentOf(block) : [{ text: ' ' }, ...contentOf(block)]));
    blocks.push({ type: 'footnote', label, content });
  }
  return blocks;
}

function contentOf(block: DocumentBlock): readonly Inline[] {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
    case 'item':
    case 'footnote':
      return block.content;
    case 'code':
      return [{ text: block.text }];
    case 'table':
      return block.rows
        .flatMap((row) => row.cells)
        .flatMap((cell) => [...cell.blocks.flatMap(contentOf), { text: ' ' }]);
    case 'page':
      return [];
  }
}

function addCounts(notes: NoteList, reader: DocumentReader, comments: number): void {
  const { struck, hidden, tracked, symbols } = reader.counts;
  for (const [font, count] of symbols) notes.add('symbolFont', { count, name: font === '' ? 'unnamed' : font });
  if (hidden > 0) notes.add('hiddenText', { count: hidden });
  if (comments > 0) notes.add('comments', { count: comments });
  if (struck > 0) notes.add('struckText', { count: struck });
  if (tracked > 0) notes.add('trackedChanges', { count: tracked });
  if (reader.contents) notes.add('contents', {});
}

/** Monospaced lines that follow one another are a listing; a lone one is a name or a command in the text. */
function settleListings(blocks: readonly DocumentBlock[]): DocumentBlock[] {
  const settled: DocumentBlock[] = [];
  for (let at = 0; at < blocks.length; at += 1) {
    const block = blocks[at];
    if (block === undefined) continue;
    if (block.type !== 'code') {
      settled.push(block);
      continue;
    }
    const lines = [block.text];
    for (let next = blocks[at + 1]; next?.type === 'code'; next = blocks[at + 1]) {
      lines.push(next.text);
      at += 1;
    }
    const text = lines.join('\n');
    const isListing = text.includes('\n') || /[;{}]\s*$/.test(text);
    settled.push(isListing ? { type: 'code', text } : { type: 'paragraph', content: [{ text: text.trim() }] });
  }
  return settled;
}
