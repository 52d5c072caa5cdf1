// What the README adds to the manifest: timing diagrams with their captions, behaviour, integration notes.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Part } from './part.tsx';
import { codeSpans } from './readme-parts.ts';
import type { Block, Section } from './readme-parts.ts';
import { TimingDiagram } from './timing-diagram.tsx';
import { readWaveJson } from './wave-json.ts';

/** Sections whose contents the manifest and the evidence show better. */
const SHOWN_ELSEWHERE = /^(parameters|ports|verification|block diagram|)$/i;

export function PackageNotes({ sections, title }: { readonly sections: readonly Section[]; readonly title: string }) {
  const { t } = useTranslation();
  return sections
    .filter((section) => !SHOWN_ELSEWHERE.test(section.title))
    .map((section) => (
      <Part key={section.title} title={section.title === 'Timing' ? t('cbb.timing') : section.title}>
        <div className="cbb-notes">
          {section.blocks.map((block, at) => (
            <BlockView key={at} block={block} label={t('cbb.timingOf', { name: title })} />
          ))}
        </div>
      </Part>
    ));
}

function BlockView({ block, label }: { readonly block: Block; readonly label: string }) {
  if (block.kind === 'text')
    return (
      <p>
        <Spans text={block.text} />
      </p>
    );
  if (block.kind === 'list')
    return (
      <ul>
        {block.items.map((item) => (
          <li key={item}>
            <Spans text={item} />
          </li>
        ))}
      </ul>
    );
  if (block.language === 'wavejson') return <Wave text={block.text} label={label} />;
  // Mermaid pictures are for the registry's site; the symbol above shows the same ports.
  return block.language === 'mermaid' ? null : (
    <pre className="code" tabIndex={0}>
      {block.text}
    </pre>
  );
}

function Wave({ text, label }: { readonly text: string; readonly label: string }) {
  const chart = useMemo(() => readWaveJson(text), [text]);
  return chart === null ? null : <TimingDiagram chart={chart} label={label} />;
}

function Spans({ text }: { readonly text: string }) {
  return codeSpans(text).map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
