// GHW (GHDL's own waveform) to VCD: GHDL's `--vcd` leaves out records, enumerations and arrays of vectors, which a GHW
// holds. Read piece by piece; a file that a killed run left is converted as far as it goes.
// Format: GHDL's grt-waves.adb and ghwdump, versions 0 and 1 of the format (GHDL up to 5).
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { ByteReader, CutOff } from './byte-reader.ts';
import { readTypes, readValue, Unreadable } from './types.ts';
import type { GhwType } from './types.ts';
import { VariableTable, vcdChange, vcdType } from './variables.ts';
import type { Variable } from './variables.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

export const GHW_MAGIC = 'GHDLwave\n';
/** Enough for any record that is read without asking for more: a number, a name, bounds, a value. */
const MARGIN_BYTES = 4096;
/** A signal number and a value. */
const STEP_BYTES = 64;
const WRITE_CHARS = 1 << 18;
const HIERARCHY = {
  end: 0,
  design: 1,
  block: 3,
  generateIf: 4,
  generateFor: 5,
  instance: 6,
  package: 7,
  process: 13,
  generic: 14,
  endOfScope: 15,
  signal: 16,
  linkage: 21,
} as const;
const MAX_STRING_BYTES = 1 << 16;

/**
 * Both paths absolute. `cutOff`: the file ended early. Throws USAGE for a file that is none or cannot be understood.
 */
export async function convertGhw(ghw: string, vcd: string): Promise<{ cutOff: boolean }> {
  const from = await openRegular(ghw);
  const to = await open(vcd, 'w');
  try {
    return { cutOff: await new Conversion(from, to).run() };
  } catch (error) {
    if (error instanceof CutOff || error instanceof Unreadable)
      throw new GenrtlError('USAGE', `${ghw} cannot be read as a GHW waveform: ${error.message || 'it ends early'}.`, {
        hint: 'Give the file as GHDL wrote it, uncompressed, or dump VCD or FST.',
        cause: error,
      });
    throw error;
  } finally {
    await from.close();
    await to.close();
  }
}

class Conversion {
  readonly #reader: ByteReader;
  readonly #to: FileHandle;
  readonly #table = new VariableTable();
  #pending: string[] = [];
  #pendingChars = 0;
  #time = -1;
  /** since they were written */
  #changed: Variable[] = [];
  #first = true;
  #version = 0;

  constructor(from: FileHandle, to: FileHandle) {
    this.#reader = new ByteReader(from);
    this.#to = to;
  }

  async run(): Promise<boolean> {
    await this.#header();
    const cutOff = await this.#body();
    await this.#flush();
    return cutOff;
  }

