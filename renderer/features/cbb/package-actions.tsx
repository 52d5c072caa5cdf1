// Price, receipt and integrity of a package, and what a person can do with it: buy, restore, instantiate, look at its
// source.
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileCode, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { CbbListing, InstalledPackage } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useActiveEditor } from '../editor/active-editor.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { useCbb } from './cbb-store.ts';
import { instancePlace } from './instance-place.ts';
import { instanceOf, instanceSnippet, netDeclarations } from './instantiation.ts';

interface ActionsProps {
  readonly listing: CbbListing;
  readonly installed: readonly InstalledPackage[];
}

export function PackageActions({ listing, installed }: ActionsProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const target = useActiveEditor((store) => store.editor);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const { manifest } = listing;
  const present = installed.find((each) => each.version === manifest.version) ?? installed.at(-1);
  const [source] = manifest.filesets.rtl;

  const act = (action: () => Promise<void>): void => {
    setBusy(true);
    run(() =>
      action().finally(() => {
        setBusy(false);
        run(() => useCbb.getState().refresh(workspace));
      }),
    );
  };
  const say = (text: string): void => useNotices.getState().add({ tone: 'success', text });
  const buy = (): void => {
    setAsking(false);
    act(async () => {
      const done = await bridge.call('cbb.install', { workspace, cbb_id: manifest.cbb_id, version: manifest.version });
      say(t('cbb.installedNotice', { names: done.installed.map((each) => each.cbb_id).join(', ') }));
    });
  };
  const restore = (): void =>
    act(async () => {
      await bridge.call('cbb.restore', { workspace });
      say(t('cbb.restored'));
    });
  const instantiate = (): void => {
    const place = target === null ? null : instancePlace(target.text(), target.line());
    if (target === null || place === null) {
      const text = target === null ? t('cbb.noEditor') : t('cbb.noModule', { file: target.path });
      useNotices.getState().add({ tone: 'info', text });
      return;
    }
    const nets = netDeclarations(manifest, (name) => place.names.has(name));
    target.insertSnippet(`${nets}${instanceSnippet(instanceOf(manifest))}`, place.own ? place.line : undefined);
    if (place.own)
      useNotices.getState().add({ tone: 'info', text: t('cbb.movedInside', { file: target.path, line: place.line }) });
  };

  return (
    <aside className="cbb-actions card">
      <p className="cbb-price">{formatUsd(manifest.price_usd)}</p>
      <p className="muted cbb-small">{t('gate.purchase.local')}</p>
      {present === undefined ? (
        <p>{t('cbb.notInstalled')}</p>
      ) : (
        <dl className="facts">
          <dt>{t('cbb.installed')}</dt>
          <dd>{present.version}</dd>
          <dt>{t('cbb.paid')}</dt>
          <dd>{formatUsd(present.price_usd)}</dd>
          <dt>{t('cbb.receipt')}</dt>
          <dd className="mono path" title={present.receipt_id}>
            {present.receipt_id}
          </dd>
          <dt>{t('cbb.integrity')}</dt>
          <dd className={present.damage === null ? 'tone-ok' : 'tone-error'}>
            {present.damage === null ? <ShieldCheck size={13} aria-hidden /> : <ShieldAlert size={13} aria-hidden />}{' '}
            {present.damage === null ? t('cbb.intact') : t('cbb.damaged')}
          </dd>
        </dl>
      )}
      {present?.damage == null ? null : (
        <p className="cbb-damage" role="alert">
          {present.damage}
        </p>
      )}
      <div className="cbb-buttons">
        {present === undefined ? (
          <Button tone="primary" onClick={() => setAsking(true)} disabled={busy}>
            {t('cbb.buy')}
          </Button>
        ) : null}
        <Button
          tone={present === undefined ? 'plain' : 'primary'}
          onClick={instantiate}
          disabled={present === undefined}
          title={
            present === undefined
              ? t('cbb.buyFirst')
              : target === null
                ? t('cbb.noEditor')
                : t('cbb.instantiateInto', { file: target.path })
          }
        >
          {t('cbb.instantiate')}
        </Button>
        {present?.damage == null ? null : (
          <Button onClick={restore} disabled={busy}>
            {t('cbb.restore')}
          </Button>
        )}
        {present === undefined || source === undefined ? null : (
          <Button icon={FileCode} onClick={() => openFile(`${packageFolder(present)}/${source}`)}>
            {t('cbb.source')}
          </Button>
        )}
      </div>
      {asking ? (
        <Dialog
          title={t('cbb.buyTitle', { name: manifest.title })}
          size="small"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button tone="primary" onClick={buy}>
                {t('cbb.buyFor', { price: formatUsd(manifest.price_usd) })}
              </Button>
            </>
          }
        >
          <p>{t('cbb.buyNote', { id: manifest.cbb_id, version: manifest.version })}</p>
          {manifest.dependencies.length === 0 ? null : (
            <p>{t('cbb.buyDependencies', { names: manifest.dependencies.map((need) => need.cbb_id).join(', ') })}</p>
          )}
          <p className="muted">{t('gate.purchase.local')}</p>
        </Dialog>
      ) : null}
    </aside>
  );
}
