// A PDF as blocks and notes. pdf.js parses the file; what is drawn where is read from its operators, the rest is
// layout.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DocumentBlock, ImportNote } from '@genrtl/contracts/spec-import.ts';
import { NoteList } from '@genrtl/core/documents/note-list.ts';
import { withRemarks } from '@genrtl/core/documents/remarks.ts';
import { EQUATION_LETTERS, plainCharacters } from '@genrtl/core/documents/characters.ts';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { DocumentError } from '../refusal.ts';
import { assemble } from './document-blocks.ts';
import { linesOf } from './lines.ts';
import type { Matrix } from './matrix.ts';
import { PageInterpreter, type OperatorNames, type PageContent } from './page-content.ts';
import { findFurniture, wordKey } from './page-furniture.ts';
import { layOut, upright, type UprightPage } from './page-layout.ts';

export interface ReadPdf {
  readonly blocks: readonly DocumentBlock[];
  readonly notes: readonly ImportNote[];
}

export interface PdfLimits {
  readonly maxCharacters: number;
  readonly maxPages: number;
}

/** Words of one page; more is no text. */
const MAX_WORDS = 50_000;

/** Throws DocumentError. */
export async function readPdf(bytes: Uint8Array, { maxCharacters, maxPages }: PdfLimits): Promise<ReadPdf> {
  const notes = new NoteList();
  const { document, names, close } = await open(bytes);
  try {
    if (document.numPages > maxPages)
      throw new DocumentError(`it has ${document.numPages} pages; at most ${maxPages} are read`, true);
    const pages: UprightPage[] = [];
    let characters = 0;
    for (let number = 1; number <= document.numPages; number += 1) {
      const content = await readPage(document, number, names, notes);
      if (content === null) continue;
      characters += content.words.reduce((sum, word) => sum + word.text.length + 1, 0);
      if (characters > maxCharacters) throw new DocumentError('it holds more text than is read of one document', true);
      pages.push(upright(content));
    }
    addPageNotes(pages, notes);
    const furniture = findFurniture(
      pages.map(({ content, words }) => ({ page: content.page, height: content.height, lines: linesOf(words) })),
    );
    for (const text of furniture.texts) notes.add('repeatedLine', { text });
    const laid = pages.map((page) => {
      const own = furniture.words.get(page.content.page);
      return layOut(page, (word) => own?.has(wordKey(word)) === true);
    });
    const struck = pages.reduce((sum, page) => sum + page.words.filter((word) => word.struck).length, 0);
    if (struck > 0) notes.add('struckText', { count: struck });
    return { blocks: withRemarks(assemble(laid, notes, await titleOf(document))), notes: notes.list() };
  } finally {
    await close();
  }
}

async function open(
  bytes: Uint8Array,
): Promise<{ document: PDFDocumentProxy; names: OperatorNames; close: () => Promise<void> }> {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
  // parsing in this thread: the reading runs in a worker of its own already
  await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
  const task = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    BinaryDataFactory: PackagedData,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    standardFontDataUrl: 'standard_fonts/',
    useWorkerFetch: false,
    useWasm: false,
    useSystemFonts: false,
    disableFontFace: true,
    fontExtraProperties: true,
    enableXfa: false,
    stopAtErrors: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    // pictures are counted, never decoded
    maxImageSize: 0,
    verbosity: pdfjs.VerbosityLevel.WARNINGS,
  });
  try {
    return { document: await task.promise, names: pdfjs.OPS, close: () => task.destroy() };
  } catch (error) {
    await task.destroy();
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException')
      throw new DocumentError('it is protected by a password; save it without one', false);
    throw new DocumentError('it is damaged or no PDF file');
  }
}

/** pdf.js's own character maps, from its package; fonts are never drawn and so never needed. */
class PackagedData {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    if (kind !== 'cMapUrl' || !/^[\w-]+\.bcmap$/.test(filename)) throw new Error(`${kind} is not read`);
    const folder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
    return new Uint8Array(await readFile(path.join(folder, 'cmaps', filename)));
  }
}

