// An answer as it reads: no pictures, no HTML, links from a list only, places in the workspace as links of ours, code
// blocks with what can be done with them. Text of a model is nobody's instruction.
import { memo } from 'react';
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useTranslation } from 'react-i18next';
import type { CheckedCitation } from '@genrtl/contracts/ask.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { citationIn, linkCitations, mayBeFollowed } from './answer-links.ts';
import { answerParts } from './answer-parts.ts';
import { CodeBlock } from './code-block.tsx';

const PLUGINS = [remarkGfm, linkCitations];

/** What is known of the places that the answer names, by `path:line`; missing: not looked up yet. */
export type Citations = ReadonlyMap<string, CheckedCitation>;

interface AnswerProps {
  readonly text: string;
  readonly citations: Citations;
  /** null while the answer streams: its code is not whole */
  readonly source: { readonly threadId: string; readonly messageId: string } | null;
}

export function AnswerMarkdown({ text, citations, source }: AnswerProps) {
  return (
    <div className="answer">
      {answerParts(text).map((part, at) => (
        <Part
          key={at}
          text={part}
          citations={citations}
          threadId={source?.threadId ?? null}
          messageId={source?.messageId ?? null}
        />
      ))}
    </div>
  );
}

interface PartProps {
  readonly text: string;
  readonly citations: Citations;
  readonly threadId: string | null;
  readonly messageId: string | null;
}

const Part = memo(function Part({ text, citations, threadId, messageId }: PartProps) {
  const { t } = useTranslation();
  return (
    <Markdown
      remarkPlugins={PLUGINS}
      // the default would drop our own scheme; what is followed is decided below
      urlTransform={(url) => url}
      components={{
        img: ({ alt }) => <em>{alt === undefined || alt === '' ? t('editor.picture') : alt}</em>,
        a: ({ children, href }) => {
          const place = citationIn(href);
          if (place !== null) return <Place {...place} citations={citations} />;
          if (!mayBeFollowed(href)) return <span title={href}>{children}</span>;
          return (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          );
        },
        h1: ({ children }) => <h3>{children}</h3>,
        h2: ({ children }) => <h4>{children}</h4>,
        h3: ({ children }) => <h5>{children}</h5>,
        h4: ({ children }) => <h5>{children}</h5>,
        table: ({ children }) => (
          <div className="answer-table" tabIndex={0} role="group" aria-label={t('ask.table')}>
            <table>{children}</table>
          </div>
        ),
        pre: ({ node }) => {
          const code = node?.children[0];
          if (code?.type !== 'element') return null;
          const language = String(code.properties['className'] ?? '').replace(/^language-/, '');
          const value = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
          return <CodeBlock code={value} language={language} threadId={threadId} messageId={messageId} />;
        },
      }}
    >
      {text}
    </Markdown>
  );
});

/** Opens the place when it exists; says so when it does not. */
function Place({
  path,
  line,
  citations,
}: {
  readonly path: string;
  readonly line: number;
  readonly citations: Citations;
}) {
  const { t } = useTranslation();
  const shown = `${path}:${line}`;
  const checked = citations.get(shown);
  if (checked === undefined) return <code>{shown}</code>;
  const file = checked.path;
  if (file === null || checked.line === null)
    return (
      <code className="cite-missing" title={t(file === null ? 'ask.noSuchFile' : 'ask.noSuchLine')}>
        {shown}
        <span className="ask-hidden"> ({t(file === null ? 'ask.noSuchFile' : 'ask.noSuchLine')})</span>
      </code>
    );
  return (
    <span
      role="button"
      tabIndex={0}
      className="link mono cite"
      title={`${file}:${line}`}
      onClick={() => openFile(file, { line })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        openFile(file, { line });
      }}
    >
      {shown}
    </span>
  );
}
