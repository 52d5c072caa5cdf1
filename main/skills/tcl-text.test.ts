import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord, tclComment, tclString, tclWord } from './tcl-text.ts';

/** Evaluates words in a real tclsh and gives back the code units of each result. */
function evaluated(words: readonly string[]): string[] {
  const script = `proc show {text} { set codes {}; foreach c [split $text ""] { scan $c %c n; lappend codes $n }; puts $codes }\n${words.map((word) => `show ${word}`).join('\n')}\n`;
  const output = execFileSync('tclsh', [], { input: script, encoding: 'utf8' });
  return output
    .split('\n')
    .slice(0, words.length)
    .map((line) => (line === '' ? '' : String.fromCharCode(...line.split(' ').map(Number))));
}

describe('tclString', () => {
  it('means exactly itself in a real Tcl, whatever it holds', () => {
    const hostile = [
      '',
      ' ',
      '$x [exit] ; exit',
      '"; exit 1; "',
      '{',
      '}',
      '\\',
      '\\\n',
      '#',
      'a\nb',
      '[exec touch /tmp/pwned]',
      '${x}',
      '\u00e9\u4e2d\ufffd',
      '\t\r\u0001\u007f',
      '-force',
    ];
    const random = fc.sample(
      fc.string({ unit: fc.integer({ min: 1, max: 0xd7ff }).map((code) => String.fromCharCode(code)), maxLength: 20 }),
      300,
    );
    const texts = [
      ...hostile,
      ...random,
      ...fc.sample(
        fc.string({
          unit: fc.constantFrom('"', '\\', '$', '[', ']', '{', '}', ';', '\n', ' ', '#', 'x'),
          maxLength: 12,
        }),
        300,
      ),
    ];
    expect(evaluated(texts.map(tclString))).toEqual(texts);
  });

  it('refuses what Tcl 8.6 cannot hold', () => {
    expect(() => tclString('a\0b')).toThrow(RangeError);
    // as the two halves that Tcl puts together again where it writes
    expect(tclString('\u{1F600}')).toBe('"\\ud83d\\ude00"');
  });
});

describe('tclWord', () => {
  it('gives lists whose elements are the values', () => {
    const words = ['[lindex', tclWord(['a b', '$c', '{']), '1]'].join(' ');
    expect(evaluated([words, `[llength ${tclWord([])}]`, tclWord(true), tclWord(-1.5), tclWord(null)])).toEqual([
      '$c',
      '0',
      '1',
      '-1.5',
      '',
    ]);
  });
});

describe('tclComment', () => {
  it('never continues on the next line', () => {
    expect(tclComment('ends with \\')).toBe('# ends with ');
    expect(tclComment('a\nexit')).toBe('# a exit');
  });
});

describe('shellWord', () => {
  it('means exactly itself in a real shell', () => {
    const texts = ['plain', "it's", '$(exit)', 'a b', '', '*', '`x`', '"', '\\'];
    const output = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${texts.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(output.split('\n').slice(0, -1)).toEqual(texts);
  });
});
