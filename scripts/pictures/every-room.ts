// Every room in both languages and both sizes, to be looked at: with the finished job, with names as long as they come,
// and where tools and backend are missing. What is wrong is seen here; nothing of it is shown anywhere.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { serveApp } from '../../test/browser/support/served-app.ts';
import { call, HOME, LARGE, nameOf, onStage, openByName, openPanel, shoot, SMALL, texts, textsOf } from './stage.ts';
import type { Look, Panel, Size } from './stage.ts';

export const LOOKS: readonly (readonly [Look, Size])[] = [
  [{ language: 'en', theme: 'dark' }, SMALL],
  [{ language: 'zh-CN', theme: 'dark' }, SMALL],
  [{ language: 'en', theme: 'light' }, LARGE],
  [{ language: 'zh-CN', theme: 'light' }, LARGE],
];

/** Opened by others, with what to show. */
const BY_OTHERS: ReadonlySet<string> = new Set<Panel>(['gitDiff']);
const PANELS = (Object.keys(textsOf('en').panels) as Panel[]).filter((panel) => !BY_OTHERS.has(panel));

/** One page shows them all, one after the other. */
export async function shootPanels(page: Page, prefix: string, look: Look, size: Size, folder: string): Promise<void> {
  for (const panel of PANELS) {
    await openPanel(page, panel);
    await page.mouse.move(size.width / 2, 20);
    await page
      .locator(`[data-panel=${panel}] .spinner`)
      .waitFor({ state: 'detached', timeout: 8_000 })
      .catch(() => null);
    await shoot(page, nameOf(`${prefix}-${panel}`, look, size), folder);
  }
}

/** Sections of the settings, the palette, the account, the usage. */
export async function shootDialogs(page: Page, prefix: string, look: Look, size: Size, folder: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await shoot(page, nameOf(`${prefix}-palette`, look, size), folder);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  const tabs = page.getByRole('dialog').getByRole('tab');
  await tabs.first().waitFor();
  for (let at = 0; at < (await tabs.count()); at += 1) {
    await tabs.nth(at).click();
    await shoot(page, nameOf(`${prefix}-settings-${at}`, look, size), folder);
  }
  await page.keyboard.press('Escape');
  await page.goto(new URL('/#/usage', page.url()).href);
  await page.waitForTimeout(1_500);
  await shoot(page, nameOf(`${prefix}-usage`, look, size), folder);
  await page.goto(new URL('/#/', page.url()).href);
  await page.waitForTimeout(1_000);
  await shoot(page, nameOf(`${prefix}-start`, look, size), folder);
}

const LONG = 'axi4_stream_to_apb_register_bridge_with_error_reporting_and_byte_lane_steering_v2';
const FILES: Readonly<Record<string, string>> = {
  [`src/subsystem_interconnect/bridges/${LONG}.sv`]: `// ${'A comment that is much longer than any editor is wide. '.repeat(5)}
module ${LONG} (
  input  logic clk,
  input  logic rst_n,
  input  logic [31:0] incoming_stream_payload_from_the_upstream_interconnect_port_number_zero,
  output logic [31:0] outgoing_register_write_data_towards_the_peripheral_interconnect
);
  logic [7:0] an_unused_signal_with_a_remarkably_long_name_that_the_linter_reports;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) outgoing_register_write_data_towards_the_peripheral_interconnect <= 0;
    else outgoing_register_write_data_towards_the_peripheral_interconnect <=
      incoming_stream_payload_from_the_upstream_interconnect_port_number_zero + 8'd1;
endmodule
`,
  [`tb/tb_${LONG}.sv`]: `module tb_${LONG};
  logic clk = 0, rst_n = 0;
  logic [31:0] incoming_stream_payload_from_the_upstream_interconnect_port_number_zero = 3;
  logic [31:0] outgoing_register_write_data_towards_the_peripheral_interconnect;
  ${LONG} unit_under_test_with_a_long_instance_name (.*);
  always #5 clk = ~clk;
  initial begin
    $dumpfile("dump.vcd");
    $dumpvars(0, tb_${LONG});
    #12 rst_n = 1;
    #40 $display("FAIL signal=outgoing_register_write_data_towards_the_peripheral_interconnect time=%0t", $time);
    $finish;
  end
endmodule
`,
  [`docs/specification_of_the_${LONG}.md`]: `# Bridge\n\n## Top\nmodule: ${LONG}\n`,
  'genrtl.yaml': `version: 1
top: ${LONG}
rtl: { files: ["src/**"] }
tb: { files: ["tb/**"] }
checks:
  - { name: lint_of_the_whole_subsystem_with_every_warning_turned_on, lint: verilator }
  - { name: benches, sim: icarus }
`,
};

