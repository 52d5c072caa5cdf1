// The waveform room: signals of the file on the left, shown rows with their values, the canvas.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IDockviewPanelProps } from 'dockview-react';
import { AudioWaveform } from 'lucide-react';
import { useLink } from '../../state/link-store.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { useSize } from '@genrtl/ui/use-size.ts';
import { RULER_PX } from './draw-waves.ts';
import { RowMenu } from './row-menu.tsx';
import { readStateNames } from './state-names.ts';
import { Comparison } from './wave-extras.tsx';
import { RowNames } from './row-names.tsx';
import { SignalBrowser } from './signal-browser.tsx';
import { useValues, useWindow } from './use-windows.ts';
import { WaveCanvas } from './wave-canvas.tsx';
import { recall } from './wave-memory.ts';
import { useWaves } from './wave-store.ts';
import type { Failure } from './wave-store.ts';
import { CursorLine, RowTools, WaveToolbar } from './wave-toolbar.tsx';
import { topsOf, visibleRows } from './wave-rows.ts';
import './waves.css';

/** Names and values take a third of the room, within what names need and what the canvas can spare. */
const NAMES_LEAST = 140;
const namesWidth = (room: number, wanted: number | null): number =>
  Math.round(Math.min(Math.max(room - 160, NAMES_LEAST), Math.max(NAMES_LEAST, wanted ?? Math.min(340, room * 0.36))));

export interface WavesParams {
  readonly path?: string;
  readonly failure?: Failure;
  readonly request?: number;
}

export function WavesPanel({ params }: IDockviewPanelProps<WavesParams>) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const epoch = useLink((store) => store.epoch);
  const finished = useJob((store) => store.state?.steps.filter((step) => step.status !== 'running').length ?? 0);
  const { files, path, opened, opening, error, findFiles, openFile, jump } = useWaves();
  const { path: wanted, failure, request } = params;
  // what an earlier visit asked for is done; the layout still names it
  const asked = useRef(request !== undefined && request < performance.timeOrigin ? request : undefined);

  useEffect(() => {
    run(async () => {
      await findFiles(workspace);
      const state = useWaves.getState();
      if (request !== undefined && asked.current !== request) {
        asked.current = request;
        if (failure !== undefined) await jump(failure);
        else if (wanted !== undefined) await openFile(wanted);
      } else if (state.path === null) {
        // what was open before, else the newest
        const before = recall(workspace)?.path;
        const shown = state.files.find((file) => file.path === before) ?? state.files[0];
        if (shown !== undefined) await openFile(shown.path);
      }
    });
  }, [workspace, epoch, finished, request, failure, wanted, findFiles, openFile, jump]);

  return (
    <div className="waves">
      <WaveToolbar />
      {error === null ? null : (
        <div className="panel-pad">
          <ErrorNote error={error} />
        </div>
      )}
      {opened === null || opened.notes.length === 0 ? null : (
        <ul className="waves-notes" aria-label={t('waves.notes')}>
          {opened.notes.map((note) => (
            <li key={note.code}>{t(`waves.note.${note.code}`, { detail: note.detail ?? '' })}</li>
          ))}
        </ul>
      )}
      <Comparison />
      <RowMenu />
      {opening && opened === null ? (
        <div className="panel-wait">
          <Spinner label={t('waves.indexing')} />
        </div>
      ) : null}
      {path === null && files.length === 0 ? (
        <Empty icon={AudioWaveform} title={t('waves.none')}>
          {t('waves.noneNote')}
        </Empty>
      ) : null}
      {opened === null ? null : (
        <div className="waves-room">
          <SignalBrowser key={path} signals={opened.signals} />
          <Rows workspace={workspace} />
        </div>
      )}
      <CursorLine />
    </div>
  );
}

/** Between names and canvas: dragged, or moved by the arrow keys. */
function Splitter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (pixels: number) => void;
}) {
  return (
    <div
      className="waves-splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0;
        if (by === 0) return;
        event.preventDefault();
        onChange(value + by);
      }}
      onPointerDown={(event) => {
        const from = event.clientX;
        const element = event.currentTarget;
        element.setPointerCapture(event.pointerId);
        const move = (moved: PointerEvent): void => onChange(value + moved.clientX - from);
        element.addEventListener('pointermove', move);
        element.addEventListener('pointerup', () => element.removeEventListener('pointermove', move), { once: true });
      }}
    />
  );
}

function Rows({ workspace }: { readonly workspace: string }) {
  const { t } = useTranslation();
  const { path, opened, rows, view, cursorA } = useWaves();
  const { ref, width, height } = useSize<HTMLDivElement>();
  const [scrollTop, setScrollTop] = useState(0);
  const shown = useMemo(() => visibleRows(rows), [rows]);
  const names = useMemo(() => [...new Set(shown.flatMap((row) => (row.kind === 'signal' ? [row.name] : [])))], [shown]);
  const named = [
    ...new Set(rows.flatMap((row) => (row.kind === 'signal' && row.radix === 'names' ? [row.name] : []))),
  ].join('\n');
  // another run may be one of other sources
  useEffect(() => {
    if (named !== '') readStateNames(workspace, named.split('\n'), opened?.state_names ?? {}).catch(() => undefined);
  }, [workspace, named, opened]);
  const [wanted, setWanted] = useState<number | null>(null);
  const leftWidth = namesWidth(width, wanted);
  const canvasWidth = Math.max(0, width - leftWidth);
  const { window, loading } = useWindow(workspace, path, names, view, canvasWidth, opened);
  const values = useValues(workspace, path, names, cursorA ?? view.from, opened);
  return (
    <div
      ref={ref}
      className="waves-rows"
      tabIndex={-1}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div className="waves-sheet" style={{ height: Math.max(height, RULER_PX + (topsOf(shown).at(-1) ?? 0)) }}>
        <div className="waves-left" style={{ width: leftWidth }}>
          <div className="waves-head" style={{ height: RULER_PX }}>
            {loading ? (
              <Spinner label={t('ui.loading')} />
            ) : (
              <span className="muted">{t('waves.rowCount', { count: names.length })}</span>
            )}
            <RowTools />
          </div>
          <RowNames rows={shown} values={values} />
        </div>
        <Splitter label={t('waves.split')} value={leftWidth} onChange={setWanted} />
        <div className="waves-right">
          <WaveCanvas rows={shown} window={window} width={canvasWidth} height={height} scrollTop={scrollTop} />
        </div>
      </div>
    </div>
  );
}
