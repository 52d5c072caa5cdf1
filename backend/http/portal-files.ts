// The portal as the backend serves it: the built page of dist/portal, with the compressed forms that the build left
// beside its files. It holds no secret and calls the same API as everybody.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** No inline script or style, nothing from elsewhere, in no frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** The portal's own code needs no text that becomes script. */
export const PORTAL_POLICY = `${PAGE_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`;

/** Where the built files are served; the build writes it into the page (scripts/build.ts). */
export const PORTAL_BASE = '/portal/';

const FOLDER = path.resolve(import.meta.dirname, '../../dist/portal');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

export interface PortalFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: 'br' | 'gzip' | null;
  /** its name holds a hash of its content */
  readonly immutable: boolean;
}

/** By name below the folder, e.g. `index.html` or `assets/main-3f2a.js`; null when there is no such file. */
export class PortalFiles {
  readonly #folder: string;
  readonly #known = new Map<string, Promise<Uint8Array<ArrayBuffer> | null>>();

  constructor(folder = FOLDER) {
    this.#folder = folder;
  }

  async read(name: string, accepted: string): Promise<PortalFile | null> {
    const type = TYPES[path.extname(name)];
    if (type === undefined || !/^(assets\/)?[\w-][\w.-]*$/.test(name)) return null;
    const immutable = name.startsWith('assets/');
    for (const [encoding, ending] of ENCODINGS) {
      if (!new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
      const bytes = await this.#bytes(`${name}${ending}`);
      if (bytes !== null) return { type, bytes, encoding, immutable };
    }
    const bytes = await this.#bytes(name);
    return bytes === null ? null : { type, bytes, encoding: null, immutable };
  }

  /** Read once: the folder does not change while a process runs. What is not there yet is looked for again. */
  async #bytes(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const bytes = await readFile(path.join(this.#folder, name)).then(
      (read) => new Uint8Array(read),
      () => null,
    );
    if (bytes !== null) this.#known.set(name, Promise.resolve(bytes));
    return bytes;
  }
}
