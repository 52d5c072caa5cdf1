// A conversation about the open workspace as a person has it: context by `@` and by Ctrl+L, a streamed answer whose
// places are checked, a code block applied after review and taken back, a question edited, an answer stopped; without a
// model the way to the settings. Everything by keyboard where a keyboard is enough.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './support/app-fixture.ts';
import { startFakeAi, type FakeAi } from '../fakes/ai/server.ts';
import { aiBackend } from './support/fake-services.ts';
import { makeWorkspace, screenshots, seriousFaults, showPanel, showWorkspace, switchLanguage } from './support/room.ts';

const RTL =
  'module counter (\n  input  logic clk,\n  output logic [3:0] n\n);\n  always_ff @(posedge clk) n <= n + 1;\nendmodule\n';
const ANSWER = `The counter has **no reset**: \`n\` starts as X (src/counter.sv:5).

| Signal | Width |
|---|---|
| n | 4 |

See also src/missing.sv:3, ![x](https://evil.example/leak.png) and [this](https://evil.example/?q=1).

\`\`\`diff
--- a/src/counter.sv
+++ b/src/counter.sv
@@ -4,3 +4,3 @@
 );
-  always_ff @(posedge clk) n <= n + 1;
+  always_ff @(posedge clk) n <= n + 4'd1;
 endmodule
\`\`\`
`;

const BENCH = `module tb;
  logic clk = 0;
  logic [3:0] n;
  counter dut (.*);
  initial begin
    #1 clk = 1;
    #1 if (n !== 4'd1) $display("FAIL signal=n time=2");
    $finish;
  end
endmodule
`;
const PROJECT = `version: 1
rtl: { files: ["src/**"] }
tb: { files: ["tb/**"] }
checks:
  - { name: benches, sim: icarus }
`;
const DUMP = `$timescale 1ns $end
$scope module tb $end
$var wire 1 ! clk $end
$var wire 4 " n $end
$upscope $end
$enddefinitions $end
#0
0!
bx "
#1
1!
b101 "
#2
`;

let workspace: string;
let ai: FakeAi;
test.beforeEach(async () => {
  ai = await startFakeAi();
  aiBackend.url = ai.url;
});
test.afterEach(async () => {
  aiBackend.url = null;
  await ai.close();
  await rm(workspace, { recursive: true, force: true });
});