async function readPage(
  document: PDFDocumentProxy,
  number: number,
  names: OperatorNames,
  notes: NoteList,
): Promise<PageContent | null> {
  let page: PDFPageProxy | null = null;
  try {
    page = await document.getPage(number);
    const viewport = page.getViewport({ scale: 1 });
    const source = page;
    const { result: operators, warnings } = await withWarnings(() => source.getOperatorList({ annotationMode: 0 }));
    const layers = await document.getOptionalContentConfig();
    const content = new PageInterpreter({
      page: number,
      width: viewport.width,
      height: viewport.height,
      viewport: viewport.transform as unknown as Matrix,
      operators,
      names,
      font: (name) => (source.commonObjs.has(name) ? (source.commonObjs.get(name) as unknown) : undefined),
      isVisible: (layer) => layers.isVisible(layer as Parameters<typeof layers.isVisible>[0]),
      pictures: warnings.filter((text) => text.includes('Image exceeded maximum allowed size')).length,
    }).read();
    if (content.words.length > MAX_WORDS) throw new Error(`it holds more than ${MAX_WORDS} words`);
    const damage = warnings.find((text) => DAMAGE.test(text));
    if (damage !== undefined) notes.add('damagedPage', { text: damage.replace(/^Warning: /, '') }, { page: number });
    const annotations = (await page.getAnnotations()).filter(isRemark).length;
    if (annotations > 0) notes.add('annotations', { count: annotations }, { page: number });
    return content;
  } catch (error) {
    notes.add('brokenPage', { text: error instanceof Error ? error.message : String(error) }, { page: number });
    return null;
  } finally {
    page?.cleanup();
  }
}

/** Comments and filled form fields; links and pop-ups say nothing. */
function isRemark(annotation: { subtype?: string; contentsObj?: { str?: string }; fieldValue?: unknown }): boolean {
  const said = (annotation.contentsObj?.str ?? '') !== '';
  const filled =
    typeof annotation.fieldValue === 'string' && annotation.fieldValue !== '' && annotation.fieldValue !== 'Off';
  return annotation.subtype === 'Widget'
    ? filled
    : said && annotation.subtype !== 'Link' && annotation.subtype !== 'Popup';
}

/** Warnings of pdf.js after which something of a page is not among its operators. */
const DAMAGE =
  /Unknown command|ignoring errors during|is not supported|Unterminated|Invalid stream|Bad (block|encoding|uncompressed)|CMap|Missing font|corrupt/i;

/** pdf.js says on the console only what it left out. */
async function withWarnings<T>(work: () => Promise<T>): Promise<{ result: T; warnings: string[] }> {
  const warnings: string[] = [];
  const log: { warn: (...parts: unknown[]) => void } = globalThis.console;
  const before = log.warn;
  log.warn = (...parts) => {
    if (warnings.length < 10_000) warnings.push(parts.map(String).join(' '));
  };
  try {
    return { result: await work(), warnings };
  } finally {
    log.warn = before;
  }
}

/** Letters of a page's equations that a note shows. */
const MAX_EQUATION = 120;

function addPageNotes(pages: readonly UprightPage[], notes: NoteList): void {
  // a logo on every page is no picture of the text
  const always = pages.length >= 4 ? Math.min(...pages.map(({ content }) => content.pictures)) : 0;
  for (const { content } of pages) {
    const { page } = content;
    const letters = content.words.reduce((sum, word) => sum + word.text.length, 0);
    const pictures = content.pictures - always;
    if (letters < 3 && content.pictures > 0) notes.add('pageWithoutText', {}, { page });
    else if (letters === 0 && !notes.has('damagedPage', page)) notes.add('emptyPage', {}, { page });
    else if (pictures > 0) notes.add('pictures', { count: pictures }, { page });
    const equations = content.words.filter((word) => word.text.search(EQUATION_LETTERS) >= 0);
    if (equations.length > 0) {
      const text = plainCharacters(equations.map((word) => word.text).join(' ')).slice(0, MAX_EQUATION);
      notes.add('equation', { name: 'its layout', text }, { page });
    }
    if (content.hidden > 0) notes.add('hiddenText', { count: content.hidden }, { page });
    for (const [name, count] of content.unmapped)
      notes.add('fontWithoutMapping', { count, name: name.replace(/^[A-Z]{6}\+/, '') || 'without a name' }, { page });
  }
}

/** What the file calls itself, unless that is only the name of the file that it was made from. */
async function titleOf(document: PDFDocumentProxy): Promise<string> {
  const { info } = await document.getMetadata().catch(() => ({ info: {} }));
  const title = (info as { Title?: unknown }).Title;
  if (typeof title !== 'string') return '';
  const plain = plainCharacters(title).trim();
  return /\.(docx?|md|tex|html?|pdf|indd|fm|odt)$|^microsoft word|^\(?(?:untitled|anonymous|unspecified)\b|^https?:/i.test(
    plain,
  )
    ? ''
    : plain;
}
