import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { openVcd, openWaves, parseTime, timeToTicks } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'genrtl-waves-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const SMALL = `$date today $end
$timescale 10ps $end
$scope module tb $end
$var wire 1 ! clk $end
$scope module dut $end
$var wire 1 ! clk $end
$var reg 4 " count [3:0] $end
$var real 64 # level $end
$var wire 1 $ mem [2] $end
$upscope $end
$upscope $end
$enddefinitions $end
$comment not 0! a change $end
#0
$dumpvars
0! bx "
r0.5 #
$end
#10
1!
b101 "
#20 0!
1! 0!
b1111
"
#35
$dumpoff x! bx " $end
`;
const ns = (value: string) => ({ value, unit: 'ns' });
const ps = (value: string) => ({ value, unit: 'ps' });

describe('a VCD file', () => {
  it('gives hierarchy, time scale and range', async () => {
    const waves = await openVcd(write('small.vcd', SMALL));
    expect(waves.signals.map(({ name, width }) => [name, width])).toEqual([
      ['tb.clk', 1],
      ['tb.dut.clk', 1],
      ['tb.dut.count', 4],
      ['tb.dut.level', 64],
      ['tb.dut.mem[2]', 1],
    ]);
    expect(waves.timescale).toEqual({ factor: 10, unit: 'ps' });
    expect([waves.start, waves.end]).toEqual([ps('0'), ps('350')]);
    await waves.close();
  });

  it('extends values, folds changes of one time and carries the value at the window start', async () => {
    const waves = await openVcd(write('small2.vcd', SMALL));
    const { signals, window } = await waves.query({
      signals: ['count', 'tb.clk', 'level', 'nothing'],
      from: ps('150'),
      to: ps('300'),
    });
    expect(window).toEqual({ from: ps('150'), to: ps('300') });
    expect(signals).toEqual([
      {
        name: 'tb.dut.count',
        width: 4,
        changes: [
          [ps('150'), '0101'],
          [ps('200'), '1111'],
        ],
      },
      {
        name: 'tb.clk',
        width: 1,
        changes: [
          [ps('150'), '1'],
          [ps('200'), '0'],
        ],
      },
      { name: 'tb.dut.level', width: 64, changes: [[ps('150'), '0.5']] },
    ]);
    expect(await waves.valueAt('count', ps('0'))).toBe('xxxx');
    expect(await waves.valueAt('count', ps('199'))).toBe('0101');
    expect(await waves.valueAt('mem[2]', ps('350'))).toBeNull();
    expect(await waves.risingEdges('tb.clk')).toEqual([ps('100')]);
    await waves.close();
  });

  it.each([
    ['empty', ''],
    ['text', 'hello world'],
    ['cut header', '$scope module tb $end\n$var wire 1 ! clk'],
    ['binary', '\0\0\x01\x02'],
  ])('refuses what is none: %s', async (_name, text) => {
    await expect(openVcd(write('no.vcd', text))).rejects.toThrow(GenrtlError);
  });

  it('a mark with no digits behind it is unknown, never an empty value', async () => {
    const waves = await openVcd(write('bare.vcd', `${SMALL}#40 b " r # s !\n`));
    const values = await Promise.all(['count', 'level', 'tb.clk'].map((name) => waves.valueAt(name, ps('400'))));
    expect(values).toEqual(['xxxx', 'x', '""']);
    await waves.close();
  });

  it('survives a cut-off end and hostile bodies', async () => {
    for (const tail of [
      '#',
      '#12',
      'b10',
      'b10 ',
      '1',
      '$comment never ends',
      '#99999999999999999999999 1!',
      'b1 nosuch',
      '\xff\xfe',
    ]) {
      const waves = await openVcd(write('cut.vcd', SMALL + tail));
      await waves.query({ signals: ['clk', 'count'] });
      await waves.close();
    }
  });

  it('answers from checkpoints what a plain walk answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 255 })),
          { minLength: 1, maxLength: 60 },
        ),
        fc.integer({ min: 0, max: 200 }),
        async (steps, at) => {
          const names = ['a', 'b', 'c'];
          let text = `$timescale 1ns $end $scope module t $end ${names.map((name, index) => `$var wire 8 ${'!"%'.charAt(index)} ${name} $end`).join(' ')} $upscope $end $enddefinitions $end\n`;
          let now = 0;
          const last: (string | null)[] = [null, null, null];
          for (const [delta, signal, value] of steps) {
            now += delta;
            const bits = value.toString(2);
            text += `#${now}\nb${bits} ${'!"%'.charAt(signal)}\n`;
            if (now <= at) last[signal] = bits.padStart(8, '0');
          }
          const waves = await openVcd(write('random.vcd', text));
          for (const [index, name] of names.entries())
            expect(await waves.valueAt(name, ns(String(at)))).toBe(last[index]);
          await waves.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads a long file through its index', async () => {
    const parts = [
      '$timescale 1ns $end $scope module t $end $var wire 1 ! clk $end $var wire 32 " n [31:0] $end $var wire 1 rare_code rare $end $upscope $end $enddefinitions $end\n#0\n0!\nb0 "\n1rare_code\n',
    ];
    for (let cycle = 1; cycle <= 400_000; cycle++)
      parts.push(`#${cycle * 5}\n${cycle & 1}!\nb${cycle.toString(2)} "\n`);
    const waves = await openVcd(write('long.vcd', parts.join('')));
    expect(await waves.valueAt('n', ns('1500000'))).toBe((300_000).toString(2).padStart(32, '0'));
    // last changed some ten megabytes before
    expect(await waves.valueAt('rare', ns('1999999'))).toBe('1');
    const slice = await waves.query({ signals: ['clk', 'rare'], from: ns('1000001'), to: ns('1000012') });
    expect(slice.signals[0]?.changes).toEqual([
      [ns('1000001'), '0'],
      [ns('1000005'), '1'],
      [ns('1000010'), '0'],
    ]);
    expect(slice.signals[1]?.changes).toEqual([[ns('1000001'), '1']]);
    await waves.close();
  }, 30_000);
});

