// Measures inside the page, where the person would feel it: from the key or click to what it shows, and the longest
// frame meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';

/** What the probes need of a page: Playwright's has it, and the bare one. */
export interface Evaluates {
  evaluate<R, A>(work: (arg: A) => R | Promise<R>, arg: A): Promise<R>;
  addInitScript(script: () => void): Promise<unknown>;
}

interface Probe {
  frames: number[];
}
type Probed = typeof globalThis & { benchProbe: Probe };

/** Before the page loads: every pause between two frames is kept. */
export async function probeFrames(page: Evaluates): Promise<void> {
  await page.addInitScript(() => {
    const probe: Probe = { frames: [] };
    (globalThis as Probed).benchProbe = probe;
    let last = performance.now();
    const tick = (now: number): void => {
      probe.frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}

/** The longest pause between two frames since the last call, in milliseconds. */
export async function longestFrame(page: Evaluates): Promise<number> {
  return page.evaluate(() => {
    const { benchProbe } = globalThis as Probed;
    const longest = Math.max(0, ...benchProbe.frames);
    benchProbe.frames = [];
    return longest;
  }, null);
}

/**
 * Milliseconds from the first `trigger` event that `act` causes to the frame in which an element of `selector` that
 * is on the screen holds `text`.
 */
export async function timed(
  page: Evaluates,
  trigger: 'click' | 'keydown',
  selector: string,
  text: string,
  act: () => Promise<unknown>,
): Promise<number> {
  const measured = page.evaluate(
    ({ trigger: name, selector: target, text: wanted }) =>
      new Promise<number>((resolve, reject) => {
        const giveUp = setTimeout(() => reject(new Error(`${target} never showed ${wanted}`)), 60_000);
        window.addEventListener(
          name,
          ({ timeStamp }) => {
            const look = (): void => {
              // drawn text holds no-break spaces where the source has blanks
              const shown = [...document.querySelectorAll(target)].some(
                (element) =>
                  (element.textContent ?? '').replaceAll('\u00a0', ' ').includes(wanted) &&
                  element.checkVisibility({ visibilityProperty: true }),
              );
              if (!shown) {
                requestAnimationFrame(look);
                return;
              }
              clearTimeout(giveUp);
              // the next frame has it on the screen
              requestAnimationFrame(() => resolve(performance.now() - timeStamp));
            };
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
    { trigger, selector, text },
  );
  await page.evaluate(() => undefined, null);
  await act();
  return measured;
}

/** Round-trip times of the page's calls, by name, as its socket shows them. Attach before the page loads. */
export class CallTimes {
  readonly #sent = new Map<number, { readonly call: string; readonly at: number }>();
  readonly #times = new Map<string, number[]>();

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      this.#sent.clear();
      socket.on('framesent', ({ payload }) => {
        const { id, call } = JSON.parse(String(payload)) as { id: number; call: string };
        this.#sent.set(id, { call, at: performance.now() });
      });
      socket.on('framereceived', ({ payload }) => {
        const id = /^\{"id":(\d+),/.exec(String(payload).slice(0, 40))?.[1];
        const sent = id === undefined ? undefined : this.#sent.get(Number(id));
        if (sent === undefined) return;
        this.#sent.delete(Number(id));
        this.#times.set(sent.call, [...(this.#times.get(sent.call) ?? []), performance.now() - sent.at]);
      });
    });
  }

  /** The oldest time of this call that was not asked for yet, as soon as there is one. Throws after a minute. */
  async next(call: string): Promise<number> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const time = this.#times.get(call)?.shift();
      if (time !== undefined) return time;
      if (performance.now() > deadline) throw new Error(`${call} was not answered within a minute`);
      await sleep(10);
    }
  }
}
