// Each state of the AI module in the editor: text that streams in, changes to decide, suggestions, and what the status
// item says.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TIMER } from './ai-stage.ts';
import type { AiScene, AiStage } from './ai-stage.ts';
import { command, openByName } from './stage.ts';
import type { FakeRun } from '../../test/browser/support/fake-ai-backend.ts';

const CONTINUATION = {
  en: ' A stop without a start before it changes nothing.\nAt 65,535 the counter holds and overflow is set.',
  'zh-CN': ' 之前没有 start 的 stop 不起作用。\n计数到 65,535 时保持不变，并置位 overflow。',
} as const;
const token = (text: string): { type: string; text: string } => ({ type: 'token', text });

/** An answer comes at the end of the specification. */
async function inserting(stage: AiStage): Promise<FakeRun> {
  await openByName(stage.page, 'docs/spec.md');
  await stage.goTo('16:64');
  const asked = stage.nextRun('continue-writing');
  await command(stage.page, 'aiContinue');
  const run = await asked;
  run.start('streaming-text');
  for (const piece of CONTINUATION[stage.language].match(/\S+\s*|\s+/g) ?? []) run.send(token(piece));
  await stage.page.locator('.ai-preview').waitFor();
  return run;
}

const SELECTION = [10, 13] as const;
const REWRITTEN = `  // the largest count that can be shown
  localparam logic [15:0] LIMIT = 16'hFFFF;
  logic overflow;

  assign overflow = ticks == LIMIT;`;

/** Two changes wait in the timer. */
async function deciding(stage: AiStage): Promise<void> {
  stage.answer('document', REWRITTEN, 'atomic-patch');
  await openByName(stage.page, 'src/event_timer.sv');
  await stage.goTo(`${SELECTION[0]}:1`);
  for (let line = SELECTION[0]; line <= SELECTION[1]; line += 1) await stage.page.keyboard.press('Shift+ArrowDown');
  await command(stage.page, 'aiDocument');
  await stage.page.locator('.ai-bar').waitFor();
}

/** A suggestion is asked for on the empty line of the timer. */
async function suggesting(stage: AiStage, text: string): Promise<void> {
  stage.answer('complete', text);
  await openByName(stage.page, 'src/event_timer.sv');
  await stage.goTo('19:1');
  await stage.page.keyboard.type('  ');
  await stage.page.keyboard.press('Alt+\\');
}
const ghost = (stage: AiStage): Promise<void> =>
  stage.page.locator('.ghost-text-decoration, .ghost-text').first().waitFor();
const COUNTING = `always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) ticks <= 0;
    else if (running && !overflow) ticks <= ticks + 16'd1;`;

const openCard = (stage: AiStage): Promise<void> =>
  stage.page.locator('.ai-status').getByRole('button').first().click();
const said = (stage: AiStage, words: string): Promise<void> =>
  stage.page.locator('.ai-status', { hasText: words }).waitFor();

const fails = (code: string, message: string, hint?: string) => (run: FakeRun) => {
  run.start('streaming-text');
  run.send({ type: 'error', code, message, retryable: false, ...(hint === undefined ? {} : { hint }) });
  run.send({ type: 'final', status: 'cancelled' });
};

