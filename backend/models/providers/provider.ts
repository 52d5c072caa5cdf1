// The one interface behind which every model stands.
import type { CbbManifest } from '@genrtl/contracts';
import type { ModelPrompt } from '../model.ts';
import type { Endpoint } from '../config.ts';
import type { ModelCard, TokenUsage } from '../pricing.ts';
import type { Connection } from '../transport/limits.ts';

/** Follows one call, so that a call that ends badly can still be accounted for. */
export interface Progress {
  /** The server has begun to work: from here on a failure may have cost something. */
  began(): void;
  /** A piece of the answer, in order. Resolves when the next one may come. */
  text(piece: string): void | Promise<void>;
  /** A piece of reasoning that is paid for and never shown. */
  hidden(piece: string): void;
  /** The server's own count so far; later ones replace earlier ones field by field. `final` counts the whole answer. */
  usage(count: Partial<TokenUsage>, final: boolean): void;
}

export interface ProviderCall {
  /** the provider's own name of the model */
  readonly model: string;
  readonly card: ModelCard;
  readonly prompt: ModelPrompt;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly catalog: readonly CbbManifest[];
}

/** What a provider with a server is made of. */
export interface ServerOptions {
  readonly endpoint: Endpoint;
  readonly connection: Connection;
  /** never shown */
  readonly secrets: Iterable<string>;
}

export interface Provider {
  /**
   * Exactly one request. Resolves when the protocol's own end of an answer was seen; the answer and its usage went
   * through `progress`. Throws GenrtlError.
   */
  call(call: ProviderCall): Promise<void>;
}
