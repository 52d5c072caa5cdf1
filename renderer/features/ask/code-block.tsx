// A code block of an answer: copied, put at the cursor, or applied as a patch after review.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Copy, FileDiff, TextCursorInput } from 'lucide-react';
import { moduleNamesIn } from '@genrtl/core/ai/code-block.ts';
import { useNotices } from '../../state/notice-store.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { useActiveEditor } from '../editor/active-editor.ts';
import { BlockReview } from './block-review.tsx';

interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
  /** null while the answer streams */
  readonly threadId: string | null;
  readonly messageId: string | null;
}

const HDL = /^(?:verilog|systemverilog|sv|v|vhdl|vhd)?$/i;

export const isDiff = (language: string, code: string): boolean =>
  /^(?:diff|patch)$/i.test(language) || /^(?:diff --git |--- \S)/m.test(code);

/** In a snippet these stand for themselves behind a backslash. */
const asSnippet = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

export function CodeBlock({ code, language, threadId, messageId }: CodeBlockProps) {
  const { t } = useTranslation();
  const editor = useActiveEditor((store) => store.editor);
  const [reviewing, setReviewing] = useState(false);
  const diff = isDiff(language, code);
  const applicable = diff || (HDL.test(language) && moduleNamesIn(code).length > 0);
  const copy = (): void =>
    void navigator.clipboard
      .writeText(code)
      .then(() => useNotices.getState().add({ tone: 'success', text: t('ask.copied') }))
      .catch(() => useNotices.getState().add({ tone: 'error', text: t('ask.notCopied') }));
  return (
    <div className="answer-code">
      <div className="answer-code-head">
        <span className="muted mono">{language}</span>
        <span className="status-space" />
        <IconButton label={t('ask.copy')} icon={Copy} onClick={copy} />
        {diff || messageId === null ? null : (
          <IconButton
            label={editor === null ? t('ask.insertNowhere') : t('ask.insert', { file: editor.path })}
            icon={TextCursorInput}
            disabled={editor === null}
            onClick={() => editor?.insertSnippet(asSnippet(code.replace(/\n$/, '')))}
          />
        )}
        {!applicable || messageId === null || threadId === null ? null : (
          <IconButton label={t('ask.apply')} icon={FileDiff} onClick={() => setReviewing(true)} />
        )}
      </div>
      <pre className={diff ? 'code diff' : 'code'} tabIndex={0} aria-label={t('ask.code')}>
        {diff
          ? code
              .replace(/\n$/, '')
              .split('\n')
              .map((line, at) => (
                <span key={at} className={lineClass(line)}>
                  {line === '' ? ' ' : line}
                </span>
              ))
          : code}
      </pre>
      {reviewing && threadId !== null && messageId !== null ? (
        <BlockReview threadId={threadId} messageId={messageId} code={code} onClose={() => setReviewing(false)} />
      ) : null}
    </div>
  );
}

const LINE_CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^(?:\+\+\+ |--- |diff )/, 'diff-file'],
  [/^@@/, 'diff-hunk'],
  [/^\+/, 'diff-add'],
  [/^-/, 'diff-del'],
];
const lineClass = (line: string): string => LINE_CLASSES.find(([pattern]) => pattern.test(line))?.[1] ?? '';
