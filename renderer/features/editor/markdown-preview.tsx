// A specification as it reads. HTML in it is left out, pictures and links to elsewhere are named and not followed.
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useTranslation } from 'react-i18next';

/** Reading a longer text would hold the page. */
const MAX_CHARS = 150_000;
const PLUGINS = [remarkGfm];

export function MarkdownPreview({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <article className="markdown-preview" tabIndex={0} aria-label={t('editor.preview')}>
      {text.length > MAX_CHARS ? <p className="muted">{t('editor.previewCut')}</p> : null}
      <Markdown
        remarkPlugins={PLUGINS}
        components={{
          img: ({ alt }) => <em>{alt === undefined || alt === '' ? t('editor.picture') : alt}</em>,
          a: ({ children, href }) => <span title={href}>{children}</span>,
        }}
      >
        {text.slice(0, MAX_CHARS)}
      </Markdown>
    </article>
  );
}
