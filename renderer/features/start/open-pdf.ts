// pdf.js in the page: its worker as a script of the app, its character maps fetched when a document needs them.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';

/** Addresses of the character maps of Chinese, Japanese and Korean fonts that a document does not carry. */
const CMAPS = import.meta.glob<string>('../../../node_modules/pdfjs-dist/cmaps/*.bcmap', {
  query: '?url',
  import: 'default',
  eager: true,
});

class Assets {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const url = kind === 'cMapUrl' ? CMAPS[`../../../node_modules/pdfjs-dist/cmaps/${filename}`] : undefined;
    if (url === undefined) throw new Error(`${kind} is not served`);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${filename} is not served`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}

export function openPdf(data: Uint8Array): { document: Promise<PDFDocumentProxy>; close: () => void } {
  const port = new PdfWorker();
  const worker = pdfjs.PDFWorker.create({ port });
  const task = pdfjs.getDocument({
    data,
    worker,
    BinaryDataFactory: Assets,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    useWorkerFetch: false,
    // compiling WebAssembly is not allowed to the page; the pictures that need it stay blank
    useWasm: false,
    enableXfa: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  return {
    document: task.promise,
    close: () => {
      task.destroy().then(
        () => port.terminate(),
        () => port.terminate(),
      );
    },
  };
}
