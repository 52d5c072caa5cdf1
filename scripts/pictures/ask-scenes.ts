// Each state of the conversation about the workspace.
import { expect } from '@playwright/test';
import type { Locator } from '@playwright/test';
import type { FakeRun } from '../../test/browser/support/fake-ai-backend.ts';
import type { AiScene, AiStage } from './ai-stage.ts';
import { openPanel } from './stage.ts';

const QUESTION = {
  en: 'Why does ticks never move?',
  'zh-CN': '为什么 ticks 一直不变？',
} as const;
const ANSWER = {
  en: `Nothing drives \`ticks\`: only \`running\` is a register (src/event_timer.sv:15). The specification wants it to
count between \`start\` and \`stop\` (docs/spec.md:16).

| Signal | Driven in | Reset |
|---|---|---|
| running | src/event_timer.sv:16 | 0 |
| ticks | – | – |

An older note in src/counter.sv:3 says the same. This adds the register:
`,
  'zh-CN': `没有任何语句驱动 \`ticks\`：只有 \`running\` 是寄存器（src/event_timer.sv:15）。规格要求它在 \`start\` 与 \`stop\` 之间计数
（docs/spec.md:16）。

| 信号 | 驱动位置 | 复位值 |
|---|---|---|
| running | src/event_timer.sv:16 | 0 |
| ticks | – | – |

src/counter.sv:3 中的旧注释也这样说。下面补上这个寄存器：
`,
} as const;
const DIFF = `
\`\`\`diff
--- a/src/event_timer.sv
+++ b/src/event_timer.sv
@@ -18,3 +18,7 @@
     else if (stop) running <= 0;
 
+  always_ff @(posedge clk or negedge rst_n)
+    if (!rst_n) ticks <= 0;
+    else if (start) ticks <= 0;
+    else if (running && !overflow) ticks <= ticks + 16'd1;
 endmodule
\`\`\`
`;
const MODULE = `
\`\`\`systemverilog
module edge_detect (input logic clk, input logic d, output logic rise);
  logic d_q;
  always_ff @(posedge clk) d_q <= d;
  assign rise = d & ~d_q;
endmodule
\`\`\`
`;

const panel = ({ page }: AiStage): Locator => page.locator('[data-panel=ask]');
const field = (stage: AiStage): Locator => panel(stage).getByRole('textbox', { name: stage.words.ask.question });

async function ask(stage: AiStage, words: string): Promise<void> {
  await field(stage).fill(words);
  await field(stage).press('Enter');
}
/** A whole answer. */
async function answered(stage: AiStage, answer: string, question: string = QUESTION[stage.language]): Promise<void> {
  stage.answer('chat', answer);
  if ((await panel(stage).count()) === 0) await openPanel(stage.page, 'ask');
  const before = await panel(stage).locator('.ask-foot').count();
  await ask(stage, question);
  await expect(panel(stage).locator('.ask-foot')).toHaveCount(before + 1);
}
/** An answer that stays where it is. */
async function held(stage: AiStage): Promise<FakeRun> {
  await openPanel(stage.page, 'ask');
  const next = stage.nextRun('chat');
  await ask(stage, QUESTION[stage.language]);
  const run = await next;
  run.start('streaming-text');
  run.send({ type: 'token', text: ANSWER[stage.language].slice(0, 160) });
  await panel(stage).locator('.answer').waitFor();
  return run;
}
const fails =
  (code: string, message: string): AiScene['show'] =>
  async (stage) => {
    const run = await held(stage);
    run.send({ type: 'error', code, message, retryable: true });
    run.send({ type: 'final', status: 'cancelled' });
    await panel(stage).locator('.ask-foot').waitFor();
  };

export const ASK_SCENES: readonly AiScene[] = [
  { name: 'ask-empty', show: ({ page }) => openPanel(page, 'ask') },
  {
    name: 'ask-no-model',
    show: async ({ page, backend }) => {
      backend.model = null;
      await openPanel(page, 'ask');
      await page.locator('.ask-no-model').waitFor();
    },
  },
  {
    name: 'ask-mentions',
    shown: ['en', 'zh-CN'],
    show: async (stage) => {
      await openPanel(stage.page, 'ask');
      await field(stage).fill('');
      await stage.page.keyboard.type('@');
      await panel(stage).locator('.ask-mention').first().waitFor();
    },
  },
  {
    name: 'ask-streaming',
    show: async (stage) => {
      await held(stage);
    },
  },
  {
    name: 'ask-answer',
    shown: ['en', 'zh-CN'],
    show: async (stage) => {
      await answered(stage, `${ANSWER[stage.language]}${DIFF}`);
      await panel(stage).locator('.cite-missing').first().waitFor();
    },
  },
  {
    name: 'ask-answer-light',
    theme: 'light',
    show: async (stage) => {
      await answered(stage, `${ANSWER[stage.language]}${MODULE}`);
      await panel(stage).locator('.cite-missing').first().waitFor();
    },
  },
  {
    name: 'ask-sent',
    show: async (stage) => {
      await answered(stage, ANSWER[stage.language]);
      await panel(stage).locator('.ask-foot button').click();
    },
  },
  {
    name: 'ask-review',
    shown: ['en'],
    show: async (stage) => {
      await answered(stage, DIFF);
      await panel(stage).getByRole('button', { name: stage.words.ask.apply }).click();
      await stage.page.getByRole('dialog').locator('.proposed-file').waitFor();
    },
  },
  {
    name: 'ask-applied',
    show: async (stage) => {
      await answered(stage, DIFF);
      await panel(stage).getByRole('button', { name: stage.words.ask.apply }).click();
      await stage.page.getByRole('button', { name: stage.words.ask.applyNow, exact: true }).click();
      await stage.page.getByRole('button', { name: stage.words.ask.undo, exact: true }).waitFor();
    },
  },
  {
    name: 'ask-does-not-fit',
    show: async (stage) => {
      await answered(
        stage,
        DIFF.replace('else if (stop) running', 'else if (halt) running').replaceAll('timer', 'clock'),
      );
      await panel(stage).getByRole('button', { name: stage.words.ask.apply }).click();
      await stage.page.getByRole('dialog').locator('.ask-refusals, .error-note').first().waitFor();
    },
  },
  { name: 'ask-error', show: fails('MODEL_UNAVAILABLE', 'The model server could not be reached.') },
  { name: 'ask-budget', show: fails('BUDGET_EXCEEDED', 'The answer would cost more than its limit.') },
  { name: 'ask-funds', show: fails('ON_DEMAND_CONSENT', 'The included amount is used up.') },
  {
    name: 'ask-stopped',
    show: async (stage) => {
      await held(stage);
      await panel(stage).getByRole('button', { name: stage.words.ask.stop }).click();
      await panel(stage).locator('.ask-foot').waitFor();
    },
  },
  {
    name: 'ask-editing',
    show: async (stage) => {
      await answered(stage, ANSWER[stage.language]);
      await panel(stage).getByRole('button', { name: stage.words.ask.edit }).click();
    },
  },
  {
    name: 'ask-long',
    show: async (stage) => {
      for (let turn = 1; turn <= 4; turn += 1)
        await answered(
          stage,
          `${ANSWER[stage.language]}${turn % 2 === 0 ? MODULE : ''}`,
          `${QUESTION[stage.language]} (${turn}) ${'a_signal_with_a_very_long_name_that_does_not_break_'.repeat(turn)}`,
        );
    },
  },
];
