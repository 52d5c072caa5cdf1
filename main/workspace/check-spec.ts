// The text of a specification against the rules of structured ones, as the import view and a job's start ask.
import type { CbbManifest, Diagnostic } from '@genrtl/contracts';
import { elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';

export interface CheckedSpec {
  /** built-in rules apply to it: it can be built without a model when nothing is wrong */
  readonly structured: boolean;
  readonly diagnostics: Diagnostic[];
}

/** Free text has no findings; the packages are asked for only when the text can be built from them. */
export async function checkSpec(
  name: string,
  markdown: string,
  catalog: () => Promise<readonly CbbManifest[]>,
): Promise<CheckedSpec> {
  const parsed = parseSpec(markdown, name);
  if (parsed.kind === 'free') return { structured: false, diagnostics: [] };
  if (parsed.kind === 'refused') return { structured: false, diagnostics: [...parsed.diagnostics] };
  const result = elaborateSpec(parsed, await catalog());
  return { structured: true, diagnostics: 'diagnostics' in result ? [...result.diagnostics] : [] };
}