  #write(text: string): void {
    this.#pending.push(text);
    this.#pendingChars += text.length;
  }

  async #flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingChars = 0;
    await this.#to.write(text, null, 'latin1');
  }

  readonly #more = async (): Promise<void> => {
    if (this.#pendingChars > WRITE_CHARS) await this.#flush();
    await this.#reader.fill(MARGIN_BYTES);
  };

  async #header(): Promise<void> {
    const reader = this.#reader;
    await this.#more();
    if (reader.text(GHW_MAGIC.length) !== GHW_MAGIC) throw new Unreadable('it does not begin as one');
    reader.text(2);
    this.#version = reader.u8();
    reader.bigEndian = reader.u8() === 2;
    reader.text(3);
    if (this.#version > 1) throw new Unreadable(`its format is of version ${this.#version}`);
    let strings: readonly string[] = [];
    let types: readonly GhwType[] = [];
    for (;;) {
      await this.#more();
      const mark = reader.text(4);
      if (mark === 'EOH\0') return;
      if (mark === 'STR\0') strings = await this.#strings();
      else if (mark === 'TYP\0') {
        reader.text(4);
        types = await readTypes(reader, reader.i32(), this.#version, strings, this.#more);
        if (reader.u8() !== 0) throw new Unreadable('its types do not end');
      } else if (mark === 'WKT\0') {
        reader.text(4);
        while (reader.u8() !== 0) reader.unsigned();
      } else if (mark === 'HIE\0') await this.#hierarchy(strings, types);
      else throw new Unreadable(`section ${JSON.stringify(mark)}`);
    }
  }

  /** Names, each with the length of the part that it shares with the next. */
  async #strings(): Promise<string[]> {
    const reader = this.#reader;
    reader.text(4);
    const count = reader.i32();
    reader.i32();
    const strings = ['<anon>'];
    let shared = '';
    for (let at = 0; at < count; at += 1) {
      let text = shared;
      let byte: number;
      for (;;) {
        if (reader.isLow(STEP_BYTES)) await this.#more();
        byte = reader.u8();
        if (byte <= 31 || (byte >= 128 && byte <= 159)) break;
        text += String.fromCharCode(byte);
        if (text.length > MAX_STRING_BYTES) throw new Unreadable('a name is too long');
      }
      strings.push(text);
      let length = byte & 0x1f;
      for (let scale = 32; byte >= 128; scale *= 32) {
        byte = reader.u8();
        length += (byte & 0x1f) * scale;
      }
      shared = text.slice(0, length);
    }
    if (reader.text(4) !== 'EOS\0') throw new Unreadable('its names do not end');
    return strings;
  }

  async #hierarchy(strings: readonly string[], types: readonly GhwType[]): Promise<void> {
    const reader = this.#reader;
    reader.text(16);
    const name = (): string => word(strings[reader.unsigned()] ?? '');
    const typeAt = (): GhwType => {
      const type = types[reader.unsigned() - 1];
      if (type === undefined) throw new Unreadable('a signal has no type');
      return type;
    };
    this.#write('$timescale 1 fs $end\n');
    for (let depth = 0; ; ) {
      await this.#more();
      const kind = reader.u8();
      if (kind === HIERARCHY.end) break;
      if (kind === HIERARCHY.endOfScope) {
        if (depth > 0) this.#write('$upscope $end\n');
        depth -= 1;
      } else if (kind === HIERARCHY.process) {
        // has no signals and no end
        name();
      } else if (kind >= HIERARCHY.signal && kind <= HIERARCHY.linkage) {
        const signal = name();
        const type = typeAt();
        // the numbers of a wide signal are more than the margin holds
        await reader.fill(5 * scalarCount(type) + MARGIN_BYTES);
        for (const one of this.#table.declare(signal, type, () => reader.unsigned()))
          this.#write(`$var ${vcdType(one.variable)} ${one.variable.code} ${one.name} ${one.range} $end\n`);
      } else if (kind <= HIERARCHY.generic) {
        let scope = name();
        if (kind === HIERARCHY.generateFor) {
          const type = typeAt();
          if (type.shape !== 'scalar') throw new Unreadable('a loop counts something else');
          scope += `(${type.scalar.kind === 'integer' ? reader.signed() : readValue(reader, type.scalar)})`;
        }
        this.#write(`$scope module ${scope} $end\n`);
        depth += 1;
      } else throw new Unreadable(`part of kind ${kind}`);
    }
    this.#write('$enddefinitions $end\n');
  }

  /** Snapshots and cycles; true when the file ends inside one or without its directory. */
  async #body(): Promise<boolean> {
    const reader = this.#reader;
    try {
      for (;;) {
        await this.#more();
        const mark = reader.text(4);
        if (mark === 'SNP\0') await this.#snapshot();
        else if (mark === 'CYC\0') await this.#cycle();
        else if (mark === 'DIR\0' || mark === 'TAI\0') return false;
        else throw new Unreadable(`section ${JSON.stringify(mark)}`);
      }
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      this.#emit();
      return true;
    }
  }

  async #snapshot(): Promise<void> {
    const reader = this.#reader;
    reader.text(4);
    this.#setTime(reader.i64());
    for (const id of [...this.#table.scalars.keys()].sort((a, b) => a - b)) {
      if (reader.isLow(STEP_BYTES)) await this.#more();
      this.#value(id);
    }
    this.#emit();
    if (reader.text(4) !== 'ESN\0') throw new Unreadable('a snapshot does not end');
  }

  async #cycle(): Promise<void> {
    const reader = this.#reader;
    let time = reader.i64();
    for (;;) {
      this.#setTime(time);
      let id = 0;
      for (;;) {
        if (reader.isLow(STEP_BYTES)) await this.#more();
        const step = reader.unsigned();
        if (step === 0) break;
        id += step;
        this.#value(id);
      }
      this.#emit();
      const delta = Number(reader.signed());
      if (delta < 0) break;
      time += delta;
      if (this.#pendingChars > WRITE_CHARS) await this.#flush();
    }
    if (reader.text(4) !== 'ECY\0') throw new Unreadable('a cycle does not end');
  }

  #setTime(time: number): void {
    if (time === this.#time) return;
    this.#time = time;
    this.#write(`#${time}\n`);
  }

  #value(id: number): void {
    const scalar = this.#table.scalars.get(id);
    if (scalar === undefined) throw new Unreadable('a value belongs to no signal');
    const value = readValue(this.#reader, scalar);
    for (const { variable, at } of this.#table.places.get(id) ?? []) {
      if (variable.state[at] === value) continue;
      variable.state[at] = value;
      if (!variable.dirty) this.#changed.push(variable);
      variable.dirty = true;
    }
  }

  #emit(): void {
    const first = this.#first;
    this.#first = false;
    for (const variable of first ? this.#table.variables : this.#changed) {
      variable.dirty = false;
      this.#write(vcdChange(variable));
    }
    this.#changed = [];
  }
}

/** A name as one word of a VCD. */
const word = (name: string): string => name.replace(/\s/g, '_') || '_';

function scalarCount(type: GhwType): number {
  if (type.shape === 'scalar') return 1;
  if (type.shape === 'record') return type.fields.reduce((sum, [, field]) => sum + scalarCount(field), 0);
  const elements = (type.bounds ?? []).reduce(
    (product, { left, right, downto }) => product * Math.max(0, downto ? left - right + 1 : right - left + 1),
    1,
  );
  return Math.min(1 << 26, elements * scalarCount(type.element));
}
