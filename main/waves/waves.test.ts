// The wave worker: a large file is indexed and windowed while the main loop stays free, and its errors keep their codes.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Waves } from './waves.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-wave-worker-'));
const waves = new Waves();
afterAll(async () => {
  await waves.close();
  rmSync(folder, { recursive: true, force: true });
});

const SIGNALS = 200;
const code = (index: number): string => String.fromCharCode(33 + (index % 94), 33 + Math.floor(index / 94));

/** A clock and 199 registers of which a few change in each cycle. */
function writeVcd(file: string, bytes: number): number {
  const handle = openSync(file, 'w');
  const declared = Array.from({ length: SIGNALS }, (_, at) => `$var reg ${at % 4 === 0 ? 32 : 1} ${code(at)} s${at} $end`).join('\n');
  let size = writeSync(handle, `$timescale 1ns $end\n$scope module tb $end\n${declared}\n$upscope $end\n$enddefinitions $end\n`);
  let now = 0;
  for (let seed = 1; size < bytes;) {
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

test('a 30 MB file is indexed while the loop goes on beating, and read by windows and edges', async () => {
  const file = path.join(folder, 'large.vcd');
  const end = writeVcd(file, 30e6);
  let beats = 0;
  const beat = setInterval(() => { beats += 1; }, 1);
  const opened = await waves.open(file);
  const names = Array.from({ length: 30 }, (_, at) => `tb.s${at}`);
  await waves.window(file, names, 0, end, 1200);
  clearInterval(beat);
  expect(opened).toMatchObject({ tick: { factor: 1, unit: 'ns' }, end });
  expect(opened.signals).toHaveLength(SIGNALS);
  // Had the index been made in this thread, the loop would have stood still. Speed of indexing and redraw is in `npm run bench app`.
  expect(beats).toBeGreaterThan(3);

  for (const [from, to] of [[0, end], [end / 4, end / 2], [end / 2, end / 2 + 500]] as const) {
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
  writeFileSync(small, '$timescale 1ns $end $scope module t $end $var wire 1 ! a $end $upscope $end $enddefinitions $end\n#0\n0!\n#7\n1!\n');
  await expect(waves.window(small, ['t.a'], 0, 10, 10)).resolves.toEqual([{ name: 't.a', ticks: [0, 7], values: ['0', '1'] }]);
});
