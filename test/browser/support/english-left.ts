// What still speaks English after the language was switched: texts of a part of the page, names and titles included,
// that are the English words of the app where the Chinese ones differ.
import type { Page } from '@playwright/test';
import en from '../../../renderer/i18n/en.json' with { type: 'json' };
import zh from '../../../renderer/i18n/zh-CN.json' with { type: 'json' };

/** Shorter ones are also names of files, signals and tools. */
const LEAST_CHARS = 4;

function* leaves(node: unknown, path: readonly string[] = []): Generator<readonly [readonly string[], string]> {
  if (typeof node === 'string') yield [path, node];
  else if (typeof node === 'object' && node !== null)
    for (const [key, below] of Object.entries(node)) yield* leaves(below, [...path, key]);
}

function englishOnly(): RegExp[] {
  const chinese = new Map([...leaves(zh)].map(([path, text]) => [path.join('.'), text]));
  return [...leaves(en)].flatMap(([path, text]) => {
    const fixed = text.replaceAll(/\$t\(.*\)|\{\{.*?\}\}/g, '');
    if (chinese.get(path.join('.')) === text || (fixed.match(/[a-z]/gi)?.length ?? 0) < LEAST_CHARS) return [];
    const pattern = text
      .split(/\$t\(.*\)|\{\{.*?\}\}/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+');
    return [new RegExp(`^${pattern}$`)];
  });
}

let known: readonly RegExp[] | null = null;

/** Monaco's own menus follow the language that the page was loaded in; what we draw into editors is ours. */
export async function englishLeft(page: Page, part: string): Promise<string[]> {
  known ??= englishOnly();
  const texts = await page.locator(part).evaluateAll((roots) => {
    const found = new Set<string>();
    for (const root of roots) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let node: Node | null = walker.currentNode; node !== null; node = walker.nextNode()) {
        const element = node instanceof Element ? node : node.parentElement;
        const foreign = element?.closest('.monaco-editor, .xterm, pre, code, .mono, .path');
        if (foreign != null && element?.closest('[class^="ai-"]') == null) continue;
        if (node instanceof Element)
          for (const name of ['aria-label', 'title', 'placeholder']) found.add(node.getAttribute(name) ?? '');
        else found.add(node.textContent ?? '');
      }
    }
    return [...found].map((text) => text.trim()).filter((text) => text !== '');
  });
  return texts.filter((text) => known?.some((pattern) => pattern.test(text))).map((text) => `${part}: ${text}`);
}
