// Links of an answer: places in the workspace become links of our own, everything else is a word unless its host is one
// that hardware engineers read.
import { findCitations } from '@genrtl/core/ai/citations.ts';

/** Documentation of the tools and standards that answers are about. */
const HOSTS: ReadonlySet<string> = new Set([
  'verilator.org',
  'www.verilator.org',
  'steveicarus.github.io',
  'yosyshq.readthedocs.io',
  'ghdl.github.io',
  'chipsalliance.github.io',
  'standards.ieee.org',
  'docs.cocotb.org',
  'gtkwave.sourceforge.net',
]);

/** https to a host of the list, and nothing in the address that could carry text out: no query, no account. */
export function mayBeFollowed(href: string | undefined): boolean {
  if (href === undefined || !URL.canParse(href)) return false;
  const { protocol, hostname, search, username, password, port } = new URL(href);
  return (
    protocol === 'https:' && HOSTS.has(hostname) && search === '' && username === '' && password === '' && port === ''
  );
}

const SCHEME = 'cite:';
export const citationUrl = (path: string, line: number): string => `${SCHEME}${encodeURIComponent(path)}:${line}`;

export function citationIn(href: string | undefined): { readonly path: string; readonly line: number } | null {
  const [, path = '', line = ''] = /^cite:([^:]{1,3000}):(\d{1,7})$/.exec(href ?? '') ?? [];
  if (line === '') return null;
  try {
    return { path: decodeURIComponent(path), line: Number(line) };
  } catch {
    return null;
  }
}

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

/** A remark plugin: `path:line` in words and in inline code becomes a link of ours; code blocks stay as they are. */
export function linkCitations() {
  return (tree: Node): void => {
    const walk = (node: Node): void => {
      if (node.children === undefined || node.type === 'link') return;
      node.children = node.children.flatMap((child) => linked(child));
      for (const child of node.children) walk(child);
    };
    walk(tree);
  };
}

function linked(node: Node): Node[] {
  if (node.value === undefined || (node.type !== 'text' && node.type !== 'inlineCode')) return [node];
  const { value } = node;
  const found = findCitations(value);
  if (found.length === 0) return [node];
  const nodes: Node[] = [];
  let at = 0;
  const words = (to: number): void => {
    if (to > at) nodes.push({ type: node.type, value: value.slice(at, to) });
  };
  for (const { path, line, from, to } of found) {
    words(from);
    nodes.push({
      type: 'link',
      url: citationUrl(path, line),
      children: [{ type: 'text', value: value.slice(from, to) }],
    });
    at = to;
  }
  words(value.length);
  return nodes;
}
