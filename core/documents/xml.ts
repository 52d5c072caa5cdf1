// XML as small trees, read strictly and with limits: no document types, no entities but the five of XML, bounded depth
// and size. Units (subtrees that the reader names) are handed out as they end, so that a large document never stands in
// memory whole.
import sax from 'sax';

export interface XmlElement {
  /** with the canonical prefix of its namespace where one was given, else as written */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** of the start tag, from 1 */
  readonly line: number;
}
export type XmlNode = XmlElement | string;

/** Not well formed, too deep, too large, or with a document type; the message is a plain clause. */
export class XmlError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'XmlError';
    this.line = line;
  }
}

export interface XmlOptions {
  /** canonical prefix by namespace name */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** elements whose children are units of their own: they are entered, not collected */
  readonly entered?: ReadonlySet<string>;
  readonly onUnit?: (unit: XmlElement) => void;
  readonly maxDepth?: number;
  /** elements and texts of one unit */
  readonly maxNodes?: number;
}

const MAX_DEPTH = 400;
const MAX_NODES = 3_000_000;

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  line: number;
}

/** Feed it with `write` as text arrives, then `end`; all of them throw XmlError. */
export class XmlReader {
  readonly #parser: sax.SAXParser;
  readonly #options: XmlOptions;
  readonly #open: OpenElement[] = [];
  /** prefix in the document → canonical prefix; declarations are read wherever they stand */
  readonly #prefixes = new Map<string, string>();
  /** open elements that are entered, not collected */
  #entered = 0;
  #nodes = 0;
  #root: XmlElement | null = null;

  constructor(options: XmlOptions = {}) {
    this.#options = options;
    const parser = sax.parser(true, { position: true });
    this.#parser = parser;
    parser.onerror = (error) => {
      throw new XmlError(`it is not well-formed XML (${error.message.split('\n')[0] ?? 'unreadable'})`, this.#line());
    };
    parser.ondoctype = () => this.#fail('it declares a document type, which is never read');
    parser.onopentag = (tag) => this.#openElement(tag.name, tag.attributes as Record<string, string>);
    parser.onclosetag = () => this.#closeElement();
    parser.ontext = (text) => this.#addText(text);
    parser.oncdata = (text) => this.#addText(text);
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  /** The root; of what was handed out as units it holds nothing. */
  end(): XmlElement {
    this.#parser.close();
    if (this.#root === null) return this.#fail('it holds no element');
    return this.#root;
  }

  #line(): number {
    return this.#parser.line + 1;
  }

  #fail(message: string): never {
    throw new XmlError(message, this.#line());
  }

  #openElement(raw: string, attributes: Record<string, string>): void {
    const { prefixes, entered, maxDepth = MAX_DEPTH } = this.#options;
    if (this.#root !== null) this.#fail('it holds more than one root element');
    if (this.#open.length >= maxDepth) this.#fail(`its elements are nested deeper than ${maxDepth}`);
    if (prefixes !== undefined) this.#readDeclarations(attributes, prefixes);
    const name = this.#canonical(raw);
    const given: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [key, value] of Object.entries(attributes)) given[this.#canonical(key)] = value;
    const element: OpenElement = { name, attributes: given, children: [], line: this.#line() };
    const enter = this.#entered === this.#open.length && (this.#open.length === 0 || entered?.has(name) === true);
    if (this.#options.onUnit !== undefined && enter) this.#entered += 1;
    else this.#count();
    this.#open.push(element);
  }

  #readDeclarations(attributes: Record<string, string>, known: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(attributes)) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue;
      const prefix = key === 'xmlns' ? '' : key.slice('xmlns:'.length);
      const canonical = Object.hasOwn(known, value) ? known[value] : undefined;
      if (canonical === undefined) this.#prefixes.delete(prefix);
      else this.#prefixes.set(prefix, canonical);
    }
  }

  #canonical(raw: string): string {
    if (this.#prefixes.size === 0) return raw;
    const colon = raw.indexOf(':');
    const prefix = this.#prefixes.get(colon < 0 ? '' : raw.slice(0, colon));
    if (prefix === undefined) return raw;
    const local = colon < 0 ? raw : raw.slice(colon + 1);
    return prefix === '' ? local : `${prefix}:${local}`;
  }

  #count(): void {
    this.#nodes += 1;
    const { maxNodes = MAX_NODES } = this.#options;
    if (this.#nodes > maxNodes) this.#fail(`one part of it has more than ${maxNodes} elements`);
  }

  #addText(text: string): void {
    const top = this.#open.at(-1);
    if (top === undefined || this.#entered === this.#open.length) return;
    const last = top.children.at(-1);
    if (typeof last === 'string') top.children[top.children.length - 1] = last + text;
    else {
      this.#count();
      top.children.push(text);
    }
  }

  #closeElement(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#root = element;
      return;
    }
    const wasEntered = this.#entered > this.#open.length;
    if (wasEntered) this.#entered -= 1;
    else if (this.#options.onUnit !== undefined && this.#entered === this.#open.length) {
      this.#nodes = 0;
      this.#options.onUnit(element);
    } else parent.children.push(element);
  }
}

/** The whole of a small document. Throws XmlError. */
export function readXml(text: string, options: Omit<XmlOptions, 'entered' | 'onUnit'> = {}): XmlElement {
  const reader = new XmlReader(options);
  reader.write(text.startsWith('\ufeff') ? text.slice(1) : text);
  return reader.end();
}

export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child): child is XmlElement => typeof child !== 'string' && child.name === name);
}

/** All text below, in order. */
export function textOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  let text = '';
  for (const child of element.children) text += typeof child === 'string' ? child : textOf(child);
  return text;
}

/** The first element of that name anywhere below. */
export function descendant(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    if (child.name === name) return child;
    const found = descendant(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
