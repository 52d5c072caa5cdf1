// One console in the page: an xterm that outlives the panels that show it, fed from main with flow control.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import type { ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { monoFont, onLateMonoFont } from '@genrtl/ui/mono-font.ts';
import { bridge } from '../../bridge/bridge.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { fileLinks, workspaceFile } from './file-links.ts';

/** Characters drawn before main is told; well below the level at which it stops reading. */
const ACK_EVERY = 32 * 1024;
const SCROLLBACK = 20_000;

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The window's colours; the sixteen of the palette are chosen to be read on either background. */
export function terminalTheme(): ITheme {
  const dark = document.documentElement.dataset['theme'] !== 'light';
  const palette = dark
    ? {
        black: '#1f2630',
        red: '#f47067',
        green: '#4cc38a',
        yellow: '#e2b04a',
        blue: '#6cabff',
        magenta: '#c493f0',
        cyan: '#4fc3cf',
        white: '#c9d1dc',
        brightBlack: '#7f8a99',
      }
    : {
        black: '#26303d',
        red: '#c0271d',
        green: '#14733f',
        yellow: '#8a5a00',
        blue: '#1a5fc4',
        magenta: '#8a3fb8',
        cyan: '#0b6f7c',
        white: '#5a6575',
        brightBlack: '#6c7787',
      };
  return {
    ...palette,
    background: css('--surface'),
    foreground: css('--text'),
    cursor: css('--accent'),
    selectionBackground: dark ? '#2a4a75' : '#b9d4fb',
    brightWhite: css('--text-strong'),
  };
}

export class LiveTerminal {
  readonly id: string;
  readonly element = document.createElement('div');
  readonly #term: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #stops: (() => void)[] = [];
  #opened = false;
  #drawn = 0;
  ended = false;
  /** asked for by Ctrl+F inside the console */
  onFind: () => void = () => undefined;

  constructor(id: string, workspace: string) {
    this.id = id;
    this.element.className = 'console-host';
    this.#term = new Terminal({
      fontFamily: monoFont(),
      fontSize: 13,
      scrollback: SCROLLBACK,
      theme: terminalTheme(),
      allowProposedApi: true,
      cursorBlink: true,
      macOptionIsMeta: true,
    });
    // another text, or it would not be measured again
    onLateMonoFont(() => {
      this.#term.options.fontFamily = `${monoFont()}, monospace`;
      this.fit();
    });
    this.#term.loadAddon(this.#fit);
    this.#term.loadAddon(this.#search);
    this.#term.loadAddon(new WebLinksAddon((_event, uri) => window.open(uri, '_blank', 'noopener')));
    this.#linkFiles(workspace);
    this.#term.onData((data) => {
      if (!this.ended) bridge.call('terminal.write', { terminal_id: id, data }).catch(() => this.#end());
    });
    this.#term.onResize(({ cols, rows }) => {
      if (!this.ended)
        bridge.call('terminal.resize', { terminal_id: id, columns: cols, rows }).catch(() => this.#end());
    });
    this.#term.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#stops.push(
      bridge.on('terminal.data', ({ terminal_id, data }) => {
        if (terminal_id === id) this.#draw(data);
      }),
      bridge.on('terminal.exit', ({ terminal_id }) => {
        if (terminal_id === id) this.#end();
      }),
    );
  }

  /** What was printed so far, after a reload or a reconnect. A console that is gone by then has ended. */
  async attach(): Promise<void> {
    try {
      const { text } = await bridge.call('terminal.attach', { terminal_id: this.id });
      this.#drawn = 0;
      // the reset as an escape: what came before is drawn before it, since all of it is in the text too
      this.#term.write(`\x1bc${text}`);
    } catch {
      this.#end();
    }
  }

  /**
   * Puts the console into a place of the page; the WebGL renderer is given up for the DOM's when its context is lost.
   */
  show(place: HTMLElement): void {
    place.append(this.element);
    if (!this.#opened) {
      this.#opened = true;
      this.#term.open(this.element);
      this.#drawWithWebgl();
    }
    this.fit();
  }

  fit(): void {
    if (this.element.clientWidth > 0 && this.element.clientHeight > 0) this.#fit.fit();
  }

  focus(): void {
    this.#term.focus();
  }

  type(text: string): void {
    void bridge.call('terminal.write', { terminal_id: this.id, data: text }).catch(() => this.#end());
  }

  paint(): void {
    this.#term.options.theme = terminalTheme();
  }

  find(text: string, direction: 'next' | 'previous'): boolean {
    if (text === '') {
      this.#search.clearDecorations();
      return true;
    }
    const options = {
      decorations: {
        matchBackground: '#5a4a12',
        matchOverviewRuler: '#e2b04a',
        activeMatchBackground: '#8a6d10',
        activeMatchColorOverviewRuler: '#e2b04a',
      },
    };
    return direction === 'next' ? this.#search.findNext(text, options) : this.#search.findPrevious(text, options);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#term.dispose();
    this.element.remove();
  }

  /** Only where a graphics card does the work: drawn by the processor it is slower than the DOM renderer. */
  #drawWithWebgl(): void {
    if (document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true }) === null) return;
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.#term.loadAddon(webgl);
    } catch {
      // the DOM renderer stays
    }
  }

  #draw(data: string): void {
    this.#term.write(data, () => {
      this.#drawn += data.length;
      if (this.#drawn < ACK_EVERY || this.ended) return;
      const characters = this.#drawn;
      this.#drawn = 0;
      bridge.call('terminal.ack', { terminal_id: this.id, characters }).catch(() => undefined);
    });
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#term.options.cursorBlink = false;
    this.#term.options.disableStdin = true;
  }

  #key(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown' || !(event.ctrlKey || event.metaKey)) return true;
    if (event.key.toLowerCase() === 'f' && !event.shiftKey) {
      event.preventDefault();
      this.onFind();
      return false;
    }
    if (event.key.toLowerCase() === 'c' && (event.shiftKey || event.metaKey) && this.#term.hasSelection()) {
      event.preventDefault();
      void navigator.clipboard.writeText(this.#term.getSelection());
      return false;
    }
    // pasting is the browser's: its paste event reaches xterm
    return !(event.key.toLowerCase() === 'v' && (event.shiftKey || event.metaKey));
  }

  #linkFiles(workspace: string): void {
    this.#term.registerLinkProvider({
      provideLinks: (y, callback) => {
        const text = this.#term.buffer.active.getLine(y - 1)?.translateToString(true) ?? '';
        const links = fileLinks(text).flatMap((link) => {
          const path = workspaceFile(workspace, link.path);
          return path === null
            ? []
            : [
                {
                  text: text.slice(link.start, link.end),
                  range: { start: { x: link.start + 1, y }, end: { x: link.end, y } },
                  activate: () =>
                    openFile(path, { line: link.line, ...(link.column === null ? {} : { column: link.column }) }),
                },
              ];
        });
        callback(links.length === 0 ? undefined : links);
      },
    });
  }
}
