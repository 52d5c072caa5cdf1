// A conversation about the open workspace as a person has it: context by `@` and by Ctrl+L, a streamed answer whose
// places are checked, a code block applied after review and taken back, a question edited, an answer stopped; without a
// model the way to the settings. Everything by keyboard where a keyboard is enough.
import { readFile, rm } from 'node:fs/promises';
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
