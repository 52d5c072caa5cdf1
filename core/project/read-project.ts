// The text of genrtl.yaml and of waiver files → their contents, or findings with line and column.
import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { z } from 'zod';
import { PROJECT_FILE, ProjectFile, WaiverFile } from '@genrtl/contracts';
import type { Diagnostic, FindingWaiver } from '@genrtl/contracts';

export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly document: Document }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function readProjectText(text: string, file = PROJECT_FILE): Read<ProjectFile> {
  return readYaml(text, file, ProjectFile);
}

export function readWaiverText(text: string, file: string): Read<{ waivers: FindingWaiver[] }> {
  return readYaml(text, file, WaiverFile);
}

/** A YAML file of ours after its schema; `code` marks what is wrong with it. */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>, code = 'PROJECT_INVALID'): Read<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const finding = (message: string, offset: number): Diagnostic => ({
    tool: 'genrtl',
    severity: 'error',
    code,
    message,
    file,
    ...at(offset),
  });
  if (document.errors.length > 0)
    return { ok: false, diagnostics: document.errors.map(({ message, pos }) => finding(sentence(message), pos[0])) };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { ok: false, diagnostics: [finding('The file repeats itself by aliases without bound.', 0)] };
  }
  const parsed = schema.safeParse(content ?? {});
  if (parsed.success) return { ok: true, value: parsed.data, document };
  const diagnostics = parsed.error.issues.flatMap((issue) => findingsOf(issue, document, finding));
  return { ok: false, diagnostics };
}

type Issue = z.core.$ZodIssue;

function findingsOf(
  issue: Issue,
  document: Document,
  finding: (message: string, offset: number) => Diagnostic,
): Diagnostic[] {
  const where = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      finding(
        `${name([...where, key])} is no field that genRTL knows.`,
        offsetOf(document, [...issue.path, key], true),
      ),
    );
  const ofKey = issue.code === 'invalid_key';
  return [finding(`${name(where)}: ${sentence(plainMessage(issue))}`, offsetOf(document, issue.path, ofKey))];
}

/** `rtl.files.2`, counted from 0 as people find it in the file; the file itself has no name. */
const name = (path: readonly string[]): string => (path.length === 0 ? 'The file' : path.join('.'));

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function plainMessage(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_union') {
    // the branch that came furthest speaks best
    const inner = issue.errors
      .map((branch) => branch[0])
      .filter((each) => each !== undefined)
      .sort((a, b) => b.path.length - a.path.length)[0];
    return inner === undefined ? issue.message : plainMessage(inner);
  }
  return issue.message;
}

/** Where a path stands: its key when the value is missing or when the key itself is the fault. */
function offsetOf(document: Document, path: readonly PropertyKey[], ofKey: boolean): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (pair === undefined) return offset;
      const key = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      offset = key;
      node = isNode(pair.value) ? pair.value : null;
      if (last && ofKey) return key;
      if (node?.range) offset = node.range[0];
    } else {
      const next: unknown = document.getIn(path.slice(0, depth + 1), true);
      if (!isNode(next)) return offset;
      node = next;
      offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}