export function longWorkspace(): string {
  const folder = path.join(HOME, 'projects', `workspace_of_the_${LONG}`);
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', folder, '-c', 'user.name=Demo', '-c', 'user.email=demo@example.com', ...args]);
  git('init', '-q', '-b', `feature/rework-the-${LONG.slice(0, 50)}`);
  git('add', '.');
  git('commit', '-qm', 'bridge: the first version of everything, told in a subject that is longer than it should be');
  writeFileSync(
    path.join(folder, `src/subsystem_interconnect/bridges/${LONG}_pkg.sv`),
    `package ${LONG}_pkg;\nendpackage\n`,
  );
  return folder;
}

const urlOf = (origin: string, workspace: string): string =>
  `${origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`;

async function inApp(
  context: BrowserContext,
  home: string,
  env: NodeJS.ProcessEnv,
  act: (origin: string) => Promise<void>,
): Promise<void> {
  const app = await serveApp(path.join(HOME, home), 0, { HOME, SHELL: '/bin/sh', ...env });
  try {
    const first = await context.newPage();
    await first.goto(app.url);
    await first.locator('.start').waitFor();
    await first.close();
    await act(new URL(app.url).origin);
  } finally {
    await app.stop();
  }
}

export async function lookAtLongNames(context: BrowserContext, folder: string): Promise<void> {
  const workspace = longWorkspace();
  await inApp(context, 'long', {}, async (origin) => {
    for (const [look, size] of LOOKS.slice(0, 3)) {
      await onStage(context, urlOf(origin, workspace), look, size, async (page) => {
        for (const action of ['lint', 'simulate'])
          await call(page, 'tools.run', {
            workspace,
            tool: action === 'lint' ? 'verilator' : 'icarus',
            action,
            waves: true,
          }).catch(() => null);
        await openByName(page, `${LONG}.sv`);
        await shootPanels(page, 'long', look, size, folder);
        await page.keyboard.press('Control+P');
        await page
          .getByPlaceholder((await texts(page)).palette.placeholder)
          .last()
          .fill('axi4');
        await shoot(page, nameOf('long-files', look, size), folder);
        await page.keyboard.press('Escape');
        await page.goto(new URL('/#/', page.url()).href);
        await page.waitForTimeout(1_000);
        await shoot(page, nameOf('long-start', look, size), folder);
      });
    }
  });
}

/** A PATH of what the program itself is started with. */
export function withoutTools(): string {
  const folder = path.join(HOME, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const name of ['sh', 'readlink', 'dirname', 'env', 'uname'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), path.join(folder, name));
  symlinkSync(process.execPath, path.join(folder, 'node'));
  return folder;
}

/** No tool can be found, no backend answers, and the folder is empty. */
export async function lookAtNothing(context: BrowserContext, folder: string): Promise<void> {
  const workspace = path.join(HOME, 'projects/empty');
  mkdirSync(workspace, { recursive: true });
  const env = { GENRTL_BACKEND_URL: 'http://127.0.0.1:9', PATH: withoutTools() };
  await inApp(context, 'nothing', env, async (origin) => {
    for (const [look, size] of LOOKS.slice(0, 2)) {
      await onStage(context, urlOf(origin, workspace), look, size, async (page) => {
        await shootPanels(page, 'nothing', look, size, folder);
        await shootDialogs(page, 'nothing', look, size, folder);
      });
    }
  });
}
