// The specification as it was given: pages of a PDF drawn, a Word document by its blocks, text as it is.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { DocumentView } from './document-view.tsx';
import { PdfPages } from './pdf-pages.tsx';
import { SpecText } from './spec-text.tsx';
import type { ShownLine } from './spec-text.tsx';

/** A place in the file itself; each request is a new object. */
export interface ShownPlace {
  readonly page?: number;
  readonly line?: number;
}

interface SpecSourceProps {
  readonly file: File;
  readonly source: IpcResponse<'spec.preview'>['source'];
  readonly shown: ShownPlace | null;
}

export function SpecSource({ file, source, shown }: SpecSourceProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown?.page === undefined) return;
    place.current?.querySelector(`[data-page="${shown.page}"]`)?.scrollIntoView({ block: 'start' });
  }, [shown]);
  if (source.kind === 'text') return <TextSource file={file} shown={shown} />;
  return (
    <div ref={place} className="spec-source">
      {source.kind === 'pages' ? (
        <PdfPages file={file} />
      ) : (
        <div className="spec-document" tabIndex={0} role="region" aria-label={t('specReview.source')}>
          <DocumentView blocks={source.blocks} />
          {source.cut ? <p className="muted">{t('specReview.cut')}</p> : null}
        </div>
      )}
    </div>
  );
}

function TextSource({ file, shown }: { readonly file: File; readonly shown: ShownPlace | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const [line, setLine] = useState<ShownLine | null>(null);
  useEffect(() => {
    let current = true;
    file.arrayBuffer().then(
      (bytes) => {
        if (current) setText(decoded(new Uint8Array(bytes)));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [file]);
  useEffect(() => {
    if (shown?.line !== undefined) setLine({ line: shown.line });
  }, [shown]);
  if (text === null) return null;
  return <SpecText label={t('specReview.source')} name={file.name} initial={text} shown={line} />;
}

/** As the import reads it: UTF-8, or UTF-16 with its mark. */
function decoded(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  return new TextDecoder(mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8').decode(bytes);
}
