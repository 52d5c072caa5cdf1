// Register tables as spreadsheets save them.
import { describe, expect, test } from 'vitest';
import { readCsv, readRegisterCsv } from './register-csv.ts';
import { descriptionMarkdown } from './to-markdown.ts';

const markdown = (text: string): string => descriptionMarkdown(readRegisterCsv(text, 'timer.csv').description);
const notes = (text: string): string[] =>
  readRegisterCsv(text, 'timer.csv').notes.map((note) => `${note.line ?? ''} ${note.text}`);

describe('CSV', () => {
  test.each([
    [
      'a,b\n1,"x, ""y""\nz"\n',
      [
        ['a', 'b'],
        ['1', 'x, "y"\nz'],
      ],
    ],
    [
      'a;b\r\n1,5;2\r\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    ['sep=|\na|b\n', [['a', 'b']]],
    [
      'Reg | Addr\nA | 0h\n',
      [
        ['Reg', 'Addr'],
        ['A', '0h'],
      ],
    ],
    [
      '# saved by, a, tool\n\n// second remark\na;b\n#1;2\n',
      [
        ['a', 'b'],
        ['#1', '2'],
      ],
    ],
    [
      '\ufeffa\tb\n\n1\t\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
  ])('%j', (text, cells) => {
    expect(readCsv(text).map((row) => row.cells)).toEqual(cells);
  });
  test('a row knows its line, behind cells of several lines too', () => {
    expect(readCsv('a,b\n"1\n2",3\n4,5\n').map((row) => row.line)).toEqual([1, 2, 4]);
    expect(readCsv('# remark\na,b\n1,2\n').map((row) => row.line)).toEqual([2, 3]);
    expect(() => readCsv('a,"b')).toThrow(/no end/);
  });
});

test('rows of registers and rows of their fields', () => {
  const text = markdown(
    'Register;Address;Field;Bits;Access;Reset;Description;Owner\nCTRL;0x00;;;RW;0x10;"main, all";\n;;EN;0;RW;0;enable;fw\n;;MODE;[3:1];RW;2;a | b;\nSTAT;0x04;BUSY;0;RO;0;busy;\nSTAT;0x04;ERR;1;W1C;0;error;\n',
  );
  expect(text).toContain('| 0x0 | CTRL | 32 | RW | 0x10 | main, all |');
  expect(text).toContain('| 3:1 | MODE | RW | 2 | a \\| b |\n| 0 | EN | RW | 0 | enable<br>Owner: fw |');
  expect(text).toContain('| 1 | ERR | W1C | 0 | error |\n| 0 | BUSY | RO | 0 | busy |');
});

test('one row a register, under other names and with addresses that are hexadecimal without saying so', () => {
  const text = 'My block,,,\nName,Offset,Default value,Remarks\nA,00,1,first\nB,0C,,second\n';
  expect(markdown(text)).toContain('My block');
  expect(markdown(text)).toContain('| 0x0 | A | 32 | | 1 | first |\n| 0xc | B | 32 | | | second |');
  expect(notes(text)).toEqual(['2 the base of the addresses is not given; hexadecimal was assumed']);
});

test('Chinese column names', () => {
  const text = markdown('寄存器名称,偏移地址,位域,位,读写属性,复位值,描述\n控制,0x0,EN,0,RW,1,使能\n');
  expect(text).toContain('| 0 | EN | RW | 1 | 使能 |');
});

test('columns of high and low bits, of a low bit and a width', () => {
  expect(markdown('reg,addr,field,msb,lsb,access\nR,0,a,7,4,rw\n')).toContain('| 7:4 | a | rw |');
  expect(markdown('reg,addr,field,lsb,width,access\nR,0,a,4,4,rw\n')).toContain('| 7:4 | a | rw |');
});

test('a table of ports', () => {
  const text = 'Port,Direction,Width,Description,Domain\nclk,in,1,clock,\nd,INPUT,W,data,core\nx,sideways,1,,\n';
  expect(markdown(text)).toContain('| clk | input | 1 | clock |\n| d | input | W | data<br>Domain: core |');
  expect(notes(text)).toEqual(['4 the direction of x was not understood: sideways']);
});

test('what is not understood is said with its line', () => {
  expect(notes('Register,Address,Field,Bits,Access\nR,somewhere?,a,first,rw\n,,b,x,rw\nQ,,c,1,rw\n')).toEqual([
    '2 the bits of a was not understood: first',
    '3 the bits of b was not understood: x',
    '4 the address of Q is not given; 0x0 was assumed',
  ]);
  expect(markdown('a,b\n1,2\n')).toContain('| a | b |\n|---|---|\n| 1 | 2 |');
  expect(notes('a,b\n1,2\n')[0]).toMatch(/^1 the header was not understood: a, b names no register/);
});
