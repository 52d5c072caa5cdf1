// The pages of a PDF as they look, drawn when they come into sight. The file is parsed in a worker of the page; scripts
// and forms of the file are never run.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PDFDocumentProxy } from 'pdfjs-dist';

const WIDTH = 520;
/** Height of a page that was not looked at yet, as that of A4. */
const RATIO = 1.414;

export function PdfPages({ file }: { readonly file: File }) {
  const { t } = useTranslation();
  const [document_, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let close: (() => void) | null = null;
    let current = true;
    const load = async (): Promise<void> => {
      const { openPdf } = await import('./open-pdf.ts');
      const opened = openPdf(new Uint8Array(await file.arrayBuffer()));
      close = opened.close;
      const read = await opened.document;
      if (current) setDocument(read);
      else close();
    };
    load().catch(() => {
      if (current) setFailed(true);
    });
    return () => {
      current = false;
      close?.();
    };
  }, [file]);
  return (
    <div className="spec-pages" tabIndex={0} role="region" aria-label={t('specReview.source')}>
      {failed ? <p className="muted spec-source-note">{t('specReview.noPicture')}</p> : null}
      {document_ === null
        ? null
        : Array.from({ length: document_.numPages }, (_, at) => (
            <Page key={at + 1} document={document_} number={at + 1} />
          ))}
    </div>
  );
}

function Page({ document: source, number }: { readonly document: PDFDocumentProxy; readonly number: number }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    let current = true;
    let task: { cancel(): void } | null = null;
    const draw = async (): Promise<void> => {
      const page = await source.getPage(number);
      if (!current) return;
      const scale = (WIDTH / page.getViewport({ scale: 1 }).width) * Math.min(2, window.devicePixelRatio);
      const viewport = page.getViewport({ scale });
      const canvas = document.createElement('canvas');
      canvas.width = viewport.width;
      canvas.height = viewport.height;
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', t('specReview.page', { number }));
      const rendering = page.render({ canvas, viewport });
      task = rendering;
      await rendering.promise;
      if (current) host.replaceChildren(canvas);
    };
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      draw().catch(() => undefined);
    });
    watcher.observe(host);
    return () => {
      current = false;
      watcher.disconnect();
      task?.cancel();
      host.replaceChildren();
    };
  }, [source, number, t]);
  return <div ref={place} className="spec-page" style={{ aspectRatio: `1 / ${RATIO}` }} data-page={number} />;
}
