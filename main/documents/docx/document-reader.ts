// Word's body as blocks. Tracked changes are read as accepted, struck text is marked, hidden text is left out; whatever
// has no text (pictures, charts, embedded objects) leaves a word and a note.
import type { DocumentBlock, ImportPlace, Inline, InlineMark } from '@genrtl/contracts/spec-import.ts';
import { plainCharacters } from '@genrtl/core/documents/characters.ts';
import type { NoteList } from '@genrtl/core/documents/note-list.ts';
import { childOf, childrenOf, descendant, textOf, type XmlElement } from '@genrtl/core/documents/xml.ts';
import { DocumentError } from '../refusal.ts';
import { equationText } from './equations.ts';
import type { Numbering } from './numbering.ts';
import { numberingReference, outlineLevel, runProperties, valueOf } from './styles.ts';
import type { ParagraphStyle, RunProperties, StyleSheet } from './styles.ts';
import { symbolCharacter } from './symbols.ts';
import { readTable } from './tables.ts';

/** Half points that raise or lower small text far enough to be an exponent or an index. */
const SCRIPT_SHIFT = 3;

/** Of one paragraph as it is read. */
interface Line {
  readonly style: ParagraphStyle;
  readonly content: Inline[];
  /** text boxes that hang on the paragraph */
  readonly after: DocumentBlock[];
  /** all text so far is monospaced */
  monospaced: boolean;
  bold: boolean;
  /** of its largest text, in half points; 0 while it has none */
  size: number;
}

export interface ReadParagraph {
  /** of a short paragraph that is bold as a whole, in a size above that of the text: its size in half points */
  readonly display: number | null;
  readonly title: boolean;
}

export interface DocumentReaderOptions {
  readonly styles: StyleSheet;
  readonly numbering: Numbering;
  readonly notes: NoteList;
  /** characters after which the document is refused */
  readonly maxCharacters: number;
}

export class DocumentReader {
  readonly #options: DocumentReaderOptions;
  /** open fields, innermost last: instruction text is no text, the result is */
  #fields: { instruction: string; result: boolean }[] = [];
  /** text of a paragraph whose end was deleted: it stands at the start of the next */
  #carried: Inline[] = [];
  #place = '';
  #characters = 0;
  #footnoteLabels = new Map<string, string>();
  /** what a later pass needs to know of a block */
  readonly traits = new WeakMap<DocumentBlock, ReadParagraph>();
  readonly counts = { struck: 0, hidden: 0, tracked: 0, symbols: new Map<string, number>() };
  /** the contents list was met */
  contents = false;

  constructor(options: DocumentReaderOptions) {
    this.#options = options;
  }

  /** Footnotes and endnotes in the order in which the text refers to them: `footnote 3` → label. */
  get footnoteLabels(): ReadonlyMap<string, string> {
    return this.#footnoteLabels;
  }

