// What Word's styles say that matters to a reader: headings, titles, contents lines, monospaced text, numbering, and
// the run properties that change what a text means (struck, raised, hidden).
import { childOf, childrenOf, type XmlElement } from '@genrtl/core/documents/xml.ts';

/** Undefined: not said here, so that the style below or the run above decides. */
export interface RunProperties {
  readonly bold?: boolean;
  readonly strike?: boolean;
  readonly doubleStrike?: boolean;
  readonly hidden?: boolean;
  readonly script?: 'superscript' | 'subscript' | 'baseline';
  readonly monospaced?: boolean;
  /** half points */
  readonly size?: number;
  /** half points that the text is raised by; below zero: lowered */
  readonly raised?: number;
}

export interface NumberingReference {
  readonly id: string;
  readonly level: number;
}

export interface ParagraphStyle {
  readonly role: 'body' | 'title' | 'contents' | 'code';
  /** from 1; undefined for a text */
  readonly heading?: number;
  readonly numbering?: NumberingReference;
  readonly run: RunProperties;
}

const MONOSPACED =
  /courier|consolas|mono|menlo|lucida console|fixedsys|terminal|inconsolata|source code|nsimsun.*fixed/i;
const MAX_INHERITANCE = 20;

/** `w:val` of an on/off property; present without a value is on. */
export function isOn(element: XmlElement | undefined): boolean | undefined {
  if (element === undefined) return undefined;
  return !/^(0|false|off|none)$/i.test(element.attributes['w:val'] ?? '');
}

export const valueOf = (element: XmlElement | undefined): string | undefined => element?.attributes['w:val'];

export function runProperties(rPr: XmlElement | undefined): RunProperties {
  if (rPr === undefined) return {};
  const fonts = childOf(rPr, 'w:rFonts');
  const font = fonts?.attributes['w:ascii'] ?? fonts?.attributes['w:hAnsi'];
  const script = valueOf(childOf(rPr, 'w:vertAlign'));
  const found: Record<keyof RunProperties, unknown> = {
    bold: isOn(childOf(rPr, 'w:b')),
    strike: isOn(childOf(rPr, 'w:strike')),
    doubleStrike: isOn(childOf(rPr, 'w:dstrike')),
    hidden: isOn(childOf(rPr, 'w:vanish')) ?? isOn(childOf(rPr, 'w:specVanish')),
    script: script === 'superscript' || script === 'subscript' || script === 'baseline' ? script : undefined,
    monospaced: font === undefined ? undefined : MONOSPACED.test(font),
    size: numberOf(valueOf(childOf(rPr, 'w:sz'))),
    raised: numberOf(valueOf(childOf(rPr, 'w:position'))),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as RunProperties;
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

export function numberingReference(pPr: XmlElement | undefined): NumberingReference | undefined {
  const numPr = childOf(pPr, 'w:numPr');
  if (numPr === undefined) return undefined;
  const id = valueOf(childOf(numPr, 'w:numId'));
  const level = numberOf(valueOf(childOf(numPr, 'w:ilvl'))) ?? 0;
  return id === undefined ? undefined : { id, level: Math.min(8, Math.max(0, Math.trunc(level))) };
}

/** Outline level of a paragraph's own properties, as a heading's level from 1. */
export function outlineLevel(pPr: XmlElement | undefined): number | undefined {
  const level = numberOf(valueOf(childOf(pPr, 'w:outlineLvl')));
  return level === undefined || level < 0 || level > 8 ? undefined : level + 1;
}

interface RawStyle {
  readonly name: string;
  readonly basedOn: string | undefined;
  readonly pPr: XmlElement | undefined;
  readonly rPr: XmlElement | undefined;
}

export class StyleSheet {
  readonly #styles = new Map<string, RawStyle>();
  readonly #paragraphs = new Map<string, ParagraphStyle>();
  readonly #characters = new Map<string, RunProperties>();
  #default = '';
  #documentRun: RunProperties = {};

  constructor(root: XmlElement | undefined) {
    if (root === undefined) return;
    this.#documentRun = runProperties(childOf(childOf(childOf(root, 'w:docDefaults'), 'w:rPrDefault'), 'w:rPr'));
    for (const style of childrenOf(root, 'w:style')) {
      const id = style.attributes['w:styleId'] ?? '';
      this.#styles.set(id, {
        name: (valueOf(childOf(style, 'w:name')) ?? id).toLowerCase(),
        basedOn: valueOf(childOf(style, 'w:basedOn')),
        pPr: childOf(style, 'w:pPr'),
        rPr: childOf(style, 'w:rPr'),
      });
      if (style.attributes['w:type'] === 'paragraph' && /^(1|true|on)$/.test(style.attributes['w:default'] ?? ''))
        this.#default = id;
    }
  }

  /** half points of running text */
  get bodySize(): number {
    return this.paragraph(undefined).run.size ?? this.#documentRun.size ?? 20;
  }

  paragraph(id: string | undefined): ParagraphStyle {
    const key = id ?? this.#default;
    let style = this.#paragraphs.get(key);
    if (style === undefined) this.#paragraphs.set(key, (style = this.#resolve(key)));
    return style;
  }

  character(id: string | undefined): RunProperties {
    if (id === undefined) return {};
    let run = this.#characters.get(id);
    if (run === undefined) {
      run = Object.assign({}, ...this.#chain(id).map((style) => runProperties(style.rPr))) as RunProperties;
      this.#characters.set(id, run);
    }
    return run;
  }

  /** From the base to the style itself. */
  #chain(id: string): RawStyle[] {
    const chain: RawStyle[] = [];
    for (let at: string | undefined = id; at !== undefined && chain.length < MAX_INHERITANCE; ) {
      const style = this.#styles.get(at);
      if (style === undefined) break;
      chain.unshift(style);
      at = style.basedOn;
    }
    return chain;
  }

  #resolve(id: string): ParagraphStyle {
    const chain = this.#chain(id);
    const names = chain.length > 0 ? chain.map(({ name }) => name) : [id.toLowerCase()];
    const run = Object.assign(
      {},
      this.#documentRun,
      ...chain.map((style) => runProperties(style.rPr)),
    ) as RunProperties;
    let heading: number | undefined;
    let numbering: NumberingReference | undefined;
    for (const style of chain) {
      heading = outlineLevel(style.pPr) ?? heading;
      const own = numberingReference(style.pPr);
      // a style of a list may give the level only, its base the list
      if (own !== undefined) numbering = own;
    }
    for (const name of names) heading = headingByName(name) ?? heading;
    const role = names.map(roleByName).findLast((found) => found !== undefined) ?? 'body';
    return {
      role: role === 'body' && run.monospaced === true ? 'code' : role,
      run,
      ...(heading === undefined || role !== 'body' ? {} : { heading }),
      ...(numbering === undefined ? {} : { numbering }),
    };
  }
}

/** Word's own names are English in every language of the program; style ids and other programs' names are not. */
function headingByName(name: string): number | undefined {
  const level = /^(?:heading|überschrift|titre|标题|見出し) ?([1-9])\b/.exec(name)?.[1];
  return level === undefined ? undefined : Number(level);
}

function roleByName(name: string): ParagraphStyle['role'] | undefined {
  if (/^(title|标题|文档标题)$/.test(name)) return 'title';
  if (/^(toc|目录) ?([1-9]|heading|标题)/.test(name) || /^(table of (figures|authorities)|目录)$/.test(name))
    return 'contents';
  if (/\b(code|source code|preformatted|macro text|verbatim|listing)\b|代码/.test(name)) return 'code';
  return undefined;
}
