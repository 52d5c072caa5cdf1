// Syntax colours of the review's lines, from Monaco's own tokenizers; fetched after the diff itself is drawn.
import { loadMonacoTexts } from '../editor/monaco-texts.ts';
import { useEffect, useState } from 'react';
import type { ReviewFile } from '@genrtl/contracts/review.ts';

export type Span = readonly [text: string, colour: string];
/** spans by line, counted from 0, of the text before and after */
export interface Coloured {
  readonly before: readonly (readonly Span[])[];
  readonly after: readonly (readonly Span[])[];
}

/** Longer files stay plain: tokenizing would be felt. */
const MAX_CHARS = 400_000;
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/^comment/, 'tok-comment'],
  [/^string/, 'tok-string'],
  [/^number/, 'tok-number'],
  [/^keyword|^tag|^type/, 'tok-keyword'],
  [/^variable\.predefined|^identifier\.systemtask/, 'tok-system'],
];
const colourOf = (type: string): string => COLOURS.find(([pattern]) => pattern.test(type))?.[1] ?? '';

async function colour(text: string | null, path: string): Promise<Span[][]> {
  if (text === null || text.length > MAX_CHARS) return [];
  await loadMonacoTexts();
  const { languageOf, monaco } = await import('../editor/monaco.ts');
  const language = languageOf(path);
  if (language === 'plaintext') return [];
  // The tokenizer of a language is itself loaded on demand; colorize waits for it.
  await monaco.editor.colorize('', language, {});
  const lines = text.split(/\r?\n/);
  return monaco.editor.tokenize(text, language).map((tokens, at) => {
    const line = lines[at] ?? '';
    return tokens.map(
      (token, nth): Span => [line.slice(token.offset, tokens[nth + 1]?.offset ?? line.length), colourOf(token.type)],
    );
  });
}

/** Colours by path; a file without an entry is drawn plain. */
export function useLineColours(files: readonly ReviewFile[]): ReadonlyMap<string, Coloured> {
  const [colours, setColours] = useState<ReadonlyMap<string, Coloured>>(new Map());
  useEffect(() => {
    let current = true;
    const paint = async (): Promise<void> => {
      const painted = new Map<string, Coloured>();
      for (const file of files)
        painted.set(file.path, {
          before: await colour(file.before, file.path),
          after: await colour(file.after, file.path),
        });
      if (current) setColours(painted);
    };
    // Without colours the review is as right as with them.
    paint().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [files]);
  return colours;
}
