import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../spec/fixtures/cpu-time.ts';
import { scanned, tokenized } from './scan-by-tokens.fixture.ts';
import { scanSource } from './scan.ts';

const PIECES = `module interface program macromodule endmodule endinterface endprogram package endpackage automatic
  static virtual extern import export class foo bar u_x leaf \\esc+aped \\x::y :: # ## ( ) (* *) (*) ; , . ' : [ ] { } @ =
  $finish $display $unit 8'hff '0 12 1.5ns "text" "PASS" "\\"" "open // /* */ \` \`FOO \`BAR \`define \`ifdef \`ifndef
  \`elsif \`else \`endif \`include \`undef \`timescale begin end else wire logic input or posedge clk`.split(/\s+/);
const BETWEEN = [' ', ' ', ' ', ' ', '\n', '\n', '', '\t', ' // leaf u;\n', ' /* module x;\n */ ', '\r\n', ' \\\n'];

describe('a scan tells what the tokens tell', () => {
  it('of rows of pieces that nobody would write', () => {
    let state = 7;
    const pick = <T>(from: readonly T[]): T => {
      state = (state * 48_271) % 2_147_483_647;
      return from[state % from.length] as T;
    };
    for (let round = 0; round < 3_000; round++) {
      let text = '';
      for (let length = 5 + (round % 60); length > 0; length--) {
        const piece = pick(PIECES);
        // digits run into letters nowhere
        text += piece + (/^[\d']/.test(piece) ? ' ' : pick(BETWEEN));
      }
      expect(scanned(text), text).toEqual(tokenized(text));
    }
  });

  it('of every source of the packages, samples and fixtures', () => {
    const root = path.join(import.meta.dirname, '../..');
    const sources = globSync('{core,eda,main,resources,test}/**/*.{v,vh,sv,svh}', { cwd: root });
    expect(sources.length).toBeGreaterThan(100);
    for (const source of sources) {
      const text = readFileSync(path.join(root, source), 'utf8');
      expect(scanned(text), source).toEqual(tokenized(text));
    }
  });

  it.each(['module a #(', 'bind a [', 'module a import b, ', 'a /*', 'package `x ', 'module \\a\n`include'])(
    'in linear time of %j over and over',
    (piece) => {
      const text = piece.repeat(40_000);
      expect(cpuMs(() => scanSource(text))).toBeLessThan(2_000);
    },
  );
});
