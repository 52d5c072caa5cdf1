// A package's README by section, in the few Markdown forms that the publishing gate lets through. No HTML is ever made
// of it.

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/**
 * Level-2 sections; what stands before the first is the section with an empty title. Tables are left out: the manifest
 * has them.
 */
export function readSections(markdown: string): Section[] {
  const sections: { title: string; blocks: Block[] }[] = [{ title: '', blocks: [] }];
  let paragraph: string[] = [];
  const blocks = (): Block[] => sections.at(-1)?.blocks ?? [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) blocks().push({ kind: 'text', text: paragraph.join(' ') });
    paragraph = [];
  };
  const lines = markdown.slice(0, 400_000).split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = /^```(\w*)/.exec(line);
    const item = /^[-*] (.*)/.exec(line);
    if (fence !== null) {
      endParagraph();
      const close = lines.findIndex((other, index) => index > at && other.startsWith('```'));
      const end = close === -1 ? lines.length : close;
      blocks().push({ kind: 'code', language: fence[1] ?? '', text: lines.slice(at + 1, end).join('\n') });
      at = end;
    } else if (/^#{1,2} /.test(line)) {
      endParagraph();
      if (line.startsWith('## ')) sections.push({ title: line.slice(3).trim(), blocks: [] });
    } else if (item !== null) {
      endParagraph();
      const last = blocks().at(-1);
      if (last?.kind === 'list')
        blocks()[blocks().length - 1] = { kind: 'list', items: [...last.items, item[1] ?? ''] };
      else blocks().push({ kind: 'list', items: [item[1] ?? ''] });
    } else if (line.trim() === '' || line.startsWith('|')) endParagraph();
    else paragraph.push(line.trim());
  }
  endParagraph();
  return sections.filter((section) => section.blocks.length > 0);
}

/** Text with `code` spans apart: odd entries are code. */
export const codeSpans = (text: string): string[] => text.split('`');
