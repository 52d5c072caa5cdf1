// The one road of findings: every producer reports here, every reader asks here. Holds the newest list of each source
// of each open workspace, bounded.
import type { Diagnostic, FindingSource } from '@genrtl/contracts';
import { mergeFindings } from '@genrtl/core/findings/merge.ts';

/** Findings kept of one source; what a tool says beyond is counted. */
const SOURCE_LIMIT = 20_000;

export interface Report {
  /** what the findings replace: `lint`, `sim`, `check:NAME`, `schematic`, … */
  readonly source: string;
  readonly tool: string | null;
  /** ISO 8601; a report of a run that began before the one known is ignored */
  readonly at: string;
  readonly running?: boolean;
  /** the job that the findings belong to and go with */
  readonly jobId?: string;
  readonly findings: readonly Diagnostic[];
}

interface Kept {
  readonly source: FindingSource;
  readonly jobId: string | null;
  readonly findings: readonly Diagnostic[];
}

export type FindingsListener = (workspace: string, source: FindingSource | { readonly id: string }) => void;

export class Findings {
  readonly #workspaces = new Map<string, Map<string, Kept>>();
  readonly #changed: FindingsListener;
  #revision = 0;

  /** @param changed told of every source that has spoken anew, by its id alone when it went */
  constructor(changed: FindingsListener) {
    this.#changed = changed;
  }

  report(workspace: string, { source: id, tool, at, running = false, jobId, findings }: Report): void {
    const sources = this.#workspaces.get(workspace) ?? new Map<string, Kept>();
    this.#workspaces.set(workspace, sources);
    const before = sources.get(id);
    if (before?.source.running === false && Date.parse(before.source.at) > Date.parse(at)) return;
    const merged = mergeFindings([findings]);
    const counts = { error: 0, warning: 0, info: 0 };
    for (const { severity } of merged) counts[severity] += 1;
    this.#revision += 1;
    const source: FindingSource = {
      id,
      tool,
      running,
      at,
      counts,
      cut: Math.max(0, merged.length - SOURCE_LIMIT),
      revision: this.#revision,
    };
    sources.set(id, { source, jobId: jobId ?? null, findings: merged.slice(0, SOURCE_LIMIT) });
    this.#changed(workspace, source);
  }

  /** Takes away what another job than this one found. */
  keepJob(workspace: string, jobId: string | null): void {
    for (const [id, kept] of this.#workspaces.get(workspace) ?? [])
      if (kept.jobId !== null && kept.jobId !== jobId) this.forget(workspace, id);
  }

  forget(workspace: string, id: string): void {
    if (this.#workspaces.get(workspace)?.delete(id) === true) this.#changed(workspace, { id });
  }

  sources(workspace: string): FindingSource[] {
    return [...(this.#workspaces.get(workspace)?.values() ?? [])].map(({ source }) => source);
  }

  read(workspace: string, id: string): readonly Diagnostic[] {
    return this.#workspaces.get(workspace)?.get(id)?.findings ?? [];
  }
}
