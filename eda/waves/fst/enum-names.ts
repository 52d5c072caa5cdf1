// The enumerations that an FST file declares beside its signals (GTKWave's fstapi.h: blocks, hierarchy, attributes).
// fst2vcd leaves them out; everything else of the file goes through it.
import { gunzipSync, inflateSync } from 'node:zlib';
import type { StateName } from '@genrtl/contracts/language.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';
import { decodeLz4 } from './lz4.ts';

/** By the signal's full name, as the converted file has it. */
export type EnumNames = ReadonlyMap<string, readonly StateName[]>;

/** A hierarchy beyond this is not unpacked: names are not worth more memory. */
const MAX_BYTES = 256 * 1024 * 1024;
const BLOCK = { hierarchy: 4, hierarchyLz4: 6, hierarchyLz4Twice: 7 } as const;
const TAG = { attributeBegin: 252, attributeEnd: 253, scope: 254, upscope: 255 } as const;
const MISC = 0;
const ENUM_TABLE = 7;

/** Empty where a file declares none, and where its declarations cannot be read: the signals keep their numbers. */
export async function readEnumNames(path: string): Promise<EnumNames> {
  const packed = await hierarchyOf(path);
  const text = packed === null ? null : unpack(packed);
  return text === null ? new Map() : namesIn(text);
}

interface Packed {
  readonly type: number;
  readonly size: number;
  readonly body: Buffer;
}

/** Goes from block to block by their lengths; nothing but the hierarchy is read. */
async function hierarchyOf(path: string): Promise<Packed | null> {
  const handle = await openRegular(path);
  try {
    const head = Buffer.alloc(17);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(head, 0, head.length, at);
      if (bytesRead < head.length) return null;
      const type = head.readUInt8(0);
      const length = Number(head.readBigUInt64BE(1));
      if (Object.values<number>(BLOCK).includes(type)) {
        const size = Number(head.readBigUInt64BE(9));
        if (length < 16 || length > MAX_BYTES || size > MAX_BYTES) return null;
        const body = Buffer.alloc(length - 16);
        const read = await handle.read(body, 0, body.length, at + 17);
        return read.bytesRead === body.length ? { type, size, body } : null;
      }
      if (length < 8) return null;
      at += 1 + length;
    }
  } finally {
    await handle.close();
  }
}

function unpack({ type, size, body }: Packed): Uint8Array | null {
  if (type === BLOCK.hierarchyLz4) return decodeLz4(body, size);
  if (type === BLOCK.hierarchyLz4Twice) {
    const between = body.length < 8 ? Number.POSITIVE_INFINITY : Number(body.readBigUInt64BE(0));
    if (between > MAX_BYTES) return null;
    const once = decodeLz4(body.subarray(8), between);
    return once === null ? null : decodeLz4(once, size);
  }
  try {
    const options = { maxOutputLength: Math.max(size, 1) };
    return body[0] === 0x1f ? gunzipSync(body, options) : inflateSync(body, options);
  } catch {
    return null;
  }
}

function namesIn(hierarchy: Uint8Array): EnumNames {
  const bytes = Buffer.from(hierarchy.buffer, hierarchy.byteOffset, hierarchy.byteLength);
  let at = 0;
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    const found = bytes.toString('utf8', at, end === -1 ? bytes.length : end);
    at = end === -1 ? bytes.length : end + 1;
    return found;
  };
  const number = (): number => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) break;
    }
    return value;
  };
  const tables = new Map<number, readonly StateName[]>();
  const found = new Map<string, readonly StateName[]>();
  const scopes: string[] = [];
  let next: readonly StateName[] | undefined;
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    if (tag === TAG.scope) {
      at += 1;
      scopes.push(text());
      text();
    } else if (tag === TAG.upscope) scopes.pop();
    else if (tag === TAG.attributeBegin) {
      const [kind, subkind] = [bytes[at++], bytes[at++]];
      const [name, argument] = [text(), number()];
      if (kind !== MISC || subkind !== ENUM_TABLE) continue;
      // with a text it is declared, without one it belongs to the signal that follows
      if (name === '') next = tables.get(argument);
      else tables.set(argument, tableOf(name));
    } else if (tag !== TAG.attributeEnd) {
      at += 1;
      const name = text().replace(/\s*\[-?\d+:-?\d+\]$/, '');
      number();
      number();
      if (next !== undefined && next.length > 0)
        found.set([...scopes.filter((scope) => scope !== ''), name].join('.'), next);
      next = undefined;
    }
  }
  return found;
}

/** `state_t 3 IDLE LOAD RUN 00 01 11`; a value that is no number (x, z) has no name. */
function tableOf(text: string): StateName[] {
  const [, count = '0', ...words] = text.split(' ');
  const names = words.slice(0, Number(count));
  return names.flatMap((name, at) => {
    const bits = words[names.length + at] ?? '';
    return /^[01]{1,4096}$/.test(bits) ? [{ name: unescaped(name), value: BigInt(`0b${bits}`).toString() }] : [];
  });
}

/** fstUtilityBinToEsc writes what a word cannot hold as `\x20`, `\n`, `\\`. */
const unescaped = (name: string): string =>
  name.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    code.startsWith('x') && code.length === 3 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : code,
  );
