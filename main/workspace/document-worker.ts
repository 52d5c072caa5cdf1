// Turns PDF and DOCX into Markdown. Runs as a worker thread, so that a large or hostile document stops nothing else.
import { serveCalls } from '../workers/serve-calls.ts';

export type DocumentKind = 'pdf' | 'docx';

const READERS: Readonly<Record<DocumentKind, (bytes: Uint8Array) => Promise<string>>> = {
  pdf: async (bytes) => {
    const { extractText, getDocumentProxy } = await import('unpdf');
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: false });
    // PDF text of Chinese documents arrives as Kangxi radicals; NFKC makes plain characters of them.
    return text.join('\n\n').normalize('NFKC');
  },
  docx: async (bytes) => {
    const [{ default: mammoth }, { default: Turndown }] = await Promise.all([import('mammoth'), import('turndown')]);
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
    return new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced' }).turndown(value);
  },
};

const calls = { read: (kind: DocumentKind, bytes: Uint8Array): Promise<string> => READERS[kind](bytes) };
export type DocumentCalls = typeof calls;

serveCalls(calls);
