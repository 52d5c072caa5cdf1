// The viewer's controls: file, zoom, edges, radix, failures; what is done with rows; and what the cursors say.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  ChevronFirst,
  ChevronLast,
  Crosshair,
  FolderPlus,
  MessageSquareText,
  Maximize2,
  Play,
  SlidersHorizontal,
  Trash2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { formatBytes } from '@genrtl/ui/format.ts';
import { askAbout } from '../ask/ask-store.ts';
import { waveWindow } from '../ask/ask-waves.ts';
import { useFailures } from './failures.ts';
import { simulateWithWaves } from './simulate.ts';
import { RADIXES } from './radix.ts';
import type { Radix } from './radix.ts';
import { useRowMenu } from './row-menu.tsx';
import { CompareChooser, ViewChooser } from './wave-extras.tsx';
import { WaveFind } from './wave-find.tsx';
import { chosenSignal, showTick } from './wave-places.ts';
import { useWaves } from './wave-store.ts';
import { formatFrequency, formatTicks } from './wave-time.ts';

/** Moves cursor A to the next or previous change of the first selected signal. */
export async function toEdge(direction: 'next' | 'previous'): Promise<void> {
  const { workspace, path, cursorA, view } = useWaves.getState();
  const row = chosenSignal();
  if (row === null || path === null) return;
  const { tick } = await bridge.call('waves.edge', {
    workspace,
    path,
    signal: row.name,
    from: cursorA ?? view.from,
    direction,
  });
  if (tick !== null) showTick(tick);
}

export function WaveToolbar() {
  const { t } = useTranslation();
  const { files, path, opened, rows, selected, openFile, zoom, setView, setRadix, jump } = useWaves();
  const failures = useFailures();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [busy, setBusy] = useState(false);
  const simulate = (): void => {
    setBusy(true);
    run(() => simulateWithWaves(workspace).finally(() => setBusy(false)));
  };
  const idle = opened === null;
  const chosen =
    rows.find((row) => row.kind === 'signal' && selected.has(row.id)) ?? rows.find((row) => row.kind === 'signal');
  const radix = chosen?.kind === 'signal' ? chosen.radix : 'hex';
  return (
    <div className="panel-tools waves-tools">
      <select
        aria-label={t('waves.file')}
        className="waves-file"
        value={path ?? ''}
        onChange={(event) => run(() => openFile(event.target.value))}
      >
        {path === null ? <option value="">{t('waves.chooseFile')}</option> : null}
        {files.map((file) => (
          <option key={file.path} value={file.path}>
            {shortPath(file.path)} · {formatBytes(file.size_bytes)}
          </option>
        ))}
      </select>
      <IconButton label={t('waves.simulate')} icon={Play} disabled={busy} onClick={simulate} />
      <IconButton label={t('waves.zoomIn')} icon={ZoomIn} disabled={idle} onClick={() => zoom(0.5)} />
      <IconButton label={t('waves.zoomOut')} icon={ZoomOut} disabled={idle} onClick={() => zoom(2)} />
      <IconButton
        label={t('waves.fit')}
        icon={Maximize2}
        disabled={idle}
        onClick={() => (opened === null ? undefined : setView({ from: opened.start, to: opened.end }))}
      />
      <IconButton
        label={t('waves.previousEdge')}
        icon={ChevronFirst}
        disabled={idle}
        onClick={() => run(() => toEdge('previous'))}
      />
      <IconButton
        label={t('waves.nextEdge')}
        icon={ChevronLast}
        disabled={idle}
        onClick={() => run(() => toEdge('next'))}
      />
      <select
        aria-label={t('waves.radix')}
        value={radix}
        disabled={idle}
        onChange={(event) => setRadix(event.target.value as Radix)}
      >
        {RADIXES.map((name) => (
          <option key={name} value={name}>
            {t(`waves.radixes.${name}`)}
          </option>
        ))}
      </select>
      <IconButton
        label={t('ask.aboutWindow')}
        icon={MessageSquareText}
        disabled={idle}
        onClick={() => run(async () => askAbout(await waveWindow()))}
      />
      {idle ? null : (
        <>
          <ViewChooser />
          <CompareChooser />
        </>
      )}
      {failures.length === 0 ? null : (
        <span className="waves-failures">
          <Crosshair size={13} aria-hidden />
          <select
            aria-label={t('waves.failures')}
            value=""
            onChange={(event) => {
              const failure = failures[Number(event.target.value)];
              if (failure !== undefined) run(() => jump(failure));
            }}
          >
            <option value="">{t('waves.failureCount', { count: failures.length })}</option>
            {failures.map((failure, at) => (
              <option key={`${failure.label} ${failure.time}`} value={at}>
                {failure.label} @ {failure.time}
              </option>
            ))}
          </select>
        </span>
      )}
    </div>
  );
}

/** What is done with the chosen rows, above their names. */
export function RowTools() {
  const { t } = useTranslation();
  const { selected, group, remove } = useWaves();
  return (
    <>
      <IconButton
        label={t('waves.group')}
        icon={FolderPlus}
        disabled={selected.size === 0}
        onClick={() => group(t('waves.newGroup'))}
      />
      <IconButton
        label={t('waves.look')}
        icon={SlidersHorizontal}
        disabled={selected.size === 0}
        onClick={() => {
          const box = document.activeElement?.getBoundingClientRect();
          if (box !== undefined) useRowMenu.setState({ at: { x: box.left, y: box.bottom } });
        }}
      />
      <IconButton label={t('waves.remove')} icon={Trash2} disabled={selected.size === 0} onClick={remove} />
    </>
  );
}

/** Without what all paths of runs have in common. */
const shortPath = (path: string): string =>
  path.replace(/^\.genRTL\/(runs|build)\//, '').replace(/\/waves\.(vcd|fst)$/, '');

/** Leads to a marker, or takes all away. */
function Markers() {
  const { t } = useTranslation();
  const { opened, markers, clearMarkers } = useWaves();
  if (opened === null || markers.length === 0) return null;
  return (
    <select
      aria-label={t('waves.markers')}
      className="waves-markers"
      value=""
      onChange={(event) => {
        const tick = markers[Number(event.target.value)];
        if (event.target.value === 'clear') clearMarkers();
        else if (tick !== undefined) showTick(tick);
      }}
    >
      <option value="">{t('waves.markerCount', { count: markers.length })}</option>
      {markers.map((tick, at) => (
        <option key={tick} value={at}>
          {at + 1}: {formatTicks(tick, opened.tick)}
        </option>
      ))}
      <option value="clear">{t('waves.clearMarkers')}</option>
    </select>
  );
}

export function CursorLine() {
  const { t } = useTranslation();
  const { opened, cursorA, cursorB, view } = useWaves();
  if (opened === null) return null;
  const { tick } = opened;
  const difference = cursorA === null || cursorB === null ? null : cursorB - cursorA;
  return (
    <div className="waves-cursors" role="status">
      <span className="waves-cursor-a">A {cursorA === null ? '–' : formatTicks(cursorA, tick)}</span>
      <span className="waves-cursor-b">B {cursorB === null ? '–' : formatTicks(cursorB, tick)}</span>
      {difference === null ? (
        <span className="muted">{t('waves.cursorHint')}</span>
      ) : (
        <span>
          Δ {formatTicks(difference, tick)}
          {difference === 0 ? '' : ` · ${formatFrequency(difference, tick)}`}
        </span>
      )}
      <Markers />
      <WaveFind />
      <span className="waves-range muted">
        {formatTicks(view.from, tick)} … {formatTicks(view.to, tick)}
      </span>
    </div>
  );
}
