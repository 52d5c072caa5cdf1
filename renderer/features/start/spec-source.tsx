// The specification as it was given: pages of a PDF drawn, text as it is. What has no picture here says so.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@genrtl/ui/format.ts';

/** Pages drawn; the text beside them is whole. */
const MAX_PAGES = 12;
const WIDTH = 520;
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

function PdfPages({ file }: { readonly file: File }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const [more, setMore] = useState(0);
  useEffect(() => {
    const host = place.current;
    let current = true;
    const draw = async (): Promise<void> => {
      const { getDocumentProxy } = await import('unpdf');
      const document_ = await getDocumentProxy(new Uint8Array(await file.arrayBuffer()));
      for (let number = 1; number <= Math.min(document_.numPages, MAX_PAGES) && current; number += 1) {
        const page = await document_.getPage(number);
        const viewport = page.getViewport({
          scale: (WIDTH / page.getViewport({ scale: 1 }).width) * Math.min(2, window.devicePixelRatio),
        });
        const canvas = document.createElement('canvas');
        canvas.width = viewport.width;
        canvas.height = viewport.height;
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', t('specReview.page', { number }));
        await page.render({ canvas, viewport }).promise;
        if (current) host?.append(canvas);
      }
      if (current) setMore(Math.max(0, document_.numPages - MAX_PAGES));
    };
    draw().catch(() => {
      if (current) setFailed(true);
    });
    return () => {
      current = false;
      host?.replaceChildren();
    };
  }, [file, t]);
  return (
    <div className="spec-pages" tabIndex={0} role="region" aria-label={t('specReview.source')}>
      <div ref={place} />
      {failed ? <p className="muted spec-source-note">{t('specReview.noPicture')}</p> : null}
      {more > 0 ? <p className="muted spec-source-note">{t('specReview.morePages', { count: more })}</p> : null}
    </div>
  );
}