export const AI_EDITOR_SCENES: readonly AiScene[] = [
  {
    name: 'ai-insert',
    shown: ['en', 'zh-CN'],
    show: async (stage) => {
      await inserting(stage);
    },
  },
  {
    name: 'ai-insert-card',
    show: async (stage) => {
      const run = await inserting(stage);
      run.send({ type: 'usage', model: 'fake/one', input_tokens: 912, output_tokens: 34, cost_usd: '0.0012' });
      await openCard(stage);
    },
  },
  {
    name: 'ai-insert-done',
    show: async (stage) => {
      const run = await inserting(stage);
      run.succeed();
      await stage.page.locator('.ai-preview').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'ai-insert-cancelled',
    show: async (stage) => {
      await inserting(stage);
      await stage.lines.click();
      await stage.page.keyboard.press('Escape');
      await stage.page.locator('.ai-preview').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'ai-insert-moved',
    show: async (stage) => {
      const run = await inserting(stage);
      await stage.goTo('1:14');
      await stage.page.keyboard.type(' block');
      run.succeed();
      await stage.page.getByText(stage.words.ai.moved).waitFor();
    },
  },
  {
    name: 'ai-insert-refused',
    show: async (stage) => {
      const run = await inserting(stage);
      // another program wrote the file anew
      writeFileSync(path.join(stage.workspace, 'docs/spec.md'), '# Event timer\n\nTo be written again.\n');
      await stage.lines.getByText(/written/).waitFor();
      run.succeed();
      await stage.page.getByText(stage.words.ai.gone).waitFor();
    },
  },
  {
    name: 'ai-insert-locked',
    show: async (stage) => {
      await inserting(stage);
      await stage.goTo('16:10');
      await stage.page.keyboard.type('x');
    },
  },
  {
    name: 'ai-insert-failed',
    show: async (stage) => {
      const run = await inserting(stage);
      run.send({
        type: 'error',
        code: 'MODEL_UNAVAILABLE',
        message: 'The model server could not be reached.',
        retryable: true,
      });
      run.send({ type: 'final', status: 'cancelled' });
      await stage.page.locator('.ai-preview').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'ai-budget',
    show: async (stage) => {
      const run = await inserting(stage);
      run.send({
        type: 'error',
        code: 'BUDGET_EXCEEDED',
        message: 'The run would cost more than its limit of $0.05.',
        retryable: false,
      });
      run.send({ type: 'final', status: 'cancelled' });
      await stage.page.locator('.ai-preview').waitFor({ state: 'detached' });
    },
  },
  { name: 'ai-edit', shown: ['en', 'zh-CN'], show: deciding },
  {
    name: 'ai-edit-one-accepted',
    show: async (stage) => {
      await deciding(stage);
      await stage.page.keyboard.press('Alt+y');
    },
  },
  {
    name: 'ai-edit-rejected',
    show: async (stage) => {
      await deciding(stage);
      await stage.page.keyboard.press('Escape');
      await stage.page.locator('.ai-bar').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'ai-edit-conflict',
    show: async (stage) => {
      await deciding(stage);
      await stage.goTo('13:21');
      await stage.page.keyboard.type('start | ');
      await stage.page.locator('.ai-bar').getByRole('button', { name: stage.words.ai.acceptAll }).click();
      await stage.page.locator('.ai-bar').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'ai-edit-waiting',
    show: async (stage) => {
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.goTo('15:1');
      const asked = stage.nextRun('rewrite');
      await command(stage.page, 'aiRewrite');
      (await asked).start('atomic-patch');
    },
  },
  {
    name: 'ai-instruction',
    show: async (stage) => {
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.goTo('15:1');
      await stage.page.keyboard.press('Control+Alt+e');
      await stage.page.locator('.ai-instruction').waitFor();
      await stage.page.waitForTimeout(300);
      await stage.page.keyboard.type('let stop win over start');
    },
  },
  {
    name: 'ai-ghost',
    shown: ['en', 'zh-CN'],
    show: async (stage) => {
      await suggesting(stage, COUNTING);
      await ghost(stage);
    },
  },
  {
    name: 'ai-ghost-partial',
    show: async (stage) => {
      await suggesting(stage, COUNTING);
      await ghost(stage);
      for (let word = 0; word < 3; word += 1) await stage.page.keyboard.press('Control+ArrowRight');
    },
  },
  {
    name: 'ai-withheld',
    shown: ['en'],
    show: async (stage) => {
      await suggesting(stage, 'sync_bit u_start (.clk, .rst_n, .din(start), .q(s));');
      await said(stage, stage.words.ai.short.unknown_name);
      await openCard(stage);
    },
  },
  {
    name: 'ai-status-failed',
    show: async (stage) => {
      await suggesting(stage, '');
      stage.backend.answers.set('complete', fails('BUDGET_EXCEEDED', 'The limit is reached.'));
      await stage.page.keyboard.press('Alt+\\');
      await said(stage, stage.words.ai.short.failed);
      await openCard(stage);
    },
  },
  {
    name: 'ai-status-asking',
    show: async (stage) => {
      await suggesting(stage, '');
      stage.backend.answers.delete('complete');
      await stage.page.keyboard.type(' ');
      await stage.page.keyboard.press('Alt+\\');
      await said(stage, stage.words.ai.short.asking);
      await openCard(stage);
    },
  },
  {
    name: 'ai-status-off',
    show: async (stage) => {
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.goTo('19:1');
      await stage.page.keyboard.type(' ');
      await said(stage, stage.words.ai.short.off);
      await openCard(stage);
    },
  },
  {
    name: 'ai-status-retention-off',
    show: async (stage) => {
      const run = await inserting(stage);
      run.succeed();
      await stage.page.locator('.ai-preview').waitFor({ state: 'detached' });
      await openCard(stage);
      await stage.page.getByRole('checkbox', { name: stage.words.settings.aiNoRetention }).check();
      await stage.page.waitForTimeout(300);
    },
  },
  {
    name: 'ai-status-no-model',
    show: async (stage) => {
      stage.backend.model = null;
      await stage.page.reload();
      await openByName(stage.page, 'src/event_timer.sv');
      await said(stage, stage.words.ai.short.no_model);
      await openCard(stage);
    },
  },
  {
    name: 'ai-port-completion',
    show: async (stage) => {
      writeFileSync(
        path.join(stage.workspace, 'src/event_timer.sv'),
        TIMER.replace('\n\nendmodule', '\n\n  sync_bit u_start (.clk, .);\nendmodule'),
      );
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.goTo('20:28');
      await stage.page.keyboard.press('Control+Space');
      await stage.page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
    },
  },
  {
    name: 'ai-ports-connected',
    show: async (stage) => {
      writeFileSync(
        path.join(stage.workspace, 'src/event_timer.sv'),
        TIMER.replace('\n\nendmodule', '\n\n  sync_bit u_start (.clk);\nendmodule'),
      );
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.goTo('20:22');
      await command(stage.page, 'connectPorts');
      await stage.lines.getByText(/rst_n/).last().waitFor();
    },
  },
  {
    name: 'ai-menu',
    show: async (stage) => {
      await openByName(stage.page, 'src/event_timer.sv');
      await stage.lines.click({ button: 'right', position: { x: 120, y: 40 } });
      await stage.page.locator('.monaco-menu:visible, .context-view:visible').first().waitFor();
    },
  },
];
