// A page of a browser that is told only what a hand on keyboard and mouse would tell it. Playwright has every message
// of the page's socket sent to itself as text, which costs two cores more than the page's own work on it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import playwrightConfig from '../../playwright.config.ts';
import type { Evaluates } from './page-probe.ts';

interface Reply {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Keys by name as the DevTools protocol wants them; anything else is a character that is typed. */
const KEYS: Readonly<Record<string, { key: string; code: string; windowsVirtualKeyCode: number; text?: string }>> = {
  Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  'Control+c': { key: 'c', code: 'KeyC', windowsVirtualKeyCode: 67 },
  'Control+`': { key: '`', code: 'Backquote', windowsVirtualKeyCode: 192 },
};
const CONTROL = 2;
const WAIT_MS = 30_000;

export class BarePage implements Evaluates {
  readonly #browser: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #session: string | undefined;
  #nextId = 1;

  private constructor(profile: string) {
    const launch = playwrightConfig.use?.launchOptions ?? {};
    this.#profile = profile;
    this.#browser = spawn(
      launch.executablePath ?? 'chromium',
      [
        // as on a machine without a graphics card, see benchApp
        ...(launch.args ?? []),
        '--disable-3d-apis',
        '--headless',
        '--remote-debugging-pipe',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    (this.#browser.stdio[4] as Duplex).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = `${text}${chunk}`.split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const reply = JSON.parse(message) as Reply;
        if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
      }
    });
  }

  static async open(viewport: { readonly width: number; readonly height: number }): Promise<BarePage> {
    const page = new BarePage(mkdtempSync(path.join(tmpdir(), 'genrtl-bare-page-')));
    const { targetId } = await page.#send('Target.createTarget', { url: 'about:blank', ...viewport });
    const { sessionId } = await page.#send('Target.attachToTarget', { targetId, flatten: true });
    page.#session = String(sessionId);
    await page.#send('Page.enable');
    await page.#send('Emulation.setDeviceMetricsOverride', { ...viewport, deviceScaleFactor: 1, mobile: false });
    return page;
  }

  async close(): Promise<void> {
    const ended = once(this.#browser, 'exit');
    this.#session = undefined;
    void this.#send('Browser.close').catch(() => undefined);
    await ended;
    rmSync(this.#profile, { recursive: true, force: true });
  }

  /** Before anything of the next pages runs. */
  async addInitScript(script: () => void): Promise<void> {
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: `(${script.toString()})()` });
  }

  async goto(url: string): Promise<void> {
    await this.#send('Page.navigate', { url });
  }

  async evaluate<R, A>(work: (arg: A) => R | Promise<R>, arg: A): Promise<R> {
    const { result, exceptionDetails } = (await this.#send('Runtime.evaluate', {
      expression: `(${work.toString()})(${JSON.stringify(arg) ?? ''})`,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: R }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(`the page: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  /** Waits until an element of `selector` has `text`. */
  async waitFor(selector: string, text = ''): Promise<void> {
    await this.#placeOf(selector, text);
  }

  async press(name: string): Promise<void> {
    const key = KEYS[name];
    if (key === undefined) throw new Error(`no key ${name}`);
    const modifiers = name.startsWith('Control+') ? CONTROL : 0;
    await this.#send('Input.dispatchKeyEvent', {
      type: key.text === undefined ? 'rawKeyDown' : 'keyDown',
      modifiers,
      ...key,
    });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', modifiers, ...key, text: undefined });
  }

  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.#send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key });
      await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    }
  }

  /** Clicks the innermost element of `selector` whose text is `text`. */
  async click(selector: string, text = ''): Promise<void> {
    const mouse = { ...(await this.#placeOf(selector, text)), button: 'left', clickCount: 1 };
    await this.#send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseMoved', button: 'none' });
    await this.#send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' });
    await this.#send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' });
  }

  async wheel(selector: string, deltaY: number): Promise<void> {
    await this.#send('Input.dispatchMouseEvent', {
      ...(await this.#placeOf(selector, '')),
      type: 'mouseWheel',
      deltaX: 0,
      deltaY,
    });
  }

  async #placeOf(selector: string, text: string): Promise<{ x: number; y: number }> {
    for (const deadline = performance.now() + WAIT_MS; performance.now() < deadline; await sleep(20)) {
      const place = await this.evaluate(
        (wanted) => {
          const shown = [...document.querySelectorAll(wanted.selector)]
            .flatMap((element) => [element, ...element.querySelectorAll('*')])
            .filter((element) => element.clientWidth > 0 || element.getClientRects().length > 0);
          const box = (
            wanted.text === ''
              ? shown[0]
              : shown.findLast((element) => element.textContent?.replaceAll('\u00a0', ' ').trim() === wanted.text)
          )?.getBoundingClientRect();
          return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        },
        { selector, text },
      );
      if (place !== null) return place;
    }
    throw new Error(`${selector} never showed ${text}`);
  }

  async #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = this.#nextId++;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    (this.#browser.stdio[3] as Duplex).write(
      `${JSON.stringify({ id, method, params, ...(this.#session === undefined ? {} : { sessionId: this.#session }) })}\0`,
    );
    const { result, error } = await reply;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }
}
