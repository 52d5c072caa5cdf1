// Takes files dropped anywhere on the window and shows that it would.
import { useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { UploadCloud } from 'lucide-react';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

export function DropZone({
  onFiles,
  children,
}: {
  readonly onFiles: (files: File[]) => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  return (
    <div
      className="drop-zone"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles(files);
      }}
    >
      {children}
      {over ? (
        <div className="drop-veil">
          <UploadCloud size={40} aria-hidden />
          <strong>{t('start.dropHere')}</strong>
        </div>
      ) : null}
    </div>
  );
}
