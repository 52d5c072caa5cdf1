// Runs every suite one after the other and ends with the one line that counts.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SuiteReport } from './test-reporter.ts';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);
const total: SuiteReport = { passed: 0, failed: 0, skipped: [], failures: [] };

function run(title: string, command: string, args: string[], env: Record<string, string> = {}): boolean {
  const started = Date.now();
  process.stdout.write(`\n== ${title}\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }), ...env },
  });
  process.stdout.write(
    `== ${title}: ${result.status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
  return result.status === 0;
}

/**
 * A check that either holds or not counts as one test. Checks run side by side, so their output comes when they end.
 */
async function check(title: string, command: string, args: string[]): Promise<void> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const ok = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
  process.stdout.write(
    `\n== ${title}\n${output}== ${title}: ${ok ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
  if (ok) total.passed += 1;
  else {
    total.failed += 1;
    total.failures.push({ name: title, message: 'see its output above' });
  }
}

function suite(title: string, command: string, args: string[], read: (file: string) => SuiteReport): void {
  const file = path.join(root, '.cache', `${title.replaceAll(' ', '-')}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const ok = run(title, command, args, { GENRTL_TEST_REPORT: file, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  let report: SuiteReport;
  try {
    report = read(file);
  } catch {
    report = { passed: 0, failed: 1, skipped: [], failures: [{ name: title, message: 'ended without a report' }] };
  }
  if (!ok && report.failed === 0) {
    report.failed = 1;
    report.failures.push({ name: title, message: 'ended with an error' });
  }
  total.passed += report.passed;
  total.failed += report.failed;
  total.skipped.push(...report.skipped);
  total.failures.push(...report.failures);
  const slowest = Object.entries(report.seconds ?? {})
    .sort(([, a], [, b]) => b - a)
    .slice(0, 15);
  for (const [name, seconds] of slowest) process.stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`);
}

interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: {
      status: string;
      annotations: { type: string; description?: string }[];
      results: { error?: { message?: string } }[];
    }[];
  }[];
}

function readPlaywright(file: string): SuiteReport {
  const report: SuiteReport = { passed: 0, failed: 0, skipped: [], failures: [] };
  const visit = (node: PlaywrightSuite): void => {
    for (const spec of node.specs ?? []) {
      for (const test of spec.tests) {
        const name = `${node.title} > ${spec.title}`;
        if (test.status === 'skipped')
          report.skipped.push({
            name,
            reason: test.annotations.find((note) => note.type === 'skip')?.description ?? 'no reason given',
          });
        else if (test.status === 'unexpected') {
          report.failed += 1;
          report.failures.push({ name, message: test.results.at(-1)?.error?.message ?? '' });
        } else report.passed += 1;
      }
    }
    node.suites?.forEach(visit);
  };
  (JSON.parse(readFileSync(file, 'utf8')) as { suites: PlaywrightSuite[] }).suites.forEach(visit);
  return report;
}

const started = Date.now();
await Promise.all([
  // both with the native compiler's types, which are made once
  check('types and lint', bin('oxlint'), ['--type-check']),
  check('format', bin('biome'), ['format', '.']),
  check('import rules', process.execPath, ['scripts/check-imports.ts']),
  check('build', process.execPath, ['scripts/build.ts']),
]);
suite(
  'unit and integration',
  bin('vitest'),
  ['run', '--reporter=dot', '--reporter=./scripts/test-reporter.ts'],
  (file) => JSON.parse(readFileSync(file, 'utf8')) as SuiteReport,
);
suite('browser', bin('playwright'), ['test', '--reporter=line,json'], readPlaywright);

process.stdout.write(`\n${((Date.now() - started) / 1000).toFixed(0)} s\n`);
for (const failure of total.failures)
  process.stdout.write(`failed: ${failure.name}: ${failure.message.split('\n')[0]}\n`);
for (const skip of total.skipped) process.stdout.write(`skipped: ${skip.name}: ${skip.reason}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
process.exit(total.failed > 0 ? 1 : 0);
