// Dumps as other tools write them, and as killed ones leave them. `changes` prints a signal as `time value` pairs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openVcd } from './index.ts';
import type { WaveFile } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'genrtl-foreign-vcd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withVcd<T>(text: string, use: (waves: WaveFile) => Promise<T>): Promise<T> {
  const path = join(folder, 'x.vcd');
  writeFileSync(path, text, 'latin1');
  const waves = await openVcd(path);
  try {
    return await use(waves);
  } finally {
    await waves.close();
  }
}

async function changes(waves: WaveFile, name: string, window = {}): Promise<string> {
  const { signals } = await waves.query({ signals: [name], ...window });
  return signals[0] === undefined
    ? 'no such signal'
    : signals[0].changes.map(([time, value]) => `${time.value}${time.unit} ${value}`).join(', ');
}

/** The last value of each signal, by name: what a scan of the whole file sees. */
async function scanned(waves: WaveFile): Promise<Record<string, string[]>> {
  const seen = new Map<number, string[]>(waves.signals.map(({ variable }) => [variable, []]));
  await waves.scan(new Set(seen.keys()), (variable, ticks, bytes, start, end) =>
    seen.get(variable)?.push(`${ticks} ${Buffer.from(bytes.subarray(start, end)).toString('latin1')}`),
  );
  return Object.fromEntries(waves.signals.map(({ name, variable }) => [name, seen.get(variable) ?? []]));
}

const head = (declarations: string, scale = '1ns'): string =>
  `$timescale ${scale} $end $scope module tb $end ${declarations} $upscope $end $enddefinitions $end\n`;
const ONE = '$var wire 1 ! a $end';

describe('declarations', () => {
  test.each([
    ['$end inside a name', '$var reg 1 ! frame$end $end $var wire 1 " b $end', ['tb.frame$end', 'tb.b']],
    ['$end in front of a name', '$var reg 1 ! $end$x $end $var wire 1 " b $end', ['tb.$end$x', 'tb.b']],
    ['$enddefinitions in a comment', '$comment no $enddefinitions yet $end $var wire 1 ! a $end', ['tb.a']],
    [
      'a negative index, with and without a blank',
      '$var wire 8 ! a[3:-4] $end $var wire 8 " b [3:-4] $end',
      ['tb.a', 'tb.b'],
    ],
    [
      'a range that rises from below zero',
      '$var wire 4 ! m[-2:1] $end $var wire 1 " n [-1] $end',
      ['tb.m', 'tb.n[-1]'],
    ],
    ['blanks inside a range', '$var wire 8 ! a [ 7 : 0 ] $end', ['tb.a']],
    ['elements of an array', '$var wire 8 ! m[0] [7:0] $end $var wire 8 " m[1][7:0] $end', ['tb.m[0]', 'tb.m[1]']],
    ['a scope without a name', '$scope module  $end $var wire 1 ! a $end $upscope $end', ['tb.a']],
    ['a scope without anything', '$scope $end $var wire 1 ! a $end $upscope $end', ['tb.a']],
    ['a name with blanks', '$var wire 1 ! \\my signal\\ $end', ['tb.\\my signal\\']],
    ['a declaration without its end', '$var wire 1 ! a\n$var wire 1 " b $end', ['tb.a', 'tb.b']],
    ['more $upscope than $scope', '$upscope $end $upscope $end $var wire 1 ! a $end', ['a']],
    ['names in UTF-8', `$var wire 1 ! ${Buffer.from('größe').toString('latin1')} $end`, ['tb.größe']],
  ])('%s', async (_name, declarations, names) =>
    withVcd(`${head(declarations)}#0\n0!\n`, async (waves) =>
      expect(waves.signals.map(({ name }) => name)).toEqual(names),
    ),
  );

  test('no $enddefinitions: the first time or dump begins the body', async () => {
    for (const body of ['#5\n1!\n', '$dumpvars 1! $end\n'])
      await withVcd(`${ONE} ${body}`, async (waves) => expect(await changes(waves, 'a')).toMatch(/ 1$/));
  });

  test('a byte order mark, Windows line ends, a header of many pieces', async () => {
    const many = Array.from({ length: 60_000 }, (_, at) => `$var wire 1 c${at} s${at} $end`).join('\r\n');
    await withVcd(`\xef\xbb\xbf\r\n${head(many)}#0\r\n0c59999\r\n#7\r\n1c59999\r\n`, async (waves) => {
      expect(waves.signals).toHaveLength(60_000);
      expect(await changes(waves, 's59999')).toBe('0ns 0, 7ns 1');
    });
  });
});

