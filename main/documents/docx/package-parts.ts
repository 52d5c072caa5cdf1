// The parts of an Office package, unpacked one at a time as text: never more than the limit, whatever the archive
// claims.
import { StringDecoder } from 'node:string_decoder';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { XmlError, XmlReader, childrenOf, type XmlElement, type XmlOptions } from '@genrtl/core/documents/xml.ts';
import { DocumentError } from '../refusal.ts';

/** All parts that are read of one document, unpacked. Text of 10 MB is at most some 250 MB of Word's XML. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 20_000;

/** Namespace names of both editions of Office Open XML, transitional and strict. */
const PREFIXES: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://purl.oclc.org/ooxml/wordprocessingml/main': 'w',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://purl.oclc.org/ooxml/officeDocument/math': 'm',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://purl.oclc.org/ooxml/drawingml/main': 'a',
  'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing': 'wp',
  'http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing': 'wp',
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships': 'r',
  'http://purl.oclc.org/ooxml/officeDocument/relationships': 'r',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingShape': 'wps',
  'urn:schemas-microsoft-com:vml': 'v',
  'urn:schemas-microsoft-com:office:office': 'o',
  'http://schemas.openxmlformats.org/package/2006/relationships': '',
};

export interface Relationship {
  readonly id: string;
  /** the last word of its type: `styles`, `numbering`, `image` */
  readonly kind: string;
  readonly target: string;
  readonly external: boolean;
}

export class OfficePackage {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #unpacked = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** Throws DocumentError. */
  static async open(bytes: Uint8Array): Promise<OfficePackage> {
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const zip = await fromBufferPromise(buffer, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
      if (zip.entryCount > MAX_ENTRIES) throw new DocumentError(`it holds more than ${MAX_ENTRIES} parts`, true);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
      return new OfficePackage(zip, entries);
    } catch (error) {
      throw error instanceof DocumentError ? error : new DocumentError(`its archive is damaged (${clause(error)})`);
    }
  }

  has(part: string): boolean {
    return this.#entries.has(part.toLowerCase());
  }

  /** Undefined where the part is missing. Throws DocumentError, and whatever `onUnit` throws. */
  async read(part: string, options: XmlOptions = {}): Promise<XmlElement | undefined> {
    const entry = this.#entries.get(part.toLowerCase());
    if (entry === undefined) return undefined;
    if (entry.isEncrypted()) throw new DocumentError('it is encrypted');
    if (this.#unpacked + entry.uncompressedSize > MAX_UNPACKED_BYTES) throw tooLarge();
    const reader = new XmlReader({ prefixes: PREFIXES, ...options });
    try {
      for await (const text of this.#unpack(entry)) {
        try {
          reader.write(text);
        } catch (error) {
          throw new ReadingFailed(error);
        }
      }
    } catch (error) {
      if (error instanceof ReadingFailed) throw explained(part, error.cause);
      throw error instanceof DocumentError
        ? error
        : new DocumentError(`its part ${part} is damaged (${clause(error)})`);
    }
    try {
      return reader.end();
    } catch (error) {
      throw explained(part, error);
    }
  }

  async *#unpack(entry: Entry): AsyncGenerator<string> {
    const stream: AsyncIterable<Buffer> = await this.#zip.openReadStreamPromise(entry);
    let decoder: StringDecoder | null = null;
    for await (const chunk of stream) {
      this.#unpacked += chunk.length;
      if (this.#unpacked > MAX_UNPACKED_BYTES) throw tooLarge();
      const first = decoder === null;
      decoder ??= new StringDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf16le' : 'utf8');
      const text = decoder.write(chunk);
      yield first && text.startsWith('\ufeff') ? text.slice(1) : text;
    }
  }

  /** Of a part (`word/document.xml`), or of the package itself (``). */
  async relationships(part: string): Promise<Relationship[]> {
    const slash = part.lastIndexOf('/');
    const folder = part.slice(0, slash + 1);
    const root = await this.read(`${folder}_rels/${part.slice(slash + 1)}.rels`);
    if (root === undefined) return [];
    return childrenOf(root, 'Relationship').map(({ attributes }) => ({
      id: attributes['Id'] ?? '',
      kind: (attributes['Type'] ?? '').split('/').at(-1) ?? '',
      target: resolve(folder, attributes['Target'] ?? ''),
      external: attributes['TargetMode'] === 'External',
    }));
  }

  close(): void {
    this.#zip.close();
  }
}

/** Carries what the reader of the XML threw past the archive's own failures. */
class ReadingFailed extends Error {
  constructor(cause: unknown) {
    super('the XML could not be read', { cause });
  }
}

function explained(part: string, error: unknown): unknown {
  return error instanceof XmlError ? new DocumentError(`its part ${part} cannot be read: ${error.message}`) : error;
}

const tooLarge = (): DocumentError =>
  new DocumentError(`it unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB of XML`, true);

const clause = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const parts = folder.split('/').filter((part) => part !== '');
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
