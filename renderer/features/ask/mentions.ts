// What `@` offers while a question is written: files, units, findings, runs of tools, headings of the specification.
import type { AskContext } from '@genrtl/contracts/ask.ts';
import type { Diagnostic, StepRecord } from '@genrtl/contracts';

export interface Mention {
  readonly kind: AskContext['kind'];
  /** stands in the text behind `@` */
  readonly label: string;
  readonly detail: string;
  readonly context: AskContext;
}

export interface MentionSources {
  readonly files: readonly string[];
  readonly units: readonly { readonly name: string; readonly kind: string; readonly path: string }[];
  readonly problems: readonly Diagnostic[];
  readonly jobId: string | null;
  readonly steps: readonly StepRecord[];
  readonly spec: { readonly path: string; readonly text: string } | null;
}

const SHOWN = 12;
const EACH = 2_000;
const KINDS = ['file', 'module', 'problem', 'run', 'spec'] as const;

/** The word behind the last `@` before the cursor; null where none is being written. */
export function mentionAt(text: string, cursor: number): { readonly from: number; readonly query: string } | null {
  const match = /(?:^|\s)@([^\s@]{0,100})$/.exec(text.slice(Math.max(0, cursor - 120), cursor));
  return match === null ? null : { from: cursor - (match[1]?.length ?? 0) - 1, query: match[1] ?? '' };
}

/** `file:uart` looks among files only. Names that begin with the word come first. */
export function mentionsFor(query: string, sources: MentionSources): Mention[] {
  const [, kind, rest] = /^(file|module|problem|run|spec):(.*)$/.exec(query) ?? [];
  const wanted = (rest ?? query).toLowerCase();
  const kinds = kind === undefined ? KINDS : KINDS.filter((one) => one === kind);
  const ranked: { mention: Mention; rank: number }[] = [];
  for (const one of kinds) {
    for (const mention of mentionsOf(one, sources, rest ?? query)) {
      const name = mention.label.toLowerCase();
      const base = name.slice(name.lastIndexOf('/') + 1);
      const rank = base.startsWith(wanted)
        ? 0
        : base.includes(wanted)
          ? 1
          : `${name} ${mention.detail.toLowerCase()}`.includes(wanted)
            ? 2
            : 3;
      if (rank < 3) ranked.push({ mention, rank });
    }
  }
  // a word that is nobody's alone is not crowded out: a few of each kind when nothing is typed yet
  if (wanted === '' && kind === undefined) {
    return KINDS.flatMap((one) => ranked.filter(({ mention }) => mention.kind === one).slice(0, 3)).map(
      ({ mention }) => mention,
    );
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || a.mention.label.length - b.mention.label.length)
    .slice(0, SHOWN)
    .map(({ mention }) => mention);
}

function mentionsOf(kind: (typeof KINDS)[number], sources: MentionSources, query: string): Mention[] {
  switch (kind) {
    case 'file':
      return sources.files
        .filter((path) => !path.startsWith('.genRTL/'))
        .map((path) => ({ kind, label: path, detail: '', context: { kind, path } }));
    case 'module':
      return sources.units.map(({ name, kind: of, path }) => ({
        kind,
        label: name,
        detail: `${of} · ${path}`,
        context: { kind, name },
      }));
    case 'problem':
      return sources.problems.slice(0, EACH).map((finding) => ({
        kind,
        label: finding.code ?? finding.tool,
        detail: `${finding.file ?? ''}${finding.line === undefined ? '' : `:${finding.line}`} ${finding.message}`,
        context: { kind, finding },
      }));
    case 'run':
      return sources.steps
        .filter(({ step, status }) => status !== 'running' && /^(lint|sim|acceptance|strength)/.test(step))
        .map(({ step_id: id, summary }) => ({
          kind,
          label: id,
          detail: summary,
          context: { kind, run: `${sources.jobId ?? ''}/${id}` },
        }));
    case 'spec':
      return specMentions(sources.spec, query);
  }
}

function specMentions(spec: MentionSources['spec'], query: string): Mention[] {
  if (spec === null) return [];
  const lines = spec.text.split(/\r?\n/);
  const at = /^\d{1,6}$/.test(query) ? Number(query) : null;
  const place = (line: number, detail: string): Mention => ({
    kind: 'spec',
    label: `spec:${line}`,
    detail,
    context: { kind: 'spec', path: spec.path, line },
  });
  if (at !== null && at >= 1 && at <= lines.length) return [place(at, (lines[at - 1] ?? '').slice(0, 100))];
  return lines
    .flatMap((text, index) => (/^#{1,4} /.test(text) ? [place(index + 1, text.replace(/^#+ /, '').slice(0, 100))] : []))
    .slice(0, 200);
}

/** How a thing is called on its chip. */
export function nameOf(context: AskContext): string {
  switch (context.kind) {
    case 'file':
      return context.path;
    case 'module':
    case 'view':
      return context.name;
    case 'problem': {
      const { code, tool, file, line } = context.finding;
      return `${code ?? tool}${file === undefined ? '' : ` ${file}:${line ?? 1}`}`;
    }
    case 'run':
      return context.run.slice(context.run.indexOf('/') + 1);
    case 'spec':
      return `${context.path}:${context.line}`;
    case 'selection':
      return `${context.path}:${context.start}–${context.end}`;
  }
}
