// The wave worker: a large file is indexed and windowed while the main loop stays free, and its errors keep their
// codes.
import { closeSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WaveLibrary } from './wave-library.ts';
import { Waves } from './waves.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-wave-worker-'));
const waves = new Waves();
afterAll(async () => {
  await waves.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a descriptor of this process stands for. */
function openedAs(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

const SIGNALS = 200;
const code = (index: number): string => String.fromCharCode(33 + (index % 94), 33 + Math.floor(index / 94));

/** A clock and 199 registers of which a few change in each cycle. */
function writeVcd(file: string, bytes: number): number {
  const handle = openSync(file, 'w');
  const declared = Array.from(
    { length: SIGNALS },
    (_, at) => `$var reg ${at % 4 === 0 ? 32 : 1} ${code(at)} s${at} $end`,
  ).join('\n');
  let size = writeSync(
    handle,
    `$timescale 1ns $end\n$scope module tb $end\n${declared}\n$upscope $end\n$enddefinitions $end\n`,
  );
  let now = 0;
  for (let seed = 1; size < bytes; ) {
    let text = '';
    for (let cycle = 0; cycle < 2000; cycle++) {
      now += 5;
      text += `#${now}\n${now % 10 === 0 ? 0 : 1}${code(1)}\n`;
      for (let change = 0; change < 6; change++) {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
        const at = 2 + (seed % (SIGNALS - 2));
        text += at % 4 === 0 ? `b${(seed >>> 3).toString(2)} ${code(at)}\n` : `${(seed >> 7) & 1}${code(at)}\n`;
      }
    }
    size += writeSync(handle, text);
  }
  closeSync(handle);
  return now;
}

test('a file that is written anew or closed while it is read', async () => {
  const file = path.join(folder, 'again.vcd');
  const library = new WaveLibrary();
  const end = writeVcd(file, 4e6);
  await library.open(file);
  const names = (from: number): string[] => Array.from({ length: 20 }, (_, at) => `tb.s${from + at}`);
  const early = library.window(file, names(0), 0, end, 800);
  writeVcd(file, 5e6);
  const late = [library.window(file, names(20), 0, end, 800), library.window(file, names(40), 0, end, 800)];
  for (const rows of await Promise.all([early, ...late])) expect(rows).toHaveLength(20);
  const cut = library.window(file, names(60), 0, end, 800);
  const told = expect(cut).rejects.toMatchObject({ code: 'CANCELLED' });
  await new Promise(setImmediate);
  await library.close();
  await told;
  expect(
    readdirSync('/proc/self/fd')
      .map((fd) => openedAs(fd))
      .filter((name) => name.startsWith(file)),
  ).toEqual([]);
});

test('a 30 MB file is indexed while the loop goes on beating, and read by windows and edges', async () => {
  const file = path.join(folder, 'large.vcd');
  const end = writeVcd(file, 30e6);
  let beats = 0;
  const beat = setInterval(() => {
    beats += 1;
  }, 1);
  const opened = await waves.open(file);
  const names = Array.from({ length: 30 }, (_, at) => `tb.s${at}`);
  await waves.window(file, names, 0, end, 1200);
  clearInterval(beat);
  expect(opened).toMatchObject({ tick: { factor: 1, unit: 'ns' }, end });
  expect(opened.signals).toHaveLength(SIGNALS);
  // Had the index been made in this thread, the loop would have stood still. Speed of indexing and redraw is in `npm
  // run bench app`.
  expect(beats).toBeGreaterThan(3);

  for (const [from, to] of [
    [0, end],
    [end / 4, end / 2],
    [end / 2, end / 2 + 500],
  ] as const) {
    const rows = await waves.window(file, names, from, to, 1200);
    expect(rows).toHaveLength(30);
  }
  expect(await waves.edge(file, 'tb.s1', 12, 'next')).toBe(15);
  expect(await waves.edge(file, 'tb.s1', 12, 'previous')).toBe(10);
}, 30_000);

test('a file that is no waveform is refused with its code, and the worker goes on', async () => {
  const file = path.join(folder, 'text.vcd');
  writeFileSync(file, 'no waveform');
  await expect(waves.open(file)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(waves.open(path.join(folder, 'gone.vcd'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const small = path.join(folder, 'small.vcd');
  writeFileSync(
    small,
    '$timescale 1ns $end $scope module t $end $var wire 1 ! a $end $upscope $end $enddefinitions $end\n#0\n0!\n#7\n1!\n',
  );
  await expect(waves.window(small, ['t.a'], 0, 10, 10)).resolves.toEqual([
    { name: 't.a', ticks: [0, 7], values: ['0', '1'] },
  ]);
});
