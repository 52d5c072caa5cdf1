// Reads xUnit XML (JUnit's form) as VUnit (`--xunit-xml`) and cocotb (`results.xml`) write it, into test results.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { TestResult } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

/** Result files hold the output of each test; larger ones are no result files. */
export const MAX_XUNIT_BYTES = 64 * 1024 * 1024;
const MAX_TESTS = 100_000;
const MAX_MESSAGE_CHARS = 2_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: '#text',
  parseAttributeValue: false,
  parseTagValue: false,
  // results are hostile input: no entities of their own
  processEntities: { enabled: true, maxTotalExpansions: 100_000 },
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error'].includes(name),
});

/**
 * Skipped tests are left out: they say nothing of the design. Names are `classname.name`, as both tools print them.
 * Throws USAGE when the text is no xUnit XML.
 */
export function parseXunit(xml: string, tool: string): TestResult[] {
  if (xml.length > MAX_XUNIT_BYTES || XMLValidator.validate(xml) !== true) throw notXunit();
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch (cause) {
    throw notXunit(cause);
  }
  const root = record(document);
  const suites = root['testsuites'] ?? root['testsuite'];
  if (suites === undefined) throw notXunit();
  const results: TestResult[] = [];
  for (const suite of Array.isArray(suites) ? suites : [suites]) collect(suite, tool, results, 0);
  return results;
}

function notXunit(cause?: unknown): GenrtlError {
  return new GenrtlError('USAGE', 'The file is no xUnit XML.', {
    hint: 'Give the result file of VUnit (--xunit-xml) or cocotb (results.xml).',
    cause,
  });
}

function collect(node: unknown, tool: string, results: TestResult[], depth: number): void {
  if (depth > 16) return;
  const suite = record(node);
  for (const inner of list(suite['testsuite'])) collect(inner, tool, results, depth + 1);
  for (const one of list(suite['testcase'])) {
    const test = record(one);
    if (test['skipped'] !== undefined || results.length >= MAX_TESTS) continue;
    const failures = [...list(test['failure']), ...list(test['error'])].map((failure) => ({
      message: messageOf(failure),
    }));
    const seconds = Number(text(test['time']));
    const name = [text(test['classname']), text(test['name'])].filter((part) => part !== '').join('.');
    results.push({
      name: name === '' ? 'unnamed' : name,
      kind: 'testbench',
      tool,
      passed: failures.length === 0,
      failures,
      duration_ms: Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : 0,
    });
  }
}

function messageOf(failure: unknown): string {
  const fields = record(failure);
  // cocotb puts the reason into error_msg, VUnit into message, others into the text
  const message =
    [text(fields['message']), text(fields['error_msg']), text(fields['#text']), text(failure)].find(
      (part) => part !== '',
    ) ?? 'failed';
  return message
    .slice(0, MAX_MESSAGE_CHARS)
    .replace(/&#(?:x([\da-fA-F]{1,6})|(\d{1,7}));/g, (whole, hex: string | undefined, decimal: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const text = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
