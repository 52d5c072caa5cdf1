// Where AI scenes play: the real app over a backend whose answers the scene scripts, so that a stream can be held where
// it is to be seen. Each scene has a workspace of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { startFakeAiBackend } from '../../test/browser/support/fake-ai-backend.ts';
import type { FakeAiBackend, FakeRun } from '../../test/browser/support/fake-ai-backend.ts';
import { serveApp } from '../../test/browser/support/served-app.ts';
import { HOME, nameOf, onStage, shoot, SMALL, textsOf } from './stage.ts';
import type { Look, Texts } from './stage.ts';

export interface AiStage {
  readonly page: Page;
  readonly words: Texts;
  readonly language: Look['language'];
  readonly backend: FakeAiBackend;
  readonly workspace: string;
  /** the lines of the editor in front */
  readonly lines: Locator;
  /** the next run of an intent, under the scene's hand */
  nextRun(intent: string): Promise<FakeRun>;
  /** what every run of an intent answers at once */
  answer(intent: string, text: string, mode?: 'streaming-text' | 'atomic-patch'): void;
  goTo(place: string): Promise<void>;
}

export interface AiScene {
  readonly name: string;
  /** the documentation shows it, in these languages */
  readonly shown?: readonly Look['language'][];
  readonly theme?: Look['theme'];
  show(stage: AiStage): Promise<void>;
}

export const SPEC = `# Event timer

The timer counts clock cycles between two events.

## Ports

| Port | Direction | Width |
|---|---|---|
| clk | input | 1 |
| start | input | 1 |
| stop | input | 1 |
| ticks | output | 16 |

## Behaviour

A pulse on start clears the counter. A pulse on stop holds it.
`;
export const TIMER = `// Counts clock cycles between two events.
module event_timer (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        start,
  input  logic        stop,
  output logic [15:0] ticks,
  output logic        running
);
  logic s;
  logic overflow;

  assign overflow = ticks == 16'hFFFF;

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) running <= 0;
    else if (start) running <= 1;
    else if (stop) running <= 0;

endmodule
`;
const SYNC = `// Two flip-flops in a row.
module sync_bit (
  input  logic clk,
  input  logic rst_n,
  input  logic d,
  output logic q
);
  logic meta;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) {meta, q} <= 2'b00;
    else        {meta, q} <= {d, meta};
endmodule
`;
const FILES = { 'docs/spec.md': SPEC, 'src/event_timer.sv': TIMER, 'src/sync_bit.sv': SYNC };

function workspaceFor(scene: number, language: string): string {
  const folder = path.join(HOME, `${language}-${scene}`, 'event-timer');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Takes the scenes in both languages; those that `folderOf` has no folder for are left out. */
export async function takeAiScenes(
  context: BrowserContext,
  scenes: readonly AiScene[],
  folderOf: (scene: AiScene, language: Look['language']) => string | null,
): Promise<string[]> {
  const failures: string[] = [];
  const wanted = (['en', 'zh-CN'] as const).flatMap((language) =>
    scenes.flatMap((scene) => {
      const folder = folderOf(scene, language);
      return folder === null ? [] : [{ scene, language, folder }];
    }),
  );
  if (wanted.length === 0) return failures;
  const backend = await startFakeAiBackend();
  const app = await serveApp(path.join(HOME, 'ai'), 0, { HOME, SHELL: '/bin/sh', GENRTL_BACKEND_URL: backend.url });
  try {
    const first = await context.newPage();
    await first.goto(app.url);
    await first.locator('.start').waitFor();
    await first.close();
    for (const [at, { scene, language, folder }] of wanted.entries()) {
      const workspace = workspaceFor(at, language);
      const look: Look = { language, theme: scene.theme ?? 'dark' };
      backend.model = 'fake/one';
      backend.answers.clear();
      const url = `${new URL(app.url).origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`;
      await onStage(context, url, look, SMALL, async (page) => {
        await scene.show(stageOf(page, backend, workspace, language));
        await shoot(page, nameOf(scene.name, look, SMALL), folder);
      }).catch((error: unknown) =>
        failures.push(`${scene.name} ${language}: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  } finally {
    await app.stop();
    await backend.stop();
  }
  return failures;
}

function stageOf(page: Page, backend: FakeAiBackend, workspace: string, language: Look['language']): AiStage {
  const lines = page.locator('.monaco-editor:visible .view-lines').first();
  return {
    page,
    words: textsOf(language),
    language,
    backend,
    workspace,
    lines,
    nextRun(intent) {
      const { promise, resolve } = Promise.withResolvers<FakeRun>();
      backend.answers.set(intent, resolve);
      return promise;
    },
    answer(intent, text, mode = 'streaming-text') {
      backend.answers.set(intent, (run) => {
        run.start(mode);
        if (mode === 'atomic-patch')
          run.send({ type: 'patch', op: 'replace_text', target: { type: 'selectionRef', ref: {} }, text });
        else for (const piece of text.match(/\S+\s*|\s+/g) ?? []) run.send({ type: 'token', text: piece });
        run.succeed();
      });
    },
    async goTo(place) {
      await lines.click();
      await page.keyboard.press('Control+G');
      await page.locator('.quick-input-widget:visible').waitFor();
      await page.keyboard.type(place);
      await page.keyboard.press('Enter');
      await page
        .locator('.quick-input-widget:visible')
        .waitFor({ state: 'detached', timeout: 5_000 })
        .catch(() => null);
    },
  };
}
