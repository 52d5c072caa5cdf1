// Counts what a process has open, also what does not keep it alive: timers that were set and neither fired nor were
// cleared, sockets that were not closed, and emitters that gather listeners.
import { createHook, type AsyncHook } from 'node:async_hooks';

const KINDS = { Timeout: 'timers', TCPWRAP: 'sockets' } as const;
export type Open = Record<'timers' | 'sockets' | 'crowdedEmitters', number>;

/** From here on; what was open before is not known. */
export class LeftBehind {
  readonly #kindOf = new Map<number, 'timers' | 'sockets'>();
  readonly #open: Open = { timers: 0, sockets: 0, crowdedEmitters: 0 };
  readonly #hook: AsyncHook;
  readonly #warned = (warning: Error): void => {
    if (warning.name === 'MaxListenersExceededWarning') this.#open.crowdedEmitters += 1;
  };

  constructor() {
    this.#hook = createHook({
      init: (id, type) => {
        const kind = Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : undefined;
        if (kind === undefined) return;
        this.#kindOf.set(id, kind);
        this.#open[kind] += 1;
      },
      destroy: (id) => {
        const kind = this.#kindOf.get(id);
        if (kind === undefined) return;
        this.#kindOf.delete(id);
        this.#open[kind] -= 1;
      },
    }).enable();
    process.on('warning', this.#warned);
  }

  get open(): Open {
    return { ...this.#open };
  }

  stop(): void {
    this.#hook.disable();
    process.off('warning', this.#warned);
  }
}
