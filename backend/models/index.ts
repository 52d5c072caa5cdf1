// The area's front door: the router as jobs use it, built from environment and settings.
import type { NetworkGuard } from '../network/guard.ts';
import type { ModelRouter } from './model.ts';
import type { BreakerBoard } from './breaker.ts';
import { readModelConfig } from './config.ts';
import type { Environment, ModelSettings } from './config.ts';
import { createComposerProvider } from './providers/composer/index.ts';
import { buildModelRouter } from './router.ts';
import type { Routes } from './router.ts';

export type { ModelSettings } from './config.ts';

export interface ModelRouterOptions {
  /** OPENAI_*, ANTHROPIC_*, GENRTL_MODEL, GENRTL_MODEL_PRICES, GENRTL_MODEL_*_TIMEOUT_MS are read, nothing else */
  readonly env: Environment;
  readonly settings?: ModelSettings;
  /** absent: the person's own settings say what may be reached */
  readonly guard?: NetworkGuard | null;
  /** shared by all routers of a process */
  readonly breakers?: BreakerBoard;
  /** see RouterParts */
  readonly routes?: () => Routes;
}

/** Throws USAGE when a URL, a price or a number in the environment cannot be read. */
export function createModelRouter({ env, settings, guard, ...parts }: ModelRouterOptions): ModelRouter {
  return buildModelRouter({
    config: readModelConfig(env, settings, guard),
    composer: createComposerProvider(),
    ...parts,
  });
}
