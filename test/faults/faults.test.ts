// A small draw of planted faults with the real tools; scripts/soak faults runs hundreds with any seed.
import { describe, expect, it } from 'vitest';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { drawFaults, FAULT_CLASSES, faultsOf, plant } from '@genrtl/eda/faults/index.ts';
import { detectTool } from '@genrtl/eda/runner/index.ts';
import { allDesigns } from './designs.ts';
import { judge } from './judge.ts';
import { measureFaults } from './measure.ts';
import { GOAL, localisedShare, reportTable } from './report.ts';

const designs = allDesigns();
const sources = designs.flatMap((design) => design.rtl.map((file) => file.text));

describe('the generator', () => {
  it('draws the same faults for the same seed, others for another', () => {
    const ids = (seed: number): string =>
      JSON.stringify([...drawFaults(sources, seed).values()].map((list) => list.slice(0, 20)));
    expect(ids(7)).toBe(ids(7));
    expect(ids(7)).not.toBe(ids(8));
  });

  it('offers every class, each fault a change that keeps the lines where they are', () => {
    const offered = new Set(sources.flatMap((text) => faultsOf(text).map((fault) => fault.class)));
    expect([...offered].sort()).toEqual([...FAULT_CLASSES].sort());
    for (const text of sources) {
      for (const fault of faultsOf(text)) {
        const planted = plant(text, fault);
        expect(planted).not.toBe(text);
        const [before, after] = [text.split('\n'), planted.split('\n')];
        expect(after).toHaveLength(before.length);
        const changed = before.flatMap((line, at) => (line === after[at] ? [] : [at + 1]));
        expect(Math.min(...fault.lines), fault.description).toBeLessThanOrEqual(Math.max(...changed));
      }
    }
  });
});

it('localises planted faults with the real tools', async (context) => {
  for (const id of ['verilator', 'icarus'] as const) {
    const adapter = adapterById(id);
    if (adapter === undefined || (await detectTool(adapter, process.env)) === null) {
      context.skip(`${id} is not installed`);
      return;
    }
  }
  const measurement = await measureFaults({ designs, seed: 2026, count: 24, parallel: 2 });
  expect(measurement.outcomes).toHaveLength(24);
  expect(localisedShare(measurement), reportTable(measurement)).toBeGreaterThanOrEqual(GOAL);
  // the judge is no pushover: the same evidence leads to no other place of the design
  const strangers = measurement.outcomes.filter((outcome) => {
    const fault = { ...outcome.fault, lines: [100_000], signals: ['no_such_signal'] };
    const { line, signal, shown } = judge(outcome.bundle, outcome.file, fault, 100);
    return line || signal || shown;
  });
  expect(strangers).toEqual([]);
}, 120_000);
