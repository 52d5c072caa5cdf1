// Heading levels as Markdown has them: one title, sections below it, whichever of Word's ways the author took.
import type { DocumentBlock } from '@genrtl/contracts/spec-import.ts';
import type { ReadParagraph } from './document-reader.ts';

type Heading = Extract<DocumentBlock, { type: 'heading' }>;

/**
 * A title (style Title, or a first line that stands out) is level 1, and Heading 1 then level 2. A document whose only
 * Heading 1 comes first uses that as its title. A document without heading styles is read by its bold lines of larger
 * size.
 */
export function settleHeadings(
  blocks: readonly DocumentBlock[],
  traits: WeakMap<DocumentBlock, ReadParagraph>,
  bodySize: number,
  title: string,
): DocumentBlock[] {
  const styled = blocks.some((block) => block.type === 'heading' && traits.get(block)?.title !== true);
  if (!styled && isPastedMarkdown(blocks)) return blocks.map(unpasted);
  const all = styled ? [...blocks] : byAppearance(blocks, traits, bodySize);
  const isHeading = (block: DocumentBlock): block is Heading => block.type === 'heading' && !traits.get(block)?.title;
  const levels = all.filter(isHeading).map(({ level }) => level);
  const top = Math.min(...levels);
  const titleAt = all.findIndex((block) => traits.get(block)?.title === true);
  const first = all.findIndex(isHeading);
  const tops = levels.filter((level) => level === top).length;
  if (titleAt >= 0) return shifted(all, 2 - top, traits, titleAt);
  if (levels.length === 0) return all;
  // the only top heading, before all others, is the title
  if (tops === 1 && (all[first] as Heading).level === top) return shifted(all, 1 - top, traits);
  const lead = all.slice(0, first).find((block) => block.type === 'paragraph');
  if (lead?.type === 'paragraph' && traits.get(lead)?.display !== null && (traits.get(lead)?.display ?? 0) > bodySize) {
    const made: Heading = { type: 'heading', level: 1, content: lead.content };
    const at = all.indexOf(lead);
    return shifted([...all.slice(0, at), made, ...all.slice(at + 1)], 2 - top, traits, at);
  }
  if (title !== '') {
    const made: Heading = { type: 'heading', level: 1, content: [{ text: title }] };
    return shifted([made, ...all], 2 - top, traits, 0);
  }
  return shifted(all, 2 - top, traits);
}

/** `titleAt` stays at level 1; further titles are sections. */
function shifted(
  blocks: readonly DocumentBlock[],
  by: number,
  traits: WeakMap<DocumentBlock, ReadParagraph>,
  titleAt = -1,
): DocumentBlock[] {
  return blocks.map((block, at) => {
    if (block.type !== 'heading' || at === titleAt) return block;
    const level = traits.get(block)?.title === true ? 2 : block.level + by;
    return { ...block, level: Math.min(6, Math.max(1, level)) };
  });
}

/** Bold lines above the size of the text, by size: the largest is level 1. */
function byAppearance(
  blocks: readonly DocumentBlock[],
  traits: WeakMap<DocumentBlock, ReadParagraph>,
  bodySize: number,
): DocumentBlock[] {
  const sizeOf = (block: DocumentBlock): number => {
    const display = block.type === 'paragraph' ? (traits.get(block)?.display ?? 0) : 0;
    return display > bodySize ? display : 0;
  };
  const sizes = [...new Set(blocks.map(sizeOf))].filter((size) => size > 0).toSorted((a, b) => b - a);
  if (sizes.length === 0) return [...blocks];
  return blocks.map((block) => {
    const size = sizeOf(block);
    if (size === 0 || block.type !== 'paragraph') return block;
    return { type: 'heading', level: Math.min(6, sizes.indexOf(size) + 1), content: block.content };
  });
}

const PASTED = /^(#{1,6}) (\S.*)$/;

const pasted = (block: DocumentBlock): RegExpExecArray | null =>
  block.type === 'paragraph' ? PASTED.exec(block.content.map(({ text }) => text).join('')) : null;

/** A document whose headings are typed as Markdown: somebody pasted one into Word. */
function isPastedMarkdown(blocks: readonly DocumentBlock[]): boolean {
  const levels = blocks.flatMap((block) => pasted(block)?.[1]?.length ?? []);
  return levels.length >= 2 && levels.some((level) => level > 1);
}

function unpasted(block: DocumentBlock): DocumentBlock {
  const match = pasted(block);
  const [marks, text] = [match?.[1], match?.[2]];
  return marks === undefined || text === undefined
    ? block
    : { type: 'heading', level: marks.length, content: [{ text }] };
}
