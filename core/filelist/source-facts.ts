// What order, include path and tops of a design follow from, read once from the text of each source.
import { scanSource } from '../hdl/scan.ts';
import type { ScannedSource } from '../hdl/scan.ts';
import { readVhdl } from '../vhdl/units.ts';
import type { VhdlFacts } from '../vhdl/units.ts';

export interface SourceText {
  /** relative to the workspace root */
  readonly path: string;
  readonly text: string;
}

export interface VerilogFacts extends ScannedSource {
  readonly language: 'verilog';
}

export type SourceFacts = VerilogFacts | VhdlFacts;
export type SourceLanguage = SourceFacts['language'];

const VHDL = /\.(?:vhdl?|vho)$/i;
const VERILOG = /\.(?:sv|v|vlg|verilog|svp|vp)$/i;
const HEADER = /\.(?:svh|vh|svi|vinc)$/i;

/** The language that a file is compiled as; null: no source by its name. */
export function sourceLanguage(path: string): SourceLanguage | null {
  return VHDL.test(path) ? 'vhdl' : VERILOG.test(path) ? 'verilog' : null;
}

/** Files that are read by others' `` `include ``, never compiled by themselves unless somebody lists them. */
export const isHeader = (path: string): boolean => HEADER.test(path);

/** Sources and headers by their names. */
export const isHdlSource = (path: string): boolean => sourceLanguage(path) !== null || isHeader(path);

export function readFacts({ path, text }: SourceText): SourceFacts {
  return sourceLanguage(path) === 'vhdl' ? readVhdl(text) : { language: 'verilog', ...scanSource(text) };
}
