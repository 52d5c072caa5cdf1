// Files that were sent to a model, or would be: what, how much, and what was taken out.
import { useTranslation } from 'react-i18next';
import type { LeftOut, OutgoingView, SentFile } from '@genrtl/contracts';
import { formatBytes } from '@genrtl/ui/format.ts';

type Row = OutgoingView['files'][number] & Partial<Pick<SentFile, 'attempt' | 'sha256'>>;

export function SentTable({ files }: { readonly files: readonly Row[] }) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <table className="table sent-table">
      <thead>
        <tr>
          <th>{t('outgoing.file')}</th>
          <th>{t('outgoing.kind')}</th>
          <th className="number">{t('outgoing.size')}</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr key={`${file.attempt ?? 0} ${file.kind} ${file.path} ${file.sha256 ?? ''}`}>
            <td className="mono" title={file.sha256 === undefined ? file.path : `sha256 ${file.sha256}`}>
              {file.path}
            </td>
            <td>
              {t(`outgoing.kinds.${file.kind}`)}
              {file.redacted === 0 ? null : (
                <span className="muted"> · {t('outgoing.redacted', { count: file.redacted })}</span>
              )}
            </td>
            <td className="number">{formatBytes(file.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Sources that the prompts do not hold, or only by the heads of their modules. */
export function LeftOutList({ files }: { readonly files: readonly LeftOut[] }) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <>
      <p className="muted">{t('outgoing.leftOut', { count: files.length })}</p>
      <ul className="mono" data-left-out>
        {files.map(({ attempt, path, shown, why }) => (
          <li key={`${attempt} ${path}`}>{t(`outgoing.leftOutWhy.${shown === 'heads' ? shown : why}`, { path })}</li>
        ))}
      </ul>
    </>
  );
}