describe('an FST file', () => {
  it('reads like the VCD that it was made from', async () => {
    // vcd2fst wants one change a line
    const vcd = write(
      'source.vcd',
      `${SMALL.slice(0, SMALL.indexOf('$comment'))}#0\n$dumpvars\n0!\nbx "\n$end\n#10\n1!\nb101 "\n#20\n0!\nb1111 "\n#30\n1!\n`,
    );
    const fst = join(folder, 'source.fst');
    execFileSync('vcd2fst', [vcd, fst]);
    const [a, b] = [await openVcd(vcd), await openWaves(fst)];
    const query = { signals: ['tb.dut.count', 'tb.clk'], from: ps('0'), to: ps('250') };
    expect((await b.query(query)).signals).toEqual((await a.query(query)).signals);
    await a.close();
    await b.close();
  });

  it('is refused when it is none', async () => {
    await expect(openWaves(write('no.fst', '\x07nothing'))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(openWaves(join(folder, 'missing.vcd'))).rejects.toMatchObject({ code: 'USAGE' });
  });

  /** Opens a waveform with an fst2vcd that a hostile file has taken over: it does what `script` says. */
  async function takenOver(script: string): Promise<{ text: string } | { code: unknown }> {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'fst2vcd'), `#!/bin/sh\n# fst2vcd -f IN -o OUT\n${script}\n`, { mode: 0o755 });
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path ?? ''}`;
    try {
      const waves = await openWaves(write('run/hostile.fst', '\x07hostile'));
      const text = waves.signals.map(({ name }) => name).join(' ');
      await waves.close();
      return { text };
    } catch (error) {
      return { code: error instanceof GenrtlError ? error.code : error };
    } finally {
      process.env['PATH'] = path;
    }
  }

  it('converted by a program that it took over: it reads no home, reaches no network, writes nothing outside', async () => {
    mkdirSync(join(folder, 'run'), { recursive: true });
    const home = mkdtempSync(join(homedir(), '.genrtl-fst-'));
    writeFileSync(join(home, 'key'), 'c0ffee');
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const found = await takenOver(`
say() { printf '$var wire 1 ! %s $end\\n' "$1"; }
{
  printf '$timescale 1ns $end\\n$scope module t $end\\n'
  test -s '${home}/key' && say read_home
  echo x > '${folder}/run/beside' && say wrote_beside
  echo x > '${folder}/above' && say wrote_above
  echo x > '${home}/new' && say wrote_home
  bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' && say reached_network
  test -s "$2" && say read_the_waveform
  printf '$upscope $end\\n$enddefinitions $end\\n#0\\n'
} > "$4" 2>/dev/null`);
      expect(found).toEqual({ text: 't.read_the_waveform' });
      expect(existsSync(join(folder, 'above'))).toBe(false);
      expect(readdirSync(join(folder, 'run'))).toEqual(['hostile.fst']);
      expect(readdirSync(home)).toEqual(['key']);
    } finally {
      server.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('on which the converter crashes: the tool failed, not the file', async () => {
    mkdirSync(join(folder, 'run'), { recursive: true });
    expect(await takenOver('kill -SEGV $$')).toEqual({ code: 'TOOL_FAILED' });
    expect(await takenOver('exit 1')).toEqual({ code: 'USAGE' });
  });
});

describe('times', () => {
  it.each([
    ['1.5us', '1ns', 1500],
    ['0.1 ns', '1ps', 100],
    ['125', '10ps', 12500],
    ['7 ps', '1ns', 0],
    ['2 s', '1fs', 2e15],
  ])('%s at %s is tick %d', (text, scale, ticks) => {
    const time = parseTime(text);
    const match = /^(\d+)(\w+)$/.exec(scale);
    expect(time).not.toBeNull();
    expect(timeToTicks(time!, { factor: Number(match?.[1]), unit: match?.[2] as 'ns' })).toBe(ticks);
  });
  it('refuses other text', () => {
    expect(parseTime('soon')).toBeNull();
    expect(() => timeToTicks({ value: '1', unit: 'days' }, { factor: 1, unit: 'ns' })).toThrow(GenrtlError);
  });
});
