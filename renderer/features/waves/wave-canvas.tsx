// The canvas: draws what is in memory in one frame; pointer and keys move cursors, pan and zoom.
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { changesOfBit, drawScene, RULER_PX } from './draw-waves.ts';
import { snapTick } from './snap.ts';
import type { WavePalette } from './draw-waves.ts';
import type { WaveWindow } from './use-windows.ts';
import { TIME_FIELD, VALUE_FIELD } from './wave-find.tsx';
import { useWaves } from './wave-store.ts';
import { toEdge } from './wave-toolbar.tsx';
import { rowText, useStateNames } from './state-names.ts';
import { WAVE_COLOURS, rowAt, topsOf } from './wave-rows.ts';
import type { Row, WaveColour } from './wave-rows.ts';

/** So near a click means the edge. */
const SNAP_PX = 8;

interface CanvasProps {
  readonly rows: readonly Row[];
  readonly window: WaveWindow;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

function paletteOf(element: HTMLElement): WavePalette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: colour('--surface'),
    grid: colour('--border'),
    text: colour('--text'),
    muted: colour('--muted'),
    line: colour('--signal'),
    bus: colour('--signal'),
    busFill: colour('--signal-soft'),
    unknown: colour('--error'),
    unknownFill: colour('--error-soft'),
    floating: colour('--warning'),
    cursorA: colour('--text-strong'),
    cursorB: colour('--muted'),
    selected: colour('--raised'),
    font: `11px ${colour('--mono')}`,
    own: Object.fromEntries(WAVE_COLOURS.map((name) => [name, colour(`--wave-${name}`)])) as Record<WaveColour, string>,
  };
}

export function WaveCanvas({ rows, window: shown, width, height, scrollTop }: CanvasProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useSettings((store) => store.settings?.theme);
  const { opened, view, cursorA, cursorB, markers, selected, setView, setCursor, zoom, toggleMarker } = useWaves();
  const states = useStateNames((store) => store.names);
  const tops = useMemo(() => topsOf(rows), [rows]);
  const drag = useRef<{ readonly kind: 'cursor' | 'pan'; readonly which: 'A' | 'B'; x: number } | null>(null);
  const tick = useMemo(() => opened?.tick ?? { factor: 1, unit: 'ns' }, [opened]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (element === null || context == null || width < 2 || height < 2) return;
    const ratio = globalThis.devicePixelRatio || 1;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const started = performance.now();
    drawScene(context, {
      width,
      height,
      scrollTop,
      view,
      rows,
      selected,
      changes: shown.rows,
      tick,
      cursorA,
      cursorB,
      markers,
      palette: paletteOf(element),
      text: (row, value) => rowText(row, value, states),
    });
    // read by the bench of the room: the goal is 50 ms for a window of a 100 MB file
    element.dataset['drawMs'] = (performance.now() - started).toFixed(1);
  }, [width, height, scrollTop, view, rows, selected, shown, tick, cursorA, cursorB, markers, theme, states]);

  const tickAt = (clientX: number): number => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.round(view.from + ((clientX - left) / Math.max(1, width)) * (view.to - view.from)));
  };
  /** At the edge of the row below the pointer that is near; Alt: exactly there. */
  const edgeAt = (event: { clientX: number; clientY: number; altKey: boolean }): number => {
    const tick = tickAt(event.clientX);
    if (event.altKey) return tick;
    const top = canvas.current?.getBoundingClientRect().top ?? 0;
    const row = rows[rowAt(tops, event.clientY - top - RULER_PX + scrollTop)];
    const reach = (SNAP_PX / Math.max(1, width)) * (view.to - view.from);
    const changes = row?.kind === 'signal' ? shown.rows.get(row.name) : undefined;
    const own =
      changes === undefined || row?.kind !== 'signal' || row.bit === undefined
        ? changes
        : changesOfBit(changes, row.bit);
    return snapTick(tick, own, reach);
  };
  const panBy = (pixels: number): void => {
    const ticks = (pixels / Math.max(1, width)) * (view.to - view.from);
    setView({ from: view.from + ticks, to: view.to + ticks });
  };

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    // React's wheel listeners are passive and could not keep the page from zooming.
    const onWheel = (event: WheelEvent): void => {
      const state = useWaves.getState();
      const span = state.view.to - state.view.from;
      const box = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        state.zoom(
          event.deltaY > 0 ? 1.25 : 0.8,
          state.view.from + ((event.clientX - box.left) / Math.max(1, box.width)) * span,
        );
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const ticks = ((event.deltaX || event.deltaY) / Math.max(1, box.width)) * span;
        state.setView({ from: state.view.from + ticks, to: state.view.to + ticks });
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const onKey = (event: React.KeyboardEvent): void => {
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      ArrowLeft: () => panBy(-width / 10),
      ArrowRight: () => panBy(width / 10),
      f: () => (opened === null ? undefined : setView({ from: opened.start, to: opened.end })),
      n: () => run(() => toEdge('next')),
      p: () => run(() => toEdge('previous')),
      Home: () =>
        opened === null ? undefined : setView({ from: opened.start, to: opened.start + view.to - view.from }),
      End: () => (opened === null ? undefined : setView({ from: opened.end - view.to + view.from, to: opened.end })),
      g: () => document.getElementById(TIME_FIELD)?.focus(),
      '/': () => document.getElementById(VALUE_FIELD)?.focus(),
      m: () => (cursorA === null ? undefined : toggleMarker(cursorA)),
      b: () => setCursor('B', cursorA),
      Escape: () => setCursor('B', null),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <canvas
      ref={canvas}
      className="waves-canvas"
      style={{ width, height }}
      tabIndex={0}
      role="img"
      aria-label={t('waves.canvas')}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        if (event.button === 1) drag.current = { kind: 'pan', which: 'A', x: event.clientX };
        else {
          const which = event.shiftKey || event.button === 2 ? 'B' : 'A';
          drag.current = { kind: 'cursor', which, x: event.clientX };
          setCursor(which, edgeAt(event));
        }
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const active = drag.current;
        if (active === null) return;
        if (active.kind === 'pan') panBy(active.x - event.clientX);
        else setCursor(active.which, edgeAt(event));
        active.x = event.clientX;
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onContextMenu={(event) => event.preventDefault()}
    />
  );
}
