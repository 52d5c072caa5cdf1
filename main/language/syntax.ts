// The SystemVerilog grammar (tree-sitter, WebAssembly), loaded once in a thread.
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import type { Node, Tree } from 'web-tree-sitter';

export type { Node, Tree } from 'web-tree-sitter';

let loading: Promise<Parser> | null = null;

async function load(): Promise<Parser> {
  const resolve = createRequire(import.meta.url).resolve;
  await Parser.init({ locateFile: () => resolve('web-tree-sitter/web-tree-sitter.wasm') });
  const parser = new Parser();
  parser.setLanguage(await Language.load(resolve('tree-sitter-systemverilog/tree-sitter-systemverilog.wasm')));
  return parser;
}

/** The caller deletes the tree: WebAssembly memory is not collected. */
export async function parseSource(text: string): Promise<Tree> {
  const parser = await (loading ??= load());
  const tree = parser.parse(text);
  if (tree === null) throw new TypeError('the parser has no language');
  return tree;
}

/** All nodes below `node` in the order of the text, parents first; `false` from the visitor leaves the children out. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  for (const child of node.namedChildren) if (child !== null) walk(child, visit);
}

export function childOfType(node: Node, ...types: string[]): Node | null {
  return node.namedChildren.find((child) => child !== null && types.includes(child.type)) ?? null;
}

export const isIdentifier = (node: Node): boolean =>
  node.type === 'simple_identifier' || node.type === 'escaped_identifier';
