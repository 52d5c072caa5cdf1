// The built page's files by request path, for the shells that serve them. Only names found at start are served: no path
// reaches the disk.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelowSync } from '@genrtl/disk/files-below.ts';
import { GenrtlError } from '@genrtl/contracts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
  '.ico': 'image/x-icon',
};

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | null;
  /** true for names that carry a content hash */
  readonly immutable: boolean;
}

export class PageAssets {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;
  readonly #cache = new Map<string, Promise<Buffer>>();

  private constructor(folder: string, names: ReadonlySet<string>) {
    this.#folder = folder;
    this.#names = names;
  }

  /** `folder` is dist/renderer. Throws INTERNAL when the page was not built. */
  static open(folder: string): PageAssets {
    let names: string[];
    try {
      names = filesBelowSync(folder)
        .filter(({ kind }) => kind === 'file')
        .map((file) => file.path);
    } catch (cause) {
      throw new GenrtlError('INTERNAL', 'The page is not built.', { hint: 'Run `npm run build`.', cause });
    }
    if (!names.includes('index.html'))
      throw new GenrtlError('INTERNAL', 'The page is not built.', { hint: 'Run `npm run build`.' });
    return new PageAssets(folder, new Set(names));
  }

  /** For a host whose page another server serves. */
  static none(): PageAssets {
    return new PageAssets('', new Set());
  }

  /** `accept` is the request's Accept-Encoding. Null when there is no such file. */
  async get(pathname: string, accept: string): Promise<Asset | null> {
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (!this.#names.has(name) || /\.(br|gz)$/.test(name)) return null;
    const encoding =
      this.#names.has(`${name}.br`) && /\bbr\b/.test(accept)
        ? 'br'
        : this.#names.has(`${name}.gz`) && /\bgzip\b/.test(accept)
          ? 'gzip'
          : null;
    const file = encoding === null ? name : `${name}.${encoding === 'br' ? 'br' : 'gz'}`;
    return {
      body: await this.#read(file),
      type: TYPES[path.extname(name)] ?? 'application/octet-stream',
      encoding,
      immutable: name.startsWith('assets/'),
    };
  }

  /** Each file is read once however many requests ask for it at the same time. */
  #read(file: string): Promise<Buffer> {
    const known = this.#cache.get(file);
    if (known !== undefined) return known;
    const reading = readFile(path.join(this.#folder, file));
    this.#cache.set(file, reading);
    reading.catch(() => this.#cache.delete(file));
    return reading;
  }
}