test('asking about a workspace, from the first @ to the applied patch', async ({ app, appPage: page }) => {
  workspace = await makeWorkspace({ 'src/counter.sv': RTL });
  ai.answer = ANSWER;
  await showWorkspace(page, app.host.origin, workspace);
  await page.keyboard.press('Control+Alt+a');
  const panel = page.locator('[data-panel=ask]');
  const field = panel.getByRole('textbox', { name: 'Your question' });
  await expect(field).toBeFocused();

  await page.keyboard.type('What is wrong with @module:counter');
  const offered = panel.getByRole('listbox', { name: 'Things of the workspace' });
  await expect(offered.getByRole('option', { selected: true })).toContainText('counter');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('list', { name: 'Goes with the question' })).toContainText('counter');
  await page.keyboard.type('?');
  await page.keyboard.press('Enter');

  const answer = panel.getByRole('region', { name: 'Answer' });
  await expect(answer.getByText('fake/model')).toBeVisible();
  await expect(answer).toContainText('$0.0012');
  await expect(answer.locator('img')).toHaveCount(0);
  await expect(answer.locator('a')).toHaveCount(0);
  await expect(answer.locator('.cite-missing')).toContainText('src/missing.sv:3');
  expect(ai.asked[0]?.messages).toEqual([{ role: 'user', content: 'What is wrong with @counter ?' }]);
  expect(JSON.stringify(ai.asked[0]?.context)).toContain('5|   always_ff');
  await screenshots(page, 'ask-answer');
  expect(await seriousFaults(page)).toEqual([]);

  await answer.getByRole('button', { name: 'src/counter.sv:5' }).click();
  await expect(page.locator('[data-panel=editor]').first()).toBeVisible();

  await answer.getByRole('button', { name: 'Apply as a patch…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText("n + 4'd1");
  // the text has the room, not its numbers
  expect((await dialog.locator('td.side-number').first().boundingBox())?.width).toBeLessThan(60);
  await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
  const source = () => readFile(path.join(workspace, 'src/counter.sv'), 'utf8');
  await expect.poll(source).toContain("n + 4'd1");
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(source).toBe(RTL);

  // a selection of the editor goes before the next question
  await page.locator('[data-panel=editor] .view-line').first().click();
  await page.keyboard.press('Control+l');
  await expect(panel.locator('.ask-composer .ask-chip')).toContainText('src/counter.sv');

  ai.answer = null;
  await field.fill('And how long does it take?');
  await field.press('Enter');
  await expect(panel.getByRole('region', { name: 'Answer' }).last()).toContainText('This takes');
  await panel.getByRole('button', { name: 'Stop (Esc)' }).click();
  await expect(panel.getByText('stopped')).toBeVisible();

  ai.answer = 'Shorter.';
  await panel.getByRole('button', { name: 'Edit and ask again' }).last().click();
  await expect(field).toHaveValue('And how long does it take?');
  await field.fill('Shorter, please');
  await field.press('Enter');
  await expect(panel.getByRole('region', { name: 'Answer' }).last()).toContainText('Shorter.');
  await expect(panel.getByRole('region', { name: 'Your question' })).toHaveCount(2);

  await switchLanguage(page, 'zh-CN');
  await screenshots(page, 'ask-zh');
});

test('asked from where it stands: a failing check, a finding, a waveform, a block; kept, and found again', async ({
  app,
  appPage: page,
}) => {
  workspace = await makeWorkspace({
    'genrtl.yaml': PROJECT,
    'src/counter.sv': RTL,
    'tb/tb.sv': BENCH,
    'sim/dump.vcd': DUMP,
  });
  ai.answer = 'It has no reset (src/counter.sv:5).';
  await showWorkspace(page, app.host.origin, workspace);
  const panel = page.locator('[data-panel=ask]');
  /** What went with the question. */
  const ask = async (words: string, chip: string | RegExp): Promise<string> => {
    await expect(panel.locator('form').getByRole('list', { name: 'Goes with the question' })).toContainText(chip);
    const field = panel.getByRole('textbox', { name: 'Your question' });
    await field.fill(words);
    await field.press('Enter');
    await expect(panel.getByRole('region', { name: 'Your question' }).last()).toContainText(words);
    await expect.poll(() => ai.asked.at(-1)?.messages?.at(-1)?.content).toContain(words);
    await expect(panel.getByRole('region', { name: 'Answer' }).last()).toContainText('$0.0012');
    return JSON.stringify(ai.asked.at(-1)?.context);
  };

  const checks = await showPanel(page, 'checks');
  const benches = checks.locator('[data-check=benches]');
  await benches.getByRole('button', { name: 'Run benches', exact: true }).click();
  await expect(benches.locator('.verdict')).toHaveText('failed', { timeout: 20_000 });
  await benches.getByRole('button', { expanded: false }).click();
  await checks.getByRole('button', { name: 'Ask about tb' }).click();
  expect(await ask('Why does the bench fail?', 'tb')).toContain('FAIL signal=n time=2');

  const found = await showPanel(page, 'problems');
  await found.locator('.problem-row').first().getByRole('button', { name: 'Ask about this' }).click();
  expect(await ask('And this finding?', 'Finding')).toContain('FAIL signal=n time=2');

  await showPanel(page, 'waves');
  await expect(page.locator('[data-panel=waves] canvas')).toBeVisible();
  await page.locator('[data-panel=waves]').getByRole('button', { name: 'Ask about what the waveform shows' }).click();
  const window = await ask('What does it show?', 'dump.vcd');
  expect(window).toContain('each change is time=value');
  expect(window).toContain('tb.n: ');

  const schematic = await showPanel(page, 'schematic');
  await schematic.getByLabel('Module', { exact: true }).selectOption('counter');
  await schematic.locator('[data-node=n]').first().focus();
  await schematic.getByRole('button', { name: 'Ask about n' }).click();
  expect(await ask('Which block is this?', 'counter.n')).toContain('in module counter');

  // the place that the answer cites
  await panel.getByRole('region', { name: 'Answer' }).last().getByRole('button', { name: 'src/counter.sv:5' }).click();
  await expect(page.locator('.monaco-editor .active-line-number')).toHaveText('5');

  // explained at once, in a conversation of its own; both are kept, and found again after a reload
  await showPanel(page, 'problems');
  await found.locator('.problem-row').first().getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Explain with a model' }).click();
  await expect(panel.getByRole('region', { name: 'Your question' })).toHaveCount(1);
  await expect(panel.getByRole('region', { name: 'Answer' })).toContainText('$0.0012');
  expect(JSON.stringify(ai.asked.at(-1))).toContain('FAIL signal=n time=2');
  expect(await readdir(path.join(workspace, '.genRTL/threads'))).toHaveLength(2);
  await page.reload();
  await showPanel(page, 'ask');
  const threads = panel.getByLabel('Conversations');
  await expect(threads.locator('option', { hasText: 'Why does the bench fail?' })).toHaveCount(1);
  await threads.selectOption({ label: await threads.locator('option', { hasText: 'Why does' }).innerText() });
  await expect(panel.getByRole('region', { name: 'Answer' })).toHaveCount(4);
});

test('without a model it says so and leads to the settings', async ({ app, appPage: page }) => {
  workspace = await makeWorkspace({ 'src/counter.sv': RTL });
  ai.model = null;
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'ask');
  await expect(panel.getByRole('status')).toContainText('none is set up');
  await screenshots(page, 'ask-no-model');
  expect(await seriousFaults(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Set up a model' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
});
