// A site with a scripted model on real wires, and jobs on it as `run --yes` starts them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JobResult, JobSettings } from '@genrtl/contracts';
import { createJobService } from '../../main/job/job-service.ts';
import type { JobService } from '../../main/job/service.ts';
import { connectBackend } from '../../main/processes/backend.ts';
import { TestHome, tempDir } from '../e2e/harness.ts';
import type { FakeScript } from '../fakes/models/script.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';

export class CheatSite {
  readonly home: TestHome;
  readonly #models: FakeModels;
  readonly #spec: (name: string) => string;
  readonly #root = tempDir('cheats');

  private constructor(models: FakeModels, spec: (name: string) => string) {
    this.#models = models;
    this.#spec = spec;
    this.home = new TestHome({
      GENRTL_STRENGTH_SECONDS: '0',
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'm',
      GENRTL_MODEL_PRICES: '{"m":{"input":"0","output":"0"}}',
    });
  }

  /** `spec`: the text of the specification of a job. */
  static async open(script: FakeScript, spec: (name: string) => string): Promise<CheatSite> {
    const site = new CheatSite(await startFakeModels({ script }), spec);
    await site.home.keepBackend();
    return site;
  }

  async close(): Promise<void> {
    await this.home.close();
    await this.#models.close();
  }

  /** `mutants`: seconds for them; without, only outputs and stubs are tried. */
  service(mutants = 0): JobService {
    const env = { ...this.home.env, GENRTL_STRENGTH_SECONDS: String(mutants) };
    return createJobService({ env, connect: () => connectBackend(env) });
  }

  workspace(name: string): string {
    return path.join(this.#root, name.replaceAll(/\W+/g, '-'));
  }

  async run(
    name: string,
    more: Partial<JobSettings> = {},
    { workspace = this.workspace(name), service = this.service() } = {},
  ): Promise<JobResult> {
    mkdirSync(workspace, { recursive: true });
    const specPath = path.join(workspace, 'spec.md');
    writeFileSync(specPath, this.#spec(name));
    const { finished } = await service.start(
      workspace,
      {
        spec_path: specPath,
        model: null,
        max_usd: '20.00',
        max_repairs: 0,
        lint_tool: 'verilator',
        sim_tool: 'icarus',
        accept_dir: null,
        gates: { plan: 'auto', purchase: 'auto', patch: 'auto' },
        ...more,
      },
      () => undefined,
    );
    return finished;
  }
}
