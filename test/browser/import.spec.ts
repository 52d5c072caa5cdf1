// The import view: a Word document beside what was read of it, what could not be read, and findings that lead to their
// lines and go when the text is corrected; the corrected text is what a job gets.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { representatives } from '../representatives.ts';
import { checkSpec } from '../../main/workspace/check-spec.ts';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import importNotes from '../../renderer/i18n/import-notes.zh-CN.json' with { type: 'json' };
import zh from '../../renderer/i18n/zh-CN.json' with { type: 'json' };
import { cell, heading, paragraph, row, run, table, writeDocx } from '../documents/write-docx.ts';
import { expect, seriousFaults, test } from './support/app-fixture.ts';

const PICTURE =
  '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="timing"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><a:blip r:embed="r9"/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>';

/** Two faults: names that nothing declares. */
const DOCX = writeDocx({
  body: [
    heading(1, 'Toggle'),
    heading(2, 'Top'),
    paragraph('module: toggle'),
    paragraph(`${run('The output ')}${run('never', '<w:strike/>')}${run(' toggles every clock.')}`),
    paragraph(PICTURE),
    heading(2, 'Ports'),
    table(
      row(['Port', 'Direction', 'Width', 'Description']),
      row(['clk', 'input', '1', 'clock']),
      row(['rst_n', 'input', '1', 'reset']),
      row(['q', 'output', '1', cell('the output')]),
    ),
    heading(2, 'Registers'),
    table(row(['Signal', 'Width', 'Reset', 'Next']), row(['q', '1', '0', '~nosuch'])),
    heading(2, 'Checks'),
    table(
      row(['Cycle', 'Drive', 'Expect']),
      row(['0', 'rst_n=0', '']),
      row(['2', 'rst_n=1', 'q=0']),
      row(['3', '', 'q2=1']),
      row(['4', '', 'q=0']),
    ),
  ].join(''),
});

async function drop(page: Page, name: string, bytes: Buffer, type: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, base64, kind]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], file, { type: kind }));
      return data;
    },
    [name, bytes.toString('base64'), type] as const,
  );
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}

/** Replaces the whole line that the caret stands in. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(text);
}

const LANGUAGES = [
  ['en', en],
  ['zh-CN', zh],
] as const;
for (const [language, words] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`a Word document is corrected beside its source before it is taken (${language})`, async ({
    app,
    appPage: page,
  }) => {
    if (language === 'zh-CN') await page.getByRole('button', { name: '中文' }).click();
    await drop(page, 'toggle.docx', DOCX, 'application/vnd.openxmlformats');
    const says = words.specReview;
    const dialog = page.getByRole('dialog');
    const source: Locator = dialog.getByRole('region', { name: says.source }).last();
    await expect(source.locator('table').first()).toContainText('the output');
    await expect(source.locator('s')).toHaveText('never');
    // what could not be read
    const notes = dialog.getByRole('list', { name: says.notes }).getByRole('button');
    await expect(notes.first()).toContainText(
      language === 'en' ? 'a picture (timing)' : importNotes.picture.replace('{{name}}', 'timing'),
    );
    await expect(dialog.getByText(says.lost_one.replace('{{count}}', '1'))).toBeVisible();
    // what is wrong, with lines
    const findings = dialog.getByRole('list', { name: says.findings }).getByRole('button');
    await expect(findings).toHaveCount(2);
    await expect(dialog.locator('.squiggly-error')).not.toHaveCount(0);
    expect(await seriousFaults(page)).toEqual([]);
    if (process.env['GENRTL_SCREENSHOTS']) await page.screenshot({ path: `/tmp/import-${language}.png` });
    await findings.filter({ hasText: 'nosuch' }).click();
    await expect(dialog.locator('.spec-editor .active-line-number')).toHaveText(/^\d+$/);
    await retype(page, '| q | 1 | 0 | ~q |');
    await expect(findings).toHaveCount(1);
    await findings.first().click();
    await retype(page, '| 3 | | q=1 |');
    await expect(dialog.getByText(says.nothingWrong)).toBeVisible();
    await expect(dialog.getByText(says.corrected, { exact: true })).toBeVisible();
    // nothing throws the corrections away
    await dialog.getByRole('button', { name: words.ui.cancel }).click();
    await dialog.getByRole('button', { name: says.keepEditing }).click();
    await dialog.getByRole('button', { name: words.start.create }).click();
    const agent = page.locator('[data-panel=agent]');
    await expect(agent.locator('.spec-pick select')).toHaveValue('spec/toggle.spec.md');
    const folder = path.join(app.home, 'workspaces/toggle/spec');
    expect((await readdir(folder)).sort()).toEqual(['toggle.docx', 'toggle.spec.md']);
    const text = await readFile(path.join(folder, 'toggle.spec.md'), 'utf8');
    expect(text).toContain('| q | 1 | 0 | ~q |');
    expect((await checkSpec('toggle.spec.md', text, () => Promise.resolve([]))).diagnostics).toEqual([]);
  });
}
