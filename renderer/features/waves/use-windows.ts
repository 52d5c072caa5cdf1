// Changes of the shown signals, a window at a time: what is drawn comes from memory, the next window is fetched behind
// it.
import { useEffect, useRef, useState } from 'react';
import type { WaveRow } from '@genrtl/contracts/waves.ts';
import { bridge } from '../../bridge/bridge.ts';
import { showError } from '../../state/notice-store.ts';
import type { View } from './wave-store.ts';

/** Fetched on each side of the view, in widths of it: panning shows known data at once. */
const MARGIN = 0.5;
const MAX_PIXELS = 10_000;
const BATCH = 500;

export interface WaveWindow {
  readonly view: View;
  readonly rows: ReadonlyMap<string, WaveRow>;
}

const EMPTY: WaveWindow = { view: { from: 0, to: 0 }, rows: new Map() };

/** The newest window that is there; while a better one is fetched the old one goes on being drawn. */
export function useWindow(
  workspace: string,
  path: string | null,
  names: readonly string[],
  view: View,
  pixels: number,
  revision: unknown,
): { window: WaveWindow; loading: boolean } {
  const [window, setWindow] = useState<WaveWindow>(EMPTY);
  const [loading, setLoading] = useState(false);
  const wanted = names.join('\n');
  const running = useRef(0);
  useEffect(() => setWindow(EMPTY), [path, revision]);
  useEffect(() => {
    if (path === null || wanted === '' || pixels < 2) return undefined;
    const mine = ++running.current;
    const span = view.to - view.from;
    const from = Math.floor(view.from - span * MARGIN);
    const to = Math.ceil(view.to + span * MARGIN);
    const list = wanted.split('\n');
    // a short wait gathers the steps of a wheel
    const timer = setTimeout(() => {
      setLoading(true);
      const batches = Array.from({ length: Math.ceil(list.length / BATCH) }, (_, at) =>
        list.slice(at * BATCH, (at + 1) * BATCH),
      );
      Promise.all(
        batches.map((signals) =>
          bridge.call('waves.window', {
            workspace,
            path,
            signals,
            from,
            to,
            pixels: Math.min(MAX_PIXELS, Math.round(pixels * (1 + 2 * MARGIN))),
          }),
        ),
      )
        .then((answers) => {
          if (mine === running.current)
            setWindow({
              view: { from, to },
              rows: new Map(answers.flatMap((answer) => answer.rows.map((row) => [row.name, row]))),
            });
        }, showError)
        .finally(() => {
          if (mine === running.current) setLoading(false);
        });
    }, 25);
    return () => clearTimeout(timer);
  }, [workspace, path, wanted, view, pixels, revision]);
  return { window, loading };
}

/** Exact values at a cursor, which a reduced window may not hold. */
export function useValues(
  workspace: string,
  path: string | null,
  names: readonly string[],
  tick: number | null,
  revision: unknown,
): ReadonlyMap<string, string> {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const wanted = names.join('\n');
  useEffect(() => {
    if (path === null || tick === null || wanted === '') {
      setValues(new Map());
      return undefined;
    }
    let current = true;
    const at = Math.floor(tick);
    const timer = setTimeout(() => {
      bridge
        .call('waves.window', {
          workspace,
          path,
          signals: wanted.split('\n').slice(0, BATCH),
          from: at,
          to: at,
          pixels: 1,
        })
        .then(
          ({ rows }) => {
            if (current) setValues(new Map(rows.map((row) => [row.name, row.values[0] ?? 'x'])));
          },
          () => undefined,
        );
    }, 30);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [workspace, path, wanted, tick, revision]);
  return values;
}
