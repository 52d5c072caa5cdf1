// A Word document as its own blocks: headings, lists, tables with merged cells, struck text struck. Drawn from data, so
// nothing of the document can act on the page.
import type { CSSProperties, ReactNode } from 'react';
import type { DocumentBlock, Inline, InlineMark } from '@genrtl/contracts/spec-import.ts';

export function DocumentView({ blocks }: { readonly blocks: readonly DocumentBlock[] }) {
  return blocks.map((block, at) => <Block key={`${at} ${block.type}`} block={block} />);
}

function Block({ block }: { readonly block: DocumentBlock }) {
  switch (block.type) {
    case 'heading':
      return (
        <p className={`doc-heading doc-heading-${Math.min(block.level, 4)}`}>
          <Runs content={block.content} />
        </p>
      );
    case 'paragraph':
      return (
        <p>
          <Runs content={block.content} />
        </p>
      );
    case 'item':
      return (
        <p className="doc-item" style={{ '--level': block.level } as CSSProperties}>
          <span>{block.marker}</span>
          <span>
            <Runs content={block.content} />
          </span>
        </p>
      );
    case 'code':
      return <pre className="mono">{block.text}</pre>;
    case 'table':
      return (
        <table>
          <tbody>
            {block.rows.map((row, at) => (
              <tr key={`row ${at}`}>
                {row.cells.map((cell) => {
                  const Cell = at < block.headerRows ? 'th' : 'td';
                  return (
                    <Cell key={cell.column} colSpan={cell.columns} rowSpan={cell.rows}>
                      <DocumentView blocks={cell.blocks} />
                    </Cell>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'footnote':
      return (
        <p className="muted">
          <sup>{block.label}</sup> <Runs content={block.content} />
        </p>
      );
    case 'page':
      return <div className="doc-page" data-page={block.page} />;
  }
}

const WRAPS: Readonly<Record<InlineMark, (inner: ReactNode) => ReactNode>> = {
  bold: (inner) => <strong>{inner}</strong>,
  strike: (inner) => <s>{inner}</s>,
  superscript: (inner) => <sup>{inner}</sup>,
  subscript: (inner) => <sub>{inner}</sub>,
  picture: (inner) => <span className="doc-picture">{inner}</span>,
  equation: (inner) => <span className="mono">{inner}</span>,
};

function Runs({ content }: { readonly content: readonly Inline[] }) {
  return content.map((run, at) => (
    <span key={`${at} ${run.text.slice(0, 20)}`} className="doc-run">
      {(run.marks ?? []).reduce<ReactNode>((inner, mark) => WRAPS[mark](inner), run.text)}
    </span>
  ));
}
