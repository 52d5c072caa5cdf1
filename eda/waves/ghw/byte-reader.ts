// Bytes of a file in order, read ahead in large pieces: numbers are taken from the buffer without waiting, and only
// `fill` waits.
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 20;

/** The file ended inside a value: a simulator that was killed leaves such files. */
export class CutOff extends Error {}

export class ByteReader {
  readonly #handle: FileHandle;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #offset = 0;
  #ended = false;
  bigEndian = false;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** At least `bytes` can be taken after this, or all that the file has. */
  async fill(bytes: number): Promise<void> {
    while (!this.#ended && this.#buffer.length - this.#at < bytes) {
      const more = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes));
      const { bytesRead } = await this.#handle.read(more, 0, more.length, this.#offset);
      this.#offset += bytesRead;
      if (bytesRead === 0) this.#ended = true;
      else this.#buffer = Buffer.concat([this.#buffer.subarray(this.#at), more.subarray(0, bytesRead)]);
      this.#at = bytesRead === 0 ? this.#at : 0;
    }
  }

  /** Whether fewer bytes than that are left in the buffer, and the file may have more. */
  isLow(bytes: number): boolean {
    return !this.#ended && this.#buffer.length - this.#at < bytes;
  }

  u8(): number {
    const value = this.#buffer[this.#at];
    if (value === undefined) throw new CutOff();
    this.#at += 1;
    return value;
  }

  text(bytes: number): string {
    return this.#take(bytes).toString('latin1');
  }

  i32(): number {
    const bytes = this.#take(4);
    return this.bigEndian ? bytes.readInt32BE() : bytes.readInt32LE();
  }

  /** Exact up to 2^53. */
  i64(): number {
    const bytes = this.#take(8);
    return Number(this.bigEndian ? bytes.readBigInt64BE() : bytes.readBigInt64LE());
  }

  f64(): number {
    const bytes = this.#take(8);
    return this.bigEndian ? bytes.readDoubleBE() : bytes.readDoubleLE();
  }

  /** Unsigned LEB128, exact up to 2^53. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 128) return value;
    }
  }

  /** Signed LEB128 of up to 64 bits. */
  signed(): bigint {
    let low = 0;
    let bits = 0;
    let byte = 0;
    do {
      byte = this.u8();
      if (bits >= 28) return this.#wideSigned(BigInt(low), BigInt(bits), byte);
      low |= (byte & 0x7f) << bits;
      bits += 7;
    } while (byte >= 128);
    return BigInt(byte & 0x40 ? low | (-1 << bits) : low);
  }

  #wideSigned(low: bigint, from: bigint, first: number): bigint {
    let value = low;
    let bits = from;
    let byte = first;
    for (;;) {
      value |= BigInt(byte & 0x7f) << bits;
      bits += 7n;
      if (byte < 128 || bits > 70n) break;
      byte = this.u8();
    }
    return BigInt.asIntN(64, byte & 0x40 ? value - (1n << bits) : value);
  }

  #take(bytes: number): Buffer {
    if (this.#buffer.length - this.#at < bytes) throw new CutOff();
    const piece = this.#buffer.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    return piece;
  }
}