describe('time', () => {
  test.each([
    ['6666ps', '13332000ps'],
    ['500 ns', '1000000ns'],
    ['1.25 ns', '2500ns'],
    ['0.001fs', '2fs'],
    ['10 US', '20000us'],
  ])('a time scale of %s', async (scale, at) =>
    withVcd(`${head(ONE, scale)}#0\n0!\n#2000\n1!\n`, async (waves) => {
      expect((await changes(waves, 'a')).split(', ')[1]).toBe(`${at} 1`);
      expect(waves.notes).toEqual([]);
      // and back: the time that was shown finds its tick
      const [value, unit] = /^([\d.]+)(\w+)$/.exec(at)?.slice(1) ?? [];
      expect(await waves.valueAt('a', { value: value!, unit: unit! })).toBe('1');
    }),
  );

  test('a time scale that is none, or missing, is said', async () => {
    await withVcd(`${head(ONE, 'soon')}#0\n0!\n`, async ({ notes }) =>
      expect(notes).toEqual([{ code: 'timescale_unknown', detail: 'soon' }]),
    );
    await withVcd(`${ONE} $enddefinitions $end #0 0!\n`, async ({ notes }) =>
      expect(notes).toEqual([{ code: 'timescale_missing' }]),
    );
  });

  test('fractions of a tick', async () =>
    withVcd(`${head(ONE)}#0\n0!\n#3.2\n1!\n#6.0\n0!\n#9.125\n1!\n#1e1\n0!\n`, async (waves) => {
      expect(await changes(waves, 'a')).toBe('0ns 0, 3.2ns 1, 6ns 0, 9.125ns 1, 10ns 0');
      expect(await changes(waves, 'a', { from: { value: '3', unit: 'ns' }, to: { value: '7', unit: 'ns' } })).toBe(
        '3ns 0, 3.2ns 1, 6ns 0',
      );
      expect(waves.notes).toEqual([]);
    }));

  test.each([
    ['initial values without a time', '$dumpvars 1! $end\n#5000\n0!\n', '0ns 1, 5000ns 0'],
    ['initial values outside of any section', '1!\n#100\n0!\n', '0ns 1, 100ns 0'],
    ['initial values before a section that repeats them', '1!\n$dumpvars\n1!\n$end\n#7\n0!\n', '0ns 1, 7ns 0'],
    ['a last time that was cut in writing', '#0\n0!\n#1000\n1!\n#1500\n0!\n#20', '0ns 0, 1000ns 1, 1500ns 0'],
    ['a last time of which only the mark is there', '#0\n0!\n#1000\n1!\n#', '0ns 0, 1000ns 1'],
    ['a last change without a line end', '#0\n0!\n#1000\n1!', '0ns 0, 1000ns 1'],
    ['a value cut in writing', '#0\n0!\n#1000\n1!\n#2000\nb10', '0ns 0, 1000ns 1'],
  ])('%s', async (_name, body, expected) =>
    withVcd(`${head(ONE)}${body}`, async (waves) => {
      expect(await changes(waves, 'a')).toBe(expected);
      expect(waves.start.value).toBe('0');
    }),
  );

  test('time that goes back: nothing before it is lost, and it is said', async () =>
    withVcd(`${head(ONE)}#0\n0!\n#1000\n1!\n#2000\n0!\n#500\n1!\n#600\n0!\n#3000\n1!\n`, async (waves) => {
      expect(await changes(waves, 'a')).toBe('0ns 0, 1000ns 1, 2000ns 0, 3000ns 1');
      expect(waves.end.value).toBe('3000');
      expect(waves.notes).toEqual([{ code: 'time_goes_back', detail: '2000 ns' }]);
    }));
});

