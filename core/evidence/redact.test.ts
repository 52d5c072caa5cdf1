// Canaries: each is a secret that must not leave, each look-alike is hardware that must.
import { describe, expect, it } from 'vitest';
import { redactCode, redactor } from './redact.ts';
import { restorePatch } from './restore-patch.ts';

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEcanaryAAAA\nBBBBcanaryCCCC\n-----END RSA PRIVATE KEY-----';
const CANARIES: readonly (readonly [string, string])[] = [
  ['Authorization: Bearer canary-0123456789abcdef', 'canary-0123456789abcdef'],
  ['// key: sk-canary0123456789abcdef', 'canary0123456789abcdef'],
  ['// ghp_canary0123456789abcdef', 'canary0123456789abcdef'],
  ['/* AKIACANARY0123456789 */', 'AKIACANARY0123456789'],
  ['// https://me:canary-word@host/x.git', 'canary-word'],
  ['// export DEPLOY_TOKEN=canary0123456789', 'canary0123456789'],
  ['-- PASSWORD=canary-word', 'canary-word'],
  [' * password: canary0123456789', 'canary0123456789'],
  ['localparam string P = "{\\"api_key\\": \\"x\\"}"; // api_key: "canary-word"', 'canary-word'],
  ['// eyJcanary0123.eyJcanary4567.sig', 'eyJcanary0123'],
  ['`define LICENCE "value-of-environment"', 'value-of-environment'],
  [PEM, 'canary'],
];
/** Code and specifications as they are written. */
const LOOK_ALIKES = [
  'assign NEXT_TOKEN=token_reg_q;',
  'localparam TOKEN=64;',
  '| 3 | TOKEN=4294967295, valid=1 | ack=1 |',
  'SECRET: next_state = IDLE_WAITING_STATE;',
  'password: next_state_waiting_q <= 1;',
  "if (key == 128'hdeadbeef_deadbeef_deadbeef_deadbeef) token <= 1;",
  'basic_block u_basic (.clk(clk));',
];
const SECRETS = ['value-of-environment', 'short'];

describe('text that leaves', () => {
  const redact = redactor({ secrets: SECRETS });
  it.each(CANARIES)('carries no secret: %s', (text, secret) => {
    for (const clean of [redact(text), redactCode(text, SECRETS).text]) {
      expect(clean).not.toContain(secret);
      expect(clean.split('\n')).toHaveLength(text.split('\n').length);
    }
    expect(redact(redact(text))).toBe(redact(text));
  });

  it.each(LOOK_ALIKES)('code is left as it is: %s', (text) => {
    expect(redactCode(text, SECRETS)).toEqual({ text, originals: new Map() });
  });

  it('numbers in a specification are no passwords', () => {
    const [, , row = ''] = LOOK_ALIKES;
    expect(redact(row)).toBe(row);
  });
});

describe('code', () => {
  const source = `// deploy with sk-canary0123456789abcdef\nmodule m;\n// sk-canary0123456789abcdef, sk-other0123456789abcdef\nendmodule\n${PEM}\n`;
  const { text, originals } = redactCode(source, []);

  it('has one stand-in for each secret, the same every time', () => {
    expect(text.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^\/\/ deploy with \[redacted-\d\]$/),
      'module m;',
      expect.stringMatching(/^\/\/ \[redacted-\d\], \[redacted-\d\]$/),
    ]);
    expect(redactCode(source, [])).toEqual({ text, originals });
    let back = text;
    for (const [standIn, original] of originals) back = back.replaceAll(standIn, original);
    expect(back).toBe(source);
  });

  it('comes back in patches: context, removed and added lines of its own file, and of no other', () => {
    const [first = '', , third = ''] = text.split('\n');
    const [firstBefore = '', , thirdBefore = ''] = source.split('\n');
    const patch = `--- a/src/m.sv\n+++ b/src/m.sv\n@@ -1,3 +1,4 @@\n ${first}\n--- a VHDL comment\n-${third}\n+${third} kept\n+module m;\n--- /dev/null\n+++ b/src/n.sv\n@@ -0,0 +1 @@\n+${first}\n`;
    const restored = restorePatch(patch, new Map([['src/m.sv', originals]]));
    expect(restored).toContain(` ${firstBefore}\n--- a VHDL comment\n-${thirdBefore}\n+${thirdBefore} kept\n`);
    expect(restored).toContain(`@@ -0,0 +1 @@\n+${first}\n`);
    expect(restorePatch(patch, new Map())).toBe(patch);
  });

  it('of a megabyte costs time in proportion, whatever it looks like', () => {
    const hostile = ['A_'.repeat(500_000), '-----BEGIN PRIVATE KEY-----\n'.repeat(20_000), 'password: '.repeat(80_000)];
    for (const each of hostile) expect(redactCode(each, SECRETS).text.length).toBeGreaterThan(0);
  });
});
