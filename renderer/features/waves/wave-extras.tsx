// Named views and the comparison with another run: two choosers of the toolbar, and what the comparison found.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { X } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatValue } from './radix.ts';
import { shortNames } from './signal-tree.ts';
import { showTick } from './wave-places.ts';
import { useWaves } from './wave-store.ts';
import { formatTicks } from './wave-time.ts';
import { deleteView, saveView, savedViews } from './wave-views.ts';

const SAVE = 'save';
const DELETE = 'delete ';
const SHOW = 'show ';

export function ViewChooser() {
  const { t } = useTranslation();
  const { workspace, opened, rows, showRows } = useWaves();
  const [naming, setNaming] = useState(false);
  // read at each look: another window of this browser may have saved one
  const views = savedViews(workspace);
  const choose = (value: string): void => {
    if (value === SAVE) setNaming(true);
    else if (value.startsWith(DELETE)) deleteView(workspace, value.slice(DELETE.length));
    else {
      const view = views.find(({ name }) => name === value.slice(SHOW.length));
      const left = view === undefined ? 0 : showRows(view.rows);
      if (left > 0) useNotices.getState().add({ tone: 'info', text: t('waves.viewLeft', { count: left }) });
    }
  };
  return (
    <>
      <select
        aria-label={t('waves.views')}
        className="waves-views"
        value=""
        disabled={opened === null}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{t('waves.views')}</option>
        {views.map(({ name }) => (
          <option key={name} value={SHOW + name}>
            {name}
          </option>
        ))}
        <option value={SAVE}>{t('waves.saveView')}</option>
        {views.map(({ name }) => (
          <option key={name} value={DELETE + name}>
            {t('waves.deleteView', { name })}
          </option>
        ))}
      </select>
      {naming ? (
        <NameView
          onClose={() => setNaming(false)}
          onName={(name) => {
            if (!saveView(workspace, { name, rows }))
              useNotices.getState().add({ tone: 'error', text: t('waves.viewNotKept') });
          }}
        />
      ) : null}
    </>
  );
}

function NameView({ onClose, onName }: { readonly onClose: () => void; readonly onName: (name: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const submit = (): void => {
    if (name.trim() === '') return;
    onName(name.trim().slice(0, 80));
    onClose();
  };
  return (
    <Dialog
      title={t('waves.saveView')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="primary" disabled={name.trim() === ''} onClick={submit}>
            {t('waves.save')}
          </Button>
        </>
      }
    >
      <label className="field">
        <span>{t('waves.viewName')}</span>
        <input
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') submit();
          }}
        />
      </label>
    </Dialog>
  );
}

/** Runs the comparison with the chosen file; the outcome belongs to the open one. */
export function CompareChooser() {
  const { t } = useTranslation();
  const { workspace, files, path, opened } = useWaves();
  const [busy, setBusy] = useState(false);
  const others = files.filter((file) => file.path !== path);
  const compare = (other: string): void => {
    if (path === null || other === '') return;
    setBusy(true);
    run(async () => {
      try {
        const result = await bridge.call('waves.compare', { workspace, path, other, scopes: [] });
        if (useWaves.getState().path === path) useWaves.setState({ comparison: { other, result } });
      } finally {
        setBusy(false);
      }
    });
  };
  return (
    <select
      aria-label={t('waves.compare')}
      className="waves-compare"
      value=""
      disabled={opened === null || busy || others.length === 0}
      onChange={(event) => compare(event.target.value)}
    >
      <option value="">{t(busy ? 'waves.comparing' : 'waves.compare')}</option>
      {others.map((file) => (
        <option key={file.path} value={file.path}>
          {file.path}
        </option>
      ))}
    </select>
  );
}

export function Comparison() {
  const { t } = useTranslation();
  const { opened, comparison, add, select } = useWaves();
  if (opened === null || comparison === null) return null;
  const { other, result } = comparison;
  const [first] = result.differences;
  const names = shortNames(result.differences.map(({ name }) => name));
  const show = (at: number): void => {
    const found = result.differences[at];
    const signal = opened.signals.find(({ name }) => name === found?.name);
    if (found === undefined || signal === undefined) return;
    add([signal]);
    const row = useWaves.getState().rows.find((one) => one.kind === 'signal' && one.name === signal.name);
    if (row !== undefined) select(new Set([row.id]));
    showTick(found.tick);
  };
  return (
    <div className="waves-comparison" role="status">
      <span>
        {first === undefined
          ? t('waves.equal', { other, count: result.compared, end: formatTicks(result.end, opened.tick) })
          : t('waves.differs', {
              other,
              time: formatTicks(first.tick, opened.tick),
              name: names.get(first.name) ?? first.name,
              here: formatValue(first.here, 'hex'),
              there: formatValue(first.there, 'hex'),
              differing: result.differing,
              compared: result.compared,
            })}
        {result.only_here + result.only_there === 0
          ? ''
          : ` ${t('waves.notBoth', { here: result.only_here, there: result.only_there })}`}
      </span>
      {first === undefined ? null : (
        <>
          <Button onClick={() => show(0)}>{t('waves.showDifference')}</Button>
          <select aria-label={t('waves.differences')} value="" onChange={(event) => show(Number(event.target.value))}>
            <option value="">{t('waves.differences')}</option>
            {result.differences.map(({ name, tick }, at) => (
              <option key={name} value={at}>
                {formatTicks(tick, opened.tick)} {names.get(name)}
              </option>
            ))}
          </select>
        </>
      )}
      <IconButton label={t('ui.close')} icon={X} onClick={() => useWaves.setState({ comparison: null })} />
    </div>
  );
}
