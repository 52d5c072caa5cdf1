// builtin/composer: core's deterministic composer as a provider. Understands structured specs only, costs nothing.
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest } from '@genrtl/contracts';
import { composePatch, composePlan, elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';
import type { Design } from '@genrtl/core/spec/index.ts';
import type { ModelPrompt } from '../../model.ts';
import { specRefusal } from '../../spec-refusal.ts';
import type { Provider } from '../provider.ts';

/**
 * Throws SPEC_* with every finding in `details.diagnostics`, SPEC_NEEDS_MODEL for free text, DESIGN_FAILED when asked
 * to repair.
 */
export function createComposerProvider(): Provider {
  return {
    async call({ prompt, catalog, progress }) {
      const text = compose(prompt, catalog);
      progress.began();
      progress.usage({ input: 0, output: 0, cached: 0, cacheWrite: 0 }, true);
      await progress.text(text);
    },
  };
}

function compose(prompt: ModelPrompt, catalog: readonly CbbManifest[]): string {
  switch (prompt.service) {
    case 'plan':
      return `${JSON.stringify(composePlan(elaborate(prompt, catalog)), null, 1)}\n`;
    case 'implement':
      return composePatch(
        elaborate(prompt, catalog),
        new Map((factsOf(prompt).files ?? []).map((file) => [file.path, file.text])),
      );
    case 'assist':
      throw new GenrtlError('AI_NEEDS_MODEL', 'The built-in composer answers no questions.');
    case 'repair':
      throw new GenrtlError(
        'DESIGN_FAILED',
        'The built-in composer cannot repair: what it composes follows the specification, so a failing check means that the specification’s checks contradict its logic.',
        {
          hint: 'Compare the failing check with Logic, Registers and Connections in the specification, or set a model.',
        },
      );
  }
}

function factsOf(prompt: ModelPrompt): NonNullable<ModelPrompt['composer']> {
  if (prompt.composer === undefined) throw new GenrtlError('SPEC_NEEDS_MODEL', 'This is no specification.');
  return prompt.composer;
}

function elaborate(prompt: ModelPrompt, catalog: readonly CbbManifest[]): Design {
  const { spec, specName, request } = factsOf(prompt);
  const bought = 'cbbs' in request ? request.cbbs : [];
  const result = elaborateSpec(parseSpec(spec, specName), versionsInUse(catalog, bought));
  if ('diagnostics' in result) throw specRefusal(result.diagnostics);
  return result.design;
}

/** Of a package that the job bought only that version counts: what is composed must fit what is installed. */
function versionsInUse(
  catalog: readonly CbbManifest[],
  bought: readonly { cbb_id: string; version: string }[],
): CbbManifest[] {
  const versions = new Map(bought.map(({ cbb_id, version }) => [cbb_id, version]));
  return catalog.filter((manifest) => (versions.get(manifest.cbb_id) ?? manifest.version) === manifest.version);
}
