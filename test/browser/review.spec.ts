// The review room: hunks of a job accepted, rejected on disk, remembered, and decided anew when they come back.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, seriousFaults, test } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';
import { RTL } from './support/fake-services.ts';

const FIRST = `--- a/src/uart_bridge.sv
+++ b/src/uart_bridge.sv
@@ -4,5 +4,6 @@
   output logic txd
 );
-  logic [7:0] shift;
+  logic [8:0] shift_register;
   assign txd = shift[0];
+  assign level = shift_register[8:1];
 endmodule
--- /dev/null
+++ b/tb/tb_uart_bridge.sv
@@ -0,0 +1,2 @@
+module tb_uart_bridge;
+endmodule
`;

async function reviewed({ jobs }: App, page: Page): Promise<ReturnType<Page['locator']>> {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await page.locator('[data-panel=agent]').getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('[data-panel=agent] .job-head')).toBeVisible();
  await jobs.applyDiff(FIRST);
  jobs.end('done');
  await page.locator('[data-panel=agent]').getByRole('button', { name: 'Changes', exact: true }).click();
  return page.locator('[data-panel=changes]');
}

const onDisk = (app: App, file: string): Promise<string> =>
  readFile(path.join(app.home, 'samples/uart_bridge', file), 'utf8');

test('a rejected hunk leaves the disk, can be taken back, and asks again when a later patch brings it back', async ({
  app,
  appPage: page,
}) => {
  const room = await reviewed(app, page);
  await expect(room.getByText('3 changes to decide')).toBeVisible();
  await expect(room.locator('.review-add').filter({ hasText: 'shift_register[8:1]' })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);

  await room.getByRole('button', { name: 'Reject the change at line 8 of src/uart_bridge.sv' }).click();
  await expect(room.getByText('1 rejected change')).toBeVisible();
  expect(await onDisk(app, 'src/uart_bridge.sv')).toBe(
    RTL.replace('logic [7:0] shift;', 'logic [8:0] shift_register;'),
  );

  await room.getByText('1 rejected change').click();
  await room.getByRole('button', { name: 'Take back' }).click();
  await expect(room.getByText('3 changes to decide')).toBeVisible();
  expect(await onDisk(app, 'src/uart_bridge.sv')).toContain('assign level = shift_register[8:1];');

  await room.getByRole('button', { name: 'Reject the change at line 8 of src/uart_bridge.sv' }).click();
  await expect(room.getByText('2 changes to decide')).toBeVisible();
  await app.jobs.applyDiff(
    '--- a/src/uart_bridge.sv\n+++ b/src/uart_bridge.sv\n@@ -7,2 +7,4 @@\n   assign txd = shift[0];\n+  // the level, once more\n+  assign level = shift_register[8:1];\n endmodule\n',
  );
  await expect(room.getByText('1 change that you rejected is back and needs a decision.')).toBeVisible();
  await expect(room.getByText('rejected before')).toBeVisible();
  await room.getByRole('button', { name: 'Accept the change at line 8 of src/uart_bridge.sv' }).click();
  await expect(room.getByText('rejected before')).toHaveCount(0);
});

test('files and everything: accept one file, reject all, by keyboard too; the workspace is as before', async ({
  app,
  appPage: page,
}) => {
  const room = await reviewed(app, page);
  await room.getByRole('button', { name: 'Accept src/uart_bridge.sv' }).click();
  await expect(room.getByText('1 change to decide')).toBeVisible();
  await room.locator('.review-scroll').focus();
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  await page.keyboard.press('r');
  await expect(room.getByText('everything accepted')).toBeVisible();
  await expect(onDisk(app, 'tb/tb_uart_bridge.sv')).rejects.toThrow(/ENOENT/);
  await room.getByRole('button', { name: 'Reject all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reject all' }).click();
  await expect(room.getByText('The job has changed no file.')).toBeVisible();
  expect(await onDisk(app, 'src/uart_bridge.sv')).toBe(RTL);
});
