// The reader of each language, by a file's name.
import type { ReadSource } from './model.ts';
import { readVhdlSource } from './vhdl/reader.ts';
import { readVerilog } from './verilog/reader.ts';

const VERILOG = /\.(?:sv|svh|v|vh)$/i;
const VHDL = /\.vhdl?$/i;

export const isVhdl = (path: string): boolean => VHDL.test(path);
export const isSource = (path: string): boolean => VERILOG.test(path) || isVhdl(path);

export function readSource(path: string, text: string): ReadSource {
  return isVhdl(path) ? readVhdlSource(text) : readVerilog(path, text);
}
