// What the waveform room shows, as text: the shown signals with their changes in the window, within bounds.
import type { AskContext } from '@genrtl/contracts/ask.ts';
import { bridge } from '../../bridge/bridge.ts';
import { formatValue } from '../waves/radix.ts';
import { formatTicks } from '../waves/wave-time.ts';
import { useWaves } from '../waves/wave-store.ts';

const SIGNALS = 40;
const CHANGES = 40;
/** Finer than this a screen does not show, and a question does not need. */
const STEPS = 400;
const CHARS = 30_000;

export async function waveWindow(): Promise<AskContext> {
  const { workspace, path, opened, rows, view, cursorA, cursorB } = useWaves.getState();
  const shown = rows.flatMap((row) => (row.kind === 'signal' ? [row] : []));
  const asked = shown.slice(0, SIGNALS);
  const tick = opened?.tick ?? { factor: 1, unit: 'ns' };
  const time = (at: number): string => formatTicks(at, tick);
  const { rows: found } = await bridge.call('waves.window', {
    workspace,
    path: path ?? '',
    signals: asked.map((row) => row.name),
    from: view.from,
    to: view.to,
    pixels: STEPS,
  });
  const lines = found.map((row) => {
    const radix = asked.find((one) => one.name === row.name)?.radix ?? 'hex';
    const changes = row.ticks.map((at, index) => {
      const value = row.values[index];
      return `${time(at)}=${value === null || value === undefined ? '(many changes)' : formatValue(value, radix)}`;
    });
    const more = changes.length - CHANGES;
    return `${row.name}: ${changes.slice(0, CHANGES).join(' ')}${more > 0 ? ` … ${more} more changes` : ''}`;
  });
  const cursors = [
    ...(cursorA === null ? [] : [`cursor A at ${time(cursorA)}`]),
    ...(cursorB === null ? [] : [`cursor B at ${time(cursorB)}`]),
  ];
  const left = shown.length - asked.length;
  const text = [
    `${path ?? ''} from ${time(view.from)} to ${time(view.to)}; each change is time=value`,
    ...cursors,
    ...lines,
    ...(left > 0 ? [`… and ${left} more signals`] : []),
  ].join('\n');
  const name = `${(path ?? '').slice((path ?? '').lastIndexOf('/') + 1)} ${time(view.from)}–${time(view.to)}`;
  return {
    kind: 'view',
    name: name.slice(0, 300),
    text: text.length > CHARS ? `${text.slice(0, CHARS)}\n… (cut)` : text,
  };
}
