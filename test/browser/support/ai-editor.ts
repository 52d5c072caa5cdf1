// What tests of answers in the editor share: two documents, and the ways of a person in them.
import path from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { chooseFile } from './room.ts';

export const SPEC = '# Counter\n\nThe counter counts up to its limit.\n\n## Ports\n';
export const TOP = `module top (input logic clk, input logic [7:0] data, output logic full);
  logic a;
  logic b;
  assign a = data[0];
  assign b = data[1];

endmodule
module leaf (input logic d);
endmodule
`;

export const lines = (page: Page) => page.locator('.monaco-editor:visible .view-lines').first();
/** The editor draws blanks as hard ones. */
export const words = (text: string): RegExp =>
  new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s`));

export async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page
    .getByPlaceholder(/Search commands|搜索命令/)
    .last()
    .fill(name);
  await page.getByRole('dialog').getByRole('option', { name }).first().click();
}
export async function open(page: Page, file: string): Promise<void> {
  await chooseFile(page, file);
  await expect(page.locator('.tab', { hasText: path.basename(file) })).toBeVisible();
  await expect(lines(page)).toBeVisible({ timeout: 60_000 });
}
export async function goTo(page: Page, place: string): Promise<void> {
  await lines(page).click();
  await page.keyboard.press('Control+G');
  await expect(page.locator('.quick-input-widget:visible')).toBeVisible();
  await page.keyboard.type(place);
  await page.keyboard.press('Enter');
  await expect(page.locator('.quick-input-widget:visible')).toHaveCount(0);
}