  get #here(): ImportPlace {
    return this.#place === '' ? {} : { place: this.#place };
  }

  /** Children of a body, a cell, a text box or a footnote. */
  blocksOf(container: XmlElement): DocumentBlock[] {
    return childrenOf(container).flatMap((child) => this.block(child));
  }

  block(element: XmlElement): DocumentBlock[] {
    switch (element.name) {
      case 'w:p':
        return this.#paragraph(element);
      case 'w:tbl':
        return this.#table(element);
      case 'w:sdt':
        return childrenOf(element, 'w:sdtContent').flatMap((content) => this.blocksOf(content));
      case 'w:sdtContent':
      case 'w:customXml':
      case 'w:moveTo':
        return this.blocksOf(element);
      case 'w:ins':
        this.counts.tracked += 1;
        return this.blocksOf(element);
      case 'mc:AlternateContent':
        return alternative(element).flatMap((content) => this.blocksOf(content));
      case 'w:altChunk':
        this.#options.notes.add('embeddedDocument', { name: element.attributes['r:id'] ?? '' }, this.#here);
        return [];
      case 'm:oMathPara':
      case 'm:oMath':
        return [{ type: 'paragraph', content: [this.#equation(element)] }];
      default:
        return [];
    }
  }

  #table(element: XmlElement): DocumentBlock[] {
    const reading = readTable(element, (cell) => this.blocksOf(cell), {
      hidden: () => {
        this.counts.hidden += 1;
      },
      tracked: () => {
        this.counts.tracked += 1;
      },
    });
    if (reading === undefined) return [];
    const { title, table } = reading;
    const cells = table.rows.flatMap((row) => row.cells);
    // a frame around text, or a page laid out with a table
    const isFrame = table.columns === 1;
    const isLayout = table.rows.length === 1 && cells.some((cell) => cell.blocks.some(({ type }) => type === 'table'));
    if (isFrame || isLayout) return [...title, ...cells.flatMap((cell) => cell.blocks)];
    return [...title, table];
  }

  #paragraph(element: XmlElement): DocumentBlock[] {
    const pPr = childOf(element, 'w:pPr');
    const style = this.#options.styles.paragraph(valueOf(childOf(pPr, 'w:pStyle')));
    const line: Line = { style, content: this.#carried, after: [], monospaced: true, bold: true, size: 0 };
    this.#carried = [];
    const heading = style.role === 'body' ? (outlineLevel(pPr) ?? style.heading) : undefined;
    // a field that was never closed does not swallow the rest of the document
    if (heading !== undefined) this.#fields = [];
    this.#inline(element, {}, line);
    const mark = childOf(pPr, 'w:rPr');
    if (childOf(mark, 'w:del') !== undefined || childOf(mark, 'w:moveFrom') !== undefined) {
      this.counts.tracked += 1;
      this.#carried = line.content;
      return line.after;
    }
    const reference = numberingReference(pPr) ?? style.numbering;
    const block = this.#shaped(line, heading, reference);
    if (block === undefined) return line.after;
    if (block.type === 'heading')
      this.#place = block.content
        .map(({ text }) => text)
        .join('')
        .trim();
    return [block, ...line.after];
  }

  #shaped(
    line: Line,
    heading: number | undefined,
    reference: { id: string; level: number } | undefined,
  ): DocumentBlock | undefined {
    const { style } = line;
    const text = line.content.map((run) => run.text).join('');
    if (style.role === 'contents') {
      if (text.trim() !== '') this.contents = true;
      return undefined;
    }
    // an empty paragraph of a list still counts nothing
    if (text.trim() === '') return undefined;
    const marker = reference === undefined ? undefined : this.#options.numbering.next(reference);
    if (heading !== undefined) {
      const content =
        marker === undefined || marker.bullet ? line.content : [{ text: `${marker.text} ` }, ...line.content];
      return { type: 'heading', level: Math.min(6, heading), content };
    }
    if (style.role === 'title') {
      const block: DocumentBlock = { type: 'heading', level: 1, content: line.content };
      this.traits.set(block, { display: null, title: true });
      return block;
    }
    if (marker !== undefined)
      return { type: 'item', level: reference?.level ?? 0, marker: marker.text, content: line.content };
    if ((style.role === 'code' || (line.monospaced && line.size > 0)) && !/^\s*\|/.test(text))
      return { type: 'code', text };
    const block: DocumentBlock = { type: 'paragraph', content: line.content };
    const display = line.bold && text.length <= 100 && !/[.;,:。；，：]$/.test(text.trim()) ? line.size : null;
    this.traits.set(block, { display, title: false });
    return block;
  }

  #inline(parent: XmlElement, inherited: RunProperties, line: Line): void {
    for (const child of childrenOf(parent)) this.#inlinePart(child, inherited, line);
  }

  #inlinePart(element: XmlElement, inherited: RunProperties, line: Line): void {
    switch (element.name) {
      case 'w:r':
        this.#run(element, inherited, line);
        return;
      case 'w:ins':
      case 'w:moveTo':
        this.counts.tracked += 1;
        this.#inline(element, inherited, line);
        return;
      case 'w:del':
      case 'w:moveFrom':
        this.counts.tracked += 1;
        return;
      case 'w:hyperlink':
      case 'w:smartTag':
      case 'w:customXml':
      case 'w:sdtContent':
      case 'w:fldSimple':
      case 'w:bdo':
      case 'w:dir':
      case 'w:rubyBase':
        this.#inline(element, inherited, line);
        return;
      case 'w:sdt':
        for (const content of childrenOf(element, 'w:sdtContent')) this.#inline(content, inherited, line);
        return;
      case 'mc:AlternateContent':
        for (const content of alternative(element)) this.#inline(content, inherited, line);
        return;
      case 'm:oMath':
      case 'm:oMathPara':
        this.#push(line, this.#equation(element), inherited);
        return;
      default:
        return;
    }
  }

  #run(element: XmlElement, inherited: RunProperties, line: Line): void {
    const rPr = childOf(element, 'w:rPr');
    const own = runProperties(rPr);
    const named = this.#options.styles.character(valueOf(childOf(rPr, 'w:rStyle')));
    const properties: RunProperties = { ...line.style.run, ...inherited, ...named, ...own };
    const font = childOf(rPr, 'w:rFonts')?.attributes['w:ascii'] ?? '';
    for (const child of childrenOf(element)) this.#runPart(child, properties, font, line);
  }

  #runPart(element: XmlElement, properties: RunProperties, font: string, line: Line): void {
    const push = (text: string): void => this.#text(line, text, properties, font);
    switch (element.name) {
      case 'w:t':
        push(textOf(element));
        return;
      case 'w:tab':
      case 'w:ptab':
        push(line.style.role === 'code' ? '\t' : ' ');
        return;
      case 'w:br':
      case 'w:cr':
        if ((element.attributes['w:type'] ?? 'textWrapping') === 'textWrapping') push('\n');
        return;
      case 'w:noBreakHyphen':
        push('-');
        return;
      case 'w:sym':
        this.#symbol(element, properties, line);
        return;
      case 'w:footnoteReference':
        this.#footnote(`footnote ${element.attributes['w:id'] ?? ''}`, line);
        return;
      case 'w:endnoteReference':
        this.#footnote(`endnote ${element.attributes['w:id'] ?? ''}`, line);
        return;
      case 'w:fldChar':
        this.#fieldMark(element, line);
        return;
      case 'w:instrText': {
        const field = this.#fields.at(-1);
        if (field !== undefined && !field.result) field.instruction += textOf(element);
        return;
      }
      case 'w:drawing':
        this.#drawing(element, line);
        return;
      case 'w:pict':
        this.#vml(element, line);
        return;
      case 'w:object':
        this.#object(element, line);
        return;
      case 'w:ruby':
        for (const base of childrenOf(element, 'w:rubyBase')) this.#inline(base, {}, line);
        return;
      case 'mc:AlternateContent':
        for (const content of alternative(element))
          for (const part of childrenOf(content)) this.#runPart(part, properties, font, line);
        return;
      default:
        return;
    }
  }

  #text(line: Line, raw: string, properties: RunProperties, font: string): void {
    if (this.#fields.some((field) => !field.result)) return;
    if (raw === '') return;
    if (this.#fields.some((field) => isContents(field.instruction))) {
      this.contents = true;
      return;
    }
    if (properties.hidden === true) {
      if (raw.trim() !== '') this.counts.hidden += 1;
      return;
    }
    const text = /[\uf020-\uf0ff]/.test(raw)
      ? raw.replaceAll(/[\uf020-\uf0ff]/g, (sign) => this.#sign(font, sign.charCodeAt(0)))
      : raw;
    this.#push(line, { text: plainCharacters(text) }, properties);
  }

  #push(line: Line, run: Inline, properties: RunProperties): void {
    this.#characters += run.text.length;
    if (this.#characters > this.#options.maxCharacters)
      throw new DocumentError('it holds more text than is read of one document', true);
    const marks = new Set<InlineMark>(run.marks);
    const blank = run.text.trim() === '';
    const size = properties.size ?? this.#options.styles.bodySize;
    const base = line.style.run.size ?? this.#options.styles.bodySize;
    const raised = properties.raised ?? 0;
    if (properties.script === 'superscript' || (raised >= SCRIPT_SHIFT && size < base)) marks.add('superscript');
    else if (properties.script === 'subscript' || (raised <= -SCRIPT_SHIFT && size < base)) marks.add('subscript');
    if (!blank) {
      if (properties.bold === true) marks.add('bold');
      else line.bold = false;
      if (properties.monospaced !== true) line.monospaced = false;
      line.size = Math.max(line.size, size);
      if (properties.strike === true || properties.doubleStrike === true) {
        marks.add('strike');
        this.counts.struck += 1;
      }
    }
    line.content.push(marks.size === 0 ? { text: run.text } : { text: run.text, marks: [...marks] });
  }

  #symbol(element: XmlElement, properties: RunProperties, line: Line): void {
    const font = element.attributes['w:font'] ?? '';
    const code = Number.parseInt(element.attributes['w:char'] ?? '', 16);
    const sign = Number.isInteger(code) && code > 0 && code <= 0x10ffff ? this.#sign(font, code) : '\ufffd';
    if (properties.hidden !== true) this.#push(line, { text: sign }, properties);
  }

  #sign(font: string, code: number): string {
    const found = symbolCharacter(font, code);
    if (found !== undefined) return found;
    this.counts.symbols.set(font, (this.counts.symbols.get(font) ?? 0) + 1);
    return '\ufffd';
  }

  #footnote(key: string, line: Line): void {
    let label = this.#footnoteLabels.get(key);
    if (label === undefined) {
      const own = [...this.#footnoteLabels.keys()].filter((other) => other.startsWith(key.slice(0, 3))).length + 1;
      label = key.startsWith('end') ? `e${own}` : String(own);
      this.#footnoteLabels.set(key, label);
    }
    line.content.push({ text: `[^${label}]` });
  }

  #fieldMark(element: XmlElement, line: Line): void {
    const kind = element.attributes['w:fldCharType'];
    if (kind === 'begin') this.#fields.push({ instruction: '', result: false });
    else if (kind === 'separate') {
      const field = this.#fields.at(-1);
      if (field !== undefined) field.result = true;
    } else if (kind === 'end') {
      const field = this.#fields.pop();
      // equations of Word's first kind live in the field's instruction and have no result
      const old = /^\s*EQ\s+(.*)/is.exec(field?.instruction ?? '')?.[1];
      if (old !== undefined && field?.result === false && this.#fields.every((outer) => outer.result)) {
        line.content.push({ text: old.trim() });
        this.#options.notes.add('equation', { name: 'EQ field', text: old.trim() }, this.#here);
      }
    }
  }

  #equation(element: XmlElement): Inline {
    const { text, unknown } = equationText(element);
    const plain = plainCharacters(text);
    if (unknown.length > 0) this.#options.notes.add('equation', { name: unknown.join(', '), text: plain }, this.#here);
    return { text: plain, marks: ['equation'] };
  }

  #drawing(element: XmlElement, line: Line): void {
    const frame = childrenOf(element)[0];
    const properties = childOf(frame, 'wp:docPr');
    const alt = (properties?.attributes['descr'] ?? properties?.attributes['title'] ?? '').trim();
    const boxes = textBoxes(element);
    for (const box of boxes) line.after.push(...this.blocksOf(box));
    const uri = frame === undefined ? '' : (descendant(frame, 'a:graphicData')?.attributes['uri'] ?? '');
    if (descendant(element, 'a:blip') !== undefined || uri.endsWith('/picture')) {
      this.#picture(alt, line);
      return;
    }
    const kind = uri.split('/').at(-1) ?? '';
    if (boxes.length > 0 && !/chart|diagram/.test(kind)) return;
    line.content.push({ text: alt === '' ? 'drawing' : `drawing: ${plainCharacters(alt)}`, marks: ['picture'] });
    this.#options.notes.add('drawing', { name: alt === '' ? kind || 'without a name' : alt }, this.#here);
  }

  #picture(alt: string, line: Line): void {
    line.content.push({ text: alt === '' ? 'picture' : `picture: ${plainCharacters(alt)}`, marks: ['picture'] });
    this.#options.notes.add('picture', { name: alt === '' ? 'without a description' : alt }, this.#here);
  }

  #vml(element: XmlElement, line: Line): void {
    const image = descendant(element, 'v:imagedata');
    for (const box of textBoxes(element)) line.after.push(...this.blocksOf(box));
    if (image === undefined) return;
    const shape = childrenOf(element).find(({ name }) => name.startsWith('v:'));
    this.#picture((shape?.attributes['alt'] ?? image.attributes['o:title'] ?? '').trim(), line);
  }

  #object(element: XmlElement, line: Line): void {
    const name = descendant(element, 'o:OLEObject')?.attributes['ProgID'] ?? 'unknown';
    line.content.push({ text: `embedded object: ${name}`, marks: ['picture'] });
    this.#options.notes.add('object', { name }, this.#here);
  }
}

const isContents = (instruction: string): boolean => /^\s*TOC\b/i.test(instruction);

/** One of the ways in which the same thing is written: the drawing where its text is understood, else the older one. */
function alternative(element: XmlElement): XmlElement[] {
  const choice = childOf(element, 'mc:Choice');
  const fallback = childOf(element, 'mc:Fallback');
  const chosen = choice ?? fallback;
  return chosen === undefined ? [] : [chosen];
}

/** The contents of all text boxes below, not those inside another one. */
function textBoxes(element: XmlElement): XmlElement[] {
  return childrenOf(element).flatMap((child) => {
    if (child.name === 'w:txbxContent') return [child];
    if (child.name === 'mc:AlternateContent') return alternative(child).flatMap(textBoxes);
    return textBoxes(child);
  });
}
