// The specification as it was given: pages of a PDF drawn, text as it is. What has no picture here says so.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@genrtl/ui/format.ts';
import { PdfPages } from './pdf-pages.tsx';

/** More text than this is felt in one element. */
const MAX_TEXT = 200_000;

export function SpecSource({ file }: { readonly file: File }) {
  const { t } = useTranslation();
  if (/\.pdf$/i.test(file.name)) return <PdfPages file={file} />;
  if (/\.docx$/i.test(file.name))
    return (
      <p className="muted spec-source-note">
        {t('specReview.docx', { name: file.name, size: formatBytes(file.size) })}
      </p>
    );
  return <TextSource file={file} />;
}

function TextSource({ file }: { readonly file: File }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  useEffect(() => {
    let current = true;
    file
      .slice(0, MAX_TEXT)
      .text()
      .then(
        (read) => {
          if (current) setText(read);
        },
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [file]);
  return (
    <pre className="spec-text" tabIndex={0} aria-label={t('specReview.source')}>
      {text}
    </pre>
  );
}