describe('values', () => {
  test('an event happens at each change', async () =>
    withVcd(`${head('$var event 1 ! done $end')}#0\n1!\n#10\n1!\n1!\n#20\n1!\n`, async (waves) => {
      expect(await changes(waves, 'done')).toBe('0ns 1, 10ns 1, 20ns 1');
      expect(await changes(waves, 'done', { from: { value: '11', unit: 'ns' } })).toBe('20ns 1');
      expect(await waves.risingEdges('done')).toHaveLength(3);
    }));

  test('events of one time are one, and one that never happens has none', async () =>
    withVcd(`${head('$var event 1 ! e $end $var event 1 " never $end')}#0\n#5\n1!\n#5\n1!\n#9\n1!\n`, async (waves) => {
      expect(await changes(waves, 'e')).toBe('5ns 1, 9ns 1');
      expect(await changes(waves, 'never')).toBe('');
    }));

  test('reals, texts with and without blanks, values apart from their identifier', async () =>
    withVcd(
      `${head('$var real 64 ! r $end $var string 1 " s $end $var wire 1 # w $end $var wire 4 $ v [3:0] $end')}
#0\nr1.5e-3 !\nshello "\n0 #\nbz $\n#1\nR-2 !\nshello big world "\n1 #\nBX1 $\n#2\ns\\040a\\x21\\"b "\n#3\ns "\n`,
      async (waves) => {
        expect(await changes(waves, 'r')).toBe('0ns 1.5e-3, 1ns -2');
        expect(await changes(waves, 's')).toBe('0ns hello, 1ns hello big world, 2ns  a!"b, 3ns ""');
        expect(await changes(waves, 'w')).toBe('0ns 0, 1ns 1');
        expect(await changes(waves, 'v')).toBe('0ns zzzz, 1ns xxx1');
        expect(waves.signals.find(({ name }) => name === 'tb.s')?.width).toBe(8);
        expect(waves.notes).toEqual([]);
      },
    ));

  test('a dump of ports, with strengths', async () =>
    withVcd(
      `${head('$var port 1 <0 clk $end $var port [3:0] <1 d $end')}#0\n$dumpports\npD 6 0 <0\npUDLx 0600 6006 <1\n$end\n#5\npU 0 6 <0\npZZHH 0 0 <1\n$vcdclose #9 $end\n`,
      async (waves) => {
        expect(await changes(waves, 'clk')).toBe('0ns 0, 5ns 1');
        expect(await changes(waves, 'd')).toBe('0ns 100x, 5ns zz11');
        expect(waves.notes).toEqual([]);
      },
    ));

  test('a time beyond 64 bits is none: five hundred digits, 1e99, and one that would still be a number', async () => {
    for (const time of ['9'.repeat(500), '1e99', `1${'0'.repeat(40)}`])
      await withVcd(`${head(ONE)}#0\n0!\n#5\n1!\n#${time}\n0!\n`, async (waves) => {
        expect(waves.notes).toEqual([{ code: 'not_understood', detail: '1' }]);
        expect(waves.end).toEqual({ value: '5', unit: 'ns' });
      });
  });

  test('what is not understood is counted and said', async () =>
    withVcd(`${head(ONE)}#0\n0!\n#5 1nosuch b1 nosuch\n#-5\n#1x\n1!\n`, async (waves) => {
      expect(waves.notes).toEqual([{ code: 'not_understood', detail: '4' }]);
      expect(await changes(waves, 'a')).toBe('0ns 0, 5ns 1');
    }));

  test('a comment in the body that speaks of $endings', async () =>
    withVcd(`${head(ONE)}#0\n0!\n$comment no $ending #5 1! here $end\n#7\n1!\n`, async (waves) =>
      expect(await changes(waves, 'a')).toBe('0ns 0, 7ns 1'),
    ));
});

describe('vectors that are dumped in parts', () => {
  const bits = (order: readonly number[], type = 'wire'): string =>
    order.map((bit) => `$var ${type} 1 ${'!"#$'.charAt(bit)} q [${bit}] $end`).join(' ');

  test.each([
    ['downwards', bits([3, 2, 1, 0]), '0ns 0000, 10ns 0001, 20ns 0010'],
    ['upwards', bits([0, 1, 2, 3], 'reg'), '0ns 0000, 10ns 1000, 20ns 0100'],
    ['in VHDL’s brackets', bits([3, 2, 1, 0]).replaceAll(/\[(\d)\]/g, '($1)'), '0ns 0000, 10ns 0001, 20ns 0010'],
    ['without blanks', bits([3, 2, 1, 0]).replaceAll('q [', 'q['), '0ns 0000, 10ns 0001, 20ns 0010'],
    [
      'across zero',
      bits([3, 2, 1, 0]).replaceAll(/\[(\d)\]/g, (_all, bit: string) => `[${Number(bit) - 2}]`),
      '0ns 0000, 10ns 0001, 20ns 0010',
    ],
  ])('%s', async (_name, declarations, expected) =>
    withVcd(`${head(declarations)}#0\n0!\n0"\n0#\n0$\n#10\n1!\n#20\n1"\n0!\n`, async (waves) => {
      expect(await changes(waves, 'q')).toBe(expected);
      expect(waves.find('q')[0]?.width).toBe(4);
      expect(await changes(waves, 'q', { from: { value: '12', unit: 'ns' } })).toBe(
        [`12ns ${expected.split(/[ ,]+/)[3]}`, expected.split(', ')[2]].join(', '),
      );
      expect(await waves.valueAt('q', { value: '15', unit: 'ns' })).toBe(expected.split(/[ ,]+/)[3]);
    }),
  );

  test('parts of several bits, single bits by their own name, a bit that never changes', async () =>
    withVcd(
      `${head('$var wire 2 ! q [3:2] $end $var wire 2 " q [1:0] $end $var wire 1 # r [1] $end $var wire 1 $ r [0] $end')}#0\nb10 !\n1$\n#5\nb1 "\n`,
      async (waves) => {
        expect(await changes(waves, 'q')).toBe('0ns 10xx, 5ns 1001');
        expect(await changes(waves, 'r[0]')).toBe('0ns 1');
        expect(await changes(waves, 'r')).toBe('0ns x1');
        expect((await scanned(waves))['tb.q']).toEqual(['0 b10xx', '5 b1001']);
      },
    ));

  test('a port that is declared twice and an array with gaps are not put together', async () =>
    withVcd(
      `${head('$var wire 4 ! o [3:0] $end $var wire 4 ! o [3:0] $end $var wire 1 " m [5] $end $var wire 1 # m [3] $end')}#0\n`,
      async (waves) => expect(waves.signals.map(({ name }) => name)).toEqual(['tb.o', 'tb.o', 'tb.m[5]', 'tb.m[3]']),
    ));
});
