// The processor's own procedures in a real tclsh: hashing, request parsing, which scripts it accepts.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TCL_RESOURCES } from './catalogue.ts';
import { tclString } from './tcl-text.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'genrtl-tcl-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tcl(script: string): string[] {
  const input = `source ${tclString(path.join(TCL_RESOURCES, 'queue_processor.tcl'))}\narray set ::skillpilot::setting [list run_dir ${tclString(folder)} job_id job1 requests {0001_restore 0002_run} poll_ms 10 heartbeat_ms 100 mode serve version_script {}]\n${script}\n`;
  return execFileSync('tclsh', [], { input, encoding: 'utf8' }).split('\n').slice(0, -1);
}

describe('SHA-256 in Tcl', () => {
  it('equals OpenSSL’s for lengths around every block boundary', () => {
    const samples = [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 4097].map((size) => randomBytes(size));
    samples.forEach((bytes, index) => writeFileSync(path.join(folder, String(index)), bytes));
    const digests = tcl(
      samples
        .map(
          (_, index) =>
            `puts [::skillpilot::sha256::digest [::skillpilot::read_bytes ${tclString(path.join(folder, String(index)))}]]`,
        )
        .join('\n'),
    );
    expect(digests).toEqual(samples.map((bytes) => createHash('sha256').update(bytes).digest('hex')));
  });
});

describe('parse_request', () => {
  it('takes a flat object of plain strings and integers', () => {
    expect(tcl('puts [::skillpilot::parse_request {{"a":"x y","n": -12 , "b":""}}]')).toEqual(['a {x y} n -12 b {}']);
  });

  it.each([
    '',
    '[]',
    '{"a":[1]}',
    '{"a":{"b":1}}',
    '{"a":"x\\n"}',
    '{"a":"x"',
    '{"a":"x",}',
    '{"a" "x"}',
    '{"a":1.5}',
    '{"a":true}',
    '{"a":"x"}}',
    '{"a":"[exit]"',
  ])('refuses %s', (text) => {
    expect(tcl(`puts [catch {::skillpilot::parse_request ${tclString(text)}}]`)).toEqual(['1']);
  });
});

describe('json_string', () => {
  it('is JSON for every character of the basic plane', () => {
    const text =
      Array.from({ length: 600 }, (_, index) => String.fromCharCode(1 + index * 90))
        .join('')
        .replace(/[\ud800-\udfff]/g, '') + '"\\\n\t';
    const [line] = tcl(`puts [::skillpilot::json_string ${tclString(text)}]`);
    expect(JSON.parse(line ?? '')).toBe(text);
  });
});

describe('allowed_script', () => {
  beforeEach(() => {
    for (const name of ['scripts/sub', 'outside']) mkdirSync(path.join(folder, name), { recursive: true });
    for (const name of ['scripts/a.tcl', 'scripts/sub/b.tcl', 'outside/c.tcl'])
      writeFileSync(path.join(folder, name), 'set x 1\n');
    symlinkSync(path.join(folder, 'outside', 'c.tcl'), path.join(folder, 'scripts', 'link.tcl'));
    symlinkSync(path.join(folder, 'outside'), path.join(folder, 'scripts', 'linked'));
  });
  const verdict = (name: string): string =>
    tcl(`puts [catch {::skillpilot::allowed_script ${tclString(name)}} message]`)[0] ?? '';

  it('accepts regular files below scripts/', () => {
    expect(verdict('scripts/a.tcl')).toBe('0');
    expect(verdict('scripts/sub/b.tcl')).toBe('0');
  });

  it.each([
    'scripts/link.tcl',
    'scripts/linked/c.tcl',
    'scripts/../outside/c.tcl',
    '../outside/c.tcl',
    'outside/c.tcl',
    '/etc/passwd',
    'scripts',
    'scripts/sub',
    'scripts/missing.tcl',
    './scripts/a.tcl',
    'scripts/./a.tcl',
    '~/a.tcl',
    'scripts/~root/a.tcl',
    '',
    'scripts//../../etc/passwd',
  ])('refuses %s', (name) => {
    expect(verdict(name)).toBe('1');
  });

  it('refuses everything when scripts/ itself is a link', () => {
    rmSync(path.join(folder, 'scripts'), { recursive: true });
    symlinkSync(path.join(folder, 'outside'), path.join(folder, 'scripts'));
    expect(verdict('scripts/c.tcl')).toBe('1');
  });
});

describe('evaluate', () => {
  const evaluate = (script: string): string[] => {
    mkdirSync(path.join(folder, 'session'), { recursive: true });
    return tcl(
      `::skillpilot::beat idle {}\nputs [lrange [::skillpilot::evaluate ${tclString(script)}] 0 1]\nputs [lindex [::skillpilot::evaluate ${tclString(script)}] 3]`,
    );
  };

  it('names the line at which the failing command starts', () => {
    expect(evaluate('set a 1\n\nproc f {} {\n  error "deep"\n}\n# comment with {\nif {1} {\n  f\n}\nset b 2')).toEqual([
      '1 deep',
      '7',
    ]);
  });

  it('takes a return at the top as the script’s end, with success', () => {
    expect(evaluate('set a 1\nreturn\nerror "not reached"')).toEqual(['0 {}', '0']);
  });

  it('joins continued lines and refuses a script that breaks off', () => {
    expect(evaluate('set a \\\n  1\nif {$a ne "1"} {error no}')).toEqual(['0 {}', '0']);
    expect(evaluate('if {1} {\n  set a 1\n')[1]).toBe('1');
  });
});

describe('requests', () => {
  /** What the processor answers when it finds these files in queue/, by id. */
  function answers(files: Record<string, string>, links: Record<string, string> = {}): Record<string, string> {
    for (const name of ['queue', 'ack', 'session', 'scripts', 'reports']) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, 'scripts', 'a.tcl'), 'lappend ::ran a\n');
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, 'queue', `${name}.json`), text);
    for (const [name, target] of Object.entries(links))
      symlinkSync(path.join(folder, 'queue', target), path.join(folder, 'queue', `${name}.json`));
    const ran = tcl(
      'set ::ran {}\nset ::skillpilot::setting(mode) drain\n::skillpilot::serve\nputs [llength $::ran]',
    ).at(-1);
    return {
      ran: ran ?? '',
      ...Object.fromEntries(
        readdirSync(path.join(folder, 'ack')).map((name) => {
          const ack = JSON.parse(readFileSync(path.join(folder, 'ack', name), 'utf8')) as Record<string, string>;
          return [path.basename(name, '.json'), `${ack['status']} ${ack['error_type']}`.trim()];
        }),
      ),
    };
  }
  const request = (id: string): string =>
    JSON.stringify({
      schema_version: 1,
      request_id: id,
      job_id: 'job1',
      action: 'SOURCE_TCL',
      script: 'scripts/a.tcl',
      script_sha256: createHash('sha256').update('lappend ::ran a\n').digest('hex'),
      submitted_ms: 1,
    });

  it('of another name never run: copied as they are, copied with the name in them, as links', () => {
    expect(
      answers(
        { '0002_run': request('0002_run'), '0003_run': request('0002_run'), '0004_run': request('0004_run') },
        { '0005_run': '0002_run.json' },
      ),
    ).toEqual({
      ran: '1',
      '0002_run': 'PASS',
      '0003_run': 'FAIL REQUEST_INVALID',
      '0004_run': 'FAIL REQUEST_INVALID',
      '0005_run': 'FAIL REQUEST_INVALID',
    });
  });
});
