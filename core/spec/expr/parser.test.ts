import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './constant.ts';
import { parseExpr } from './parser.ts';
import { printExpr } from './print.ts';

const pins = (instance: string, port: string) => `${instance}.${port}`;
const print = (text: string) => {
  const parsed = parseExpr(text);
  return 'expr' in parsed ? printExpr(parsed.expr, pins) : parsed.error;
};
const value = (text: string) => {
  const parsed = parseExpr(text);
  return 'expr' in parsed ? evaluate(parsed.expr, () => undefined) : parsed.error;
};

describe('parseExpr', () => {
  it.each([
    ['2 + 3 * 4', 14n],
    ['2 ** 3 ** 2', 64n],
    ['10 - 4 - 3', 3n],
    ['1 << 2 + 1', 8n],
    ['1 ? 2 : 0 ? 3 : 4', 2n],
    ['0 ? 2 : 0 ? 3 : 4', 4n],
    ['7 & 3 == 3', 1n],
    ['6 | 1 ^ 1', 6n],
    ['!0 && 2', 1n],
    ['-7 / 2', -3n],
    ['-7 % 2', -1n],
    ['~0', -1n],
    ["4'hF + 4'd1", 16n],
    ["8'b1010_1010", 170n],
    ["'hff", 255n],
    ["16 'o 17", 15n],
    ['$clog2(9)', 4n],
    ['$clog2(1)', 0n],
    ['$clog2(8)', 3n],
    ["{2'b10, 3'b011}", 19n],
    ["{3{2'b01}}", 21n],
    ['2 ** -1', 0n],
    ['1 / 0', undefined],
    ['2 ** 100000', undefined],
    ['1 << 1000000', undefined],
    ['(1 << 65535) * (1 << 65535)', undefined],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    ['a&b|c', '(a & b) | c'],
    ['a+b+c', 'a + b + c'],
    ['a-(b-c)', 'a - (b - c)'],
    ['a~^b', 'a ~^ b'],
    ['a^~b', 'a ~^ b'],
    ['a & &b', 'a & (&b)'],
    ['u_fifo.level[2:0]', 'u_fifo.level[2:0]'],
    ['x[i+:4]', 'x[i +: 4]'],
    ['{4{a,b}}', '{4{a, b}}'],
    ['!a==b', '!a == b'],
    ['a?b:c?d:e', 'a ? b : c ? d : e'],
    ['a+1 > b', 'a + 1 > b'],
    ['a>b && c!=d || e', '(a > b && c != d) || e'],
    ["4'bx01z", "4'bx01z"],
    ["6'bx", "6'bxxxxxx"],
    ["14'hA?", "14'b0000001010zzzz"],
    ["'dx", "'bx"],
  ])('prints %s as %s', (text, expected) => {
    expect(print(text)).toBe(expected);
  });

  it.each([
    '',
    'a +',
    '(a',
    'a b',
    '{}',
    'a[',
    'a[1',
    'f(a)',
    '$signed(a)',
    'a.b.c',
    "8'",
    "8'hxyz",
    "3'sd1",
    '1.5',
    '8bits',
    'a[1][2]',
    "'1",
    'a = b',
    'a ? b',
    'é',
    '"text"',
    '`A',
    '\\a ',
  ])('refuses %j', (text) => {
    expect(parseExpr(text)).toHaveProperty('error');
  });

  it('says which function cannot be called and which literal does not fit', () => {
    expect(parseExpr('$random(a)')).toMatchObject({ call: '$random' });
    expect(parseExpr("4'd16")).toMatchObject({ code: 'SPEC_WIDTH' });
    expect(parseExpr("2'hx")).not.toHaveProperty('error');
  });

  it.each(['(', '{', '-', '!', '~&', 'a?', 'a[', '$clog2('])('survives 100,000 times %s', (piece) => {
    expect(parseExpr(piece.repeat(100_000))).toHaveProperty('error');
  });

  it('bounds trees that grow without nesting', () => {
    expect(parseExpr(Array(100_000).fill('a').join('+'))).toHaveProperty('error');
    expect(parseExpr(Array(300).fill('a').join('+'))).not.toHaveProperty('error');
  });

  it('never throws, and what it prints it reads again as the same', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'u.q',
      '1',
      "4'hA",
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      '+',
      '-',
      '*',
      '?',
      ':',
      '&&',
      '|',
      '~',
      '!',
      '<<',
      '**',
      '==',
      '===',
      '>=',
      '+:',
      '$clog2',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const parsed = parseExpr(pieces.join(''));
        if ('error' in parsed) return;
        const again = parseExpr(printExpr(parsed.expr, pins));
        expect(again).toEqual(parsed);
      }),
      { numRuns: 3000 },
    );
  });
});
