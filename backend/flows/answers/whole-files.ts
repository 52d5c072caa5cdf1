// Whole files in fences: the path above the fence, behind its language, or in the first comment.
import {
  leftOut,
  linesOf,
  onlyPath,
  partOnly,
  pathIn,
  PATH,
  wholeFile,
  withoutLineNumbers,
  workspacePath,
} from './sections.ts';
import type { Converted, Texts } from './sections.ts';

const HDL = new Set(['sv', 'svh', 'v', 'vh', 'vhd', 'vhdl', 'verilog', 'systemverilog']);
const FIRST_COMMENT =
  /^\s*(?:\/\/|--|#|\/\*)\s*(?:(?:file(?:name)?|文件)\s*[:=：]\s*)?([\p{L}\p{N}_./@+-]+)\s*(?:\*\/)?\s*$/iu;
/** A sentence right above a block, which it announces. */
const ANNOUNCES = /[:：]\s*\**\s*$/;

interface Block {
  readonly language: string;
  readonly path: string | undefined;
  readonly text: string;
  readonly closed: boolean;
}

/** Null where no fence holds a file. */
export function wholeFiles(answer: string, texts: Texts): Converted | null {
  const blocks = fencedBlocks(answer).filter(
    ({ language, text }) =>
      !/^(?:diff|patch|json|udiff)$/.test(language) && !/^(?:--- |diff --git |\*\*\* )/.test(text),
  );
  const files = blocks.filter((block) => block.path !== undefined);
  const problems: string[] = [];
  const nameless = blocks.filter(
    ({ path, language, text }) =>
      path === undefined && (HDL.has(language) || /^\s*(?:module|entity|package)\b/m.test(text)),
  );
  if (files.length === 0 && nameless.length === 0) return null;
  for (const { text } of nameless)
    problems.push(
      `a code block has no path (it begins “${linesOf(text)[0]?.trim().slice(0, 60) ?? ''}”): put the file’s path, as src/name.sv, on a line of its own above the block`,
    );
  const byPath = new Map<string, Block>();
  for (const block of files) {
    const path = workspacePath(block.path ?? '', texts);
    const before = byPath.get(path);
    const cut = leftOut(block.text);
    if (!block.closed)
      problems.push(
        `${path}: the code block is not closed, so the file may be cut off; send the remaining files whole`,
      );
    else if (cut !== undefined)
      problems.push(
        `${path}: the file has parts left out (“${cut.slice(0, 60)}”); give the whole file, or a unified diff`,
      );
    else if (block.text.trim() === '') problems.push(`${path}: the code block is empty; give the whole file`);
    else if (before !== undefined && before.text !== block.text)
      problems.push(`${path}: two different code blocks have this path; give the file once`);
    else {
      const part = partOnly(path, block.text, texts);
      const other = otherFile(path, block.text, texts);
      if (part !== undefined) problems.push(`${path}: ${part}; give the whole file, or a unified diff`);
      else if (other !== undefined)
        problems.push(`${path}: the code block goes on with another file, ${other}; give each file its own block`);
    }
    byPath.set(path, block);
  }
  return { sections: [...byPath].map(([path, { text }]) => wholeFile(path, text, texts)), problems };
}

/** A comment inside that is a path and nothing else, right above a unit: the block holds two files. */
function otherFile(path: string, text: string, texts: Texts): string | undefined {
  const lines = linesOf(text);
  const at = lines.findIndex((one, n) => {
    const named = FIRST_COMMENT.exec(one.slice(0, 300))?.[1];
    if (n === 0 || named === undefined || !named.includes('/') || !PATH.test(named)) return false;
    const below = lines.slice(n + 1).find((next) => next.trim() !== '') ?? '';
    return workspacePath(named, texts) !== path && /^\s*(?:module|package|interface|entity|`|library)/i.test(below);
  });
  return at < 0 || (texts[path] ?? '').includes(lines[at] ?? '') ? undefined : FIRST_COMMENT.exec(lines[at] ?? '')?.[1];
}

function fencedBlocks(answer: string): Block[] {
  const lines = linesOf(answer);
  const blocks: Block[] = [];
  let above: string | undefined;
  let announced: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const opened = /^ {0,3}(`{3,}|~{3,})\s*([^`]{0,300})$/.exec(lines[at] ?? '');
    if (opened === null) {
      const text = lines[at] ?? '';
      if (text.trim() !== '') {
        above = pathIn(text);
        announced = above === undefined && ANNOUNCES.test(text) ? onlyPath(text) : undefined;
      }
      continue;
    }
    const [, mark = '```', info = ''] = opened;
    const end = lines.findIndex((one, n) => n > at && one.trimEnd().trimStart() === mark);
    // what stands before the fence stands before each of its lines
    const indent = new RegExp(`^ {0,${String((lines[at] ?? '').search(/\S/))}}`);
    const body = lines.slice(at + 1, end < 0 ? undefined : end).map((one) => one.replace(indent, ''));
    const inside = FIRST_COMMENT.exec(body[0]?.slice(0, 300) ?? '')?.[1];
    const named =
      infoPath(info) ??
      above ??
      (inside !== undefined && PATH.test(inside) && inside.includes('/') ? inside : undefined) ??
      announced;
    const text = body.length === 0 ? '' : withoutLineNumbers(`${body.join('\n')}\n`);
    blocks.push({
      language:
        info
          .trim()
          .split(/[\s:{]/)[0]
          ?.toLowerCase() ?? '',
      path: named,
      text,
      closed: end >= 0,
    });
    above = undefined;
    announced = undefined;
    if (end < 0) break;
    at = end;
  }
  return blocks;
}

/** ```` ```sv src/a.sv ````, ```` ```sv:src/a.sv ````, ```` ```sv title="src/a.sv" ````, ```` ```src/a.sv ````. */
function infoPath(info: string): string | undefined {
  const words = info
    .trim()
    .replace(/^[a-z]+:(?=\S)/i, '')
    .split(/\s+/);
  return words
    .map((word) => word.replace(/^(?:title|file(?:name)?|path)=/i, '').replace(/["'{}]/g, ''))
    .find((word) => PATH.test(word) && word.includes('/'));
}
