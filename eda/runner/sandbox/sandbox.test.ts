// Confinement from the inside: what code in a run tries, and what the run's bounds stop. bubblewrap is needed;
// scripts/setup installs it.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shell, shells } from '../fixtures/shell-adapter.ts';
import { runTool } from '../index.ts';
import type { RunToolRequest, RunToolResult } from '../index.ts';
import { probeConfinement } from './index.ts';
import type { ConfinementPolicy } from './index.ts';
import { filterProgram } from './seccomp.ts';

const REQUIRED: ConfinementPolicy = { mode: 'required' };

let base: string;
let workspace: string;
let other: string;
const runDir = (): string => join(workspace, '.genRTL/runs/j/sim_1');

beforeEach(() => {
  // neither below the temporary folder nor below the home: both are hidden anyway
  base = realpathSync(mkdtempSync('/srv/genrtl-sandbox '));
  workspace = join(base, 'mine');
  other = join(base, 'other');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  mkdirSync(other);
  writeFileSync(join(workspace, 'src/a.sv'), 'module a; endmodule\n');
  writeFileSync(join(workspace, '.env'), 'KEY=canary-env');
  writeFileSync(join(other, 'secret.sv'), 'canary-other');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function inside(script: string, more: Partial<RunToolRequest> = {}): Promise<RunToolResult & { log: string }> {
  const result = await runTool({
    adapter: shell(script),
    action: 'lint',
    workspace,
    sources: ['src/a.sv'],
    runDir: runDir(),
    confinement: REQUIRED,
    env: { ...process.env, PATH: '/usr/local/bin:/usr/bin:/bin' },
    ...more,
  });
  return { ...result, log: readFileSync(join(more.runDir ?? runDir(), 'raw_stdout.log'), 'utf8') };
}

/** Names of the attempts that succeeded inside; each must succeed outside, so that it is one. */
async function succeeded(attempts: Readonly<Record<string, string>>, provable = true): Promise<string[]> {
  const lines = Object.entries(attempts).map(([name, script]) => `( ${script} ) >/dev/null 2>&1 && echo "${name}"`);
  const script = `${lines.join('\n')}\necho end`;
  const named = (log: string): string[] => log.split('\n').filter((line) => line !== '' && line !== 'end');
  const { log, record } = await inside(script);
  expect(record.confinement).toEqual({ confined: 'bubblewrap', network: false });
  expect(log).toMatch(/end\n$/);
  if (provable) {
    const outside = await inside(script, { confinement: { mode: 'off' } });
    expect(outside.record.confinement).toMatchObject({ confined: 'unconfined', unconfined_reason: 'switched_off' });
    expect(named(outside.log)).toEqual(Object.keys(attempts));
  }
  return named(log);
}

it('this machine can confine', async () => {
  expect(await probeConfinement()).toMatchObject({ works: true, filtered: true });
});

describe('a confined run', () => {
  it('reads no home, no other workspace, no key of the system, no dot file of its own', async () => {
    const canary = mkdtempSync(join(homedir(), '.genrtl-canary-'));
    const scratch = mkdtempSync(join(tmpdir(), 'genrtl-canary-'));
    writeFileSync(join(canary, 'id_rsa'), 'canary');
    writeFileSync(join(scratch, 'notes'), 'canary');
    symlinkSync(join(canary, 'id_rsa'), join(workspace, 'src/innocent.sv'));
    symlinkSync(canary, join(workspace, 'linked'));
    mkdirSync(join(workspace, '.genRTL/runs/j/plan_1'), { recursive: true });
    writeFileSync(join(workspace, '.genRTL/runs/j/plan_1/request.json'), 'canary');
    try {
      expect(
        await succeeded({
          home: `cat '${canary}/id_rsa'`,
          'home listed': `[ -n "$(ls -A ~)" ]`,
          'another workspace': `cat '${other}/secret.sv'`,
          'another workspace by ..': 'cat ../other/secret.sv',
          'scratch of others': `cat '${scratch}/notes'`,
          'a link out of src': 'cat src/innocent.sv',
          'a link at the root': 'cat linked/id_rsa',
          'its own .env': 'cat .env',
          'other steps of the job': 'cat .genRTL/runs/j/plan_1/request.json',
          sockets: '[ -n "$(ls -A /run)" ]',
          'data of services': '[ -n "$(ls -A /var)" ] && [ -n "$(ls -A /var/lib)" ]',
          'other processes': `[ -e /proc/${process.pid}/cmdline ]`,
          'the root of another process': `cat '/proc/${process.pid}/root${canary}/id_rsa'`,
          ...(process.getuid?.() === 0
            ? {
                'password hashes': '[ -s /etc/shadow ]',
                'keys of the host': '[ -n "$(ls -A /etc/ssh)" ]',
              }
            : {}),
        }),
      ).toEqual([]);
    } finally {
      rmSync(canary, { recursive: true, force: true });
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  it('writes nothing but its run folder', async () => {
    const attempts = succeeded(
      {
        'a source': 'echo x >>src/a.sv',
        'a new source': 'echo x >src/new.sv',
        'the system': 'echo x >/usr/genrtl-canary',
        'the settings of the kernel': '[ -w /proc/sys/kernel/core_pattern ]',
        'another workspace': `echo x >'${other}/x'`,
        'its own log': 'echo PASS >.genRTL/runs/j/sim_1/raw_stdout.log',
        'its own log, replaced': 'rm -f .genRTL/runs/j/sim_1/raw_stdout.log',
        'a remount': 'mount -o remount,rw /',
        'an unmount': 'umount -l /tmp || umount -l ~',
        'a device': 'mknod /tmp/sda b 8 0 && cat /tmp/sda',
        'a way back by chroot': 'chroot /proc/1/root true',
        'a new user namespace': 'unshare -U true',
        'the outer namespaces': 'nsenter -t 1 -m true',
      },
      false,
    );
    expect(await attempts).toEqual([]);
    expect(readFileSync(join(workspace, 'src/a.sv'), 'utf8')).toBe('module a; endmodule\n');
    // a name that nothing else on this machine writes
    const name = basename(base);
    const { log } = await inside(
      `echo r >.genRTL/runs/j/sim_1/r && echo t >'/tmp/${name}' && echo h >~/'${name}' && cat '/tmp/${name}' ~/'${name}'`,
    );
    expect(log).toBe('t\nh\n');
    expect(readFileSync(join(runDir(), 'r'), 'utf8')).toBe('r\n');
    expect([join('/tmp', name), join(homedir(), name)].filter((path) => existsSync(path))).toEqual([]);
  });

  it('reaches no network, not even this machine', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const dial = (family: string, to: string): string =>
      `/usr/bin/python3 -c "import socket; socket.socket(socket.${family}).connect(${to})"`;
    expect(
      await succeeded({
        'TCP to this machine': `bash -c 'echo hi >/dev/tcp/127.0.0.1/${port}'`,
        TCP: dial('AF_INET', `('127.0.0.1', ${port})`),
        'a datagram': `/usr/bin/python3 -c "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))"`,
        'a socket of Unix': `/usr/bin/python3 -c "import socket; socket.socket(socket.AF_UNIX)"`,
        'an interface': '[ "$(grep -c : /proc/net/dev)" -gt 1 ]',
      }),
    ).toEqual([]);
    server.close();
    // AF_VSOCK: the host of a virtual machine, which no network namespace keeps away
    const vsock = { vsock: `/usr/bin/python3 -c "import socket; socket.socket(40, socket.SOCK_STREAM)"` };
    expect(await succeeded(vsock, false)).toEqual([]);
  });

  it('leaves nothing behind that leads elsewhere, hangs a reader or runs as somebody else', async () => {
    const victim = join(base, 'victim');
    writeFileSync(victim, 'mine');
    const d = '.genRTL/runs/j/sim_1';
    const { record } = await inside(
      `cd ${d}; ln -s '${victim}' tool.json; ln -s '${base}' inputs; mkfifo results.xml; mkdir sub; mkfifo sub/f; ln -s r here; echo r >r; cp /bin/true suid; chmod 4755 suid; mkdir shut; echo x >shut/x; chmod 0 shut`,
    );
    expect(record.verdict).toBe('pass');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(runDir(), 'tool.json'), 'utf8'))).toMatchObject({ verdict: 'pass' });
    expect(readdirSync(runDir()).sort()).not.toContain('inputs');
    expect(existsSync(join(runDir(), 'results.xml'))).toBe(false);
    expect(readdirSync(join(runDir(), 'sub'))).toEqual([]);
    expect(readFileSync(join(runDir(), 'here'), 'utf8')).toBe('r\n');
    expect(execFileSync('stat', ['-c', '%a', join(runDir(), 'suid')], { encoding: 'utf8' }).trim()).toBe('755');
    // a run that was killed left a link where the next one logs
    rmSync(join(runDir(), 'raw_stdout.log'));
    symlinkSync(victim, join(runDir(), 'raw_stdout.log'));
    await inside('echo over');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  it('keeps what it writes where it runs in the run folder, and says so', async () => {
    writeFileSync(join(workspace, 'Makefile'), 'all:\n');
    const { record } = await inside(
      'echo v >dump.vcd; mkdir out; echo l >out/log.txt; cat Makefile src/a.sv; touch empty',
    );
    expect(record.written).toEqual(['dump.vcd', 'empty', 'out/log.txt']);
    expect(readdirSync(workspace).sort()).toEqual(['.env', '.genRTL', 'Makefile', 'src']);
    expect(readdirSync(join(runDir(), 'files'), { recursive: true }).sort()).toEqual([
      'dump.vcd',
      'empty',
      'out',
      'out/log.txt',
    ]);
    expect(readFileSync(join(runDir(), 'files/dump.vcd'), 'utf8')).toBe('v\n');
  });

  it('sees a root with many files', async () => {
    for (let index = 0; index < 60; index += 1) writeFileSync(join(workspace, `f${index}.sv`), `// ${index}\n`);
    const { log, record } = await inside('cat f*.sv | wc -l; echo x >f7.sv');
    expect(log.trim()).toBe('60');
    expect(readFileSync(join(workspace, 'f7.sv'), 'utf8')).toBe('// 7\n');
    expect(record.written).toBeUndefined();
  });

  it('says when its sandbox could not be made, instead of blaming the design', async () => {
    const real = execFileSync('sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).trim();
    const flag = join(base, 'broken');
    const fake = join(base, 'bin');
    mkdirSync(fake);
    const script = `#!/bin/sh\n[ ! -e '${flag}' ] || { echo "bwrap: Can't mount proc" >&2; exit 1; }\nexec ${real} "$@"\n`;
    writeFileSync(join(fake, 'bwrap'), script, { mode: 0o755 });
    const env = { ...process.env, PATH: `${fake}:${process.env['PATH']}` };
    expect((await inside('exit 0', { env })).verdict).toBe('pass');
    writeFileSync(flag, '');
    await expect(inside('exit 0', { env })).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining("Can't mount proc") as string,
    });
  });
});

describe('places', () => {
  it('works below the home, through links and with blanks in names', async () => {
    const home = mkdtempSync(join(homedir(), 'genrtl home-'));
    const own = join(home, 'deep er/my chip');
    mkdirSync(join(own, 'src'), { recursive: true });
    writeFileSync(join(own, 'src/a.sv'), 'module a; endmodule\n');
    const link = join(home, 'link to chip');
    symlinkSync(own, link);
    try {
      for (const place of [own, link]) {
        const dir = join(place, '.genRTL/runs/j/sim_1');
        const script = `cat src/a.sv '${join(place, 'src/a.sv')}'; echo x >'${join(dir, 'made')}'; ls -A '${home}' | wc -l`;
        const { log, record } = await inside(script, { workspace: place, runDir: dir });
        expect(record.verdict).toBe('pass');
        expect(log).toMatch(/^module a; endmodule\nmodule a; endmodule\n[12]\n$/);
        expect(readFileSync(join(dir, 'made'), 'utf8')).toBe('x\n');
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('starts a tool that is installed below the home, wrapper and all, and shows nothing else of it', async () => {
    const home = mkdtempSync(join(homedir(), 'genrtl-tools-'));
    const bin = join(home, 'bin');
    const tool = join(home, 'suite/opt/sim-1.0');
    mkdirSync(bin);
    mkdirSync(join(tool, 'bin'), { recursive: true });
    mkdirSync(join(tool, 'lib'));
    writeFileSync(join(tool, 'lib/data'), 'library\n');
    const secret = mkdtempSync(join(homedir(), '.genrtl-canary-'));
    writeFileSync(join(secret, 'private'), 'canary');
    const script = (file: string, text: string): void => writeFileSync(file, text, { mode: 0o755 });
    script(join(tool, 'bin/sim'), `#!/bin/sh\ncat '${tool}/lib/data'; cat '${secret}/private' 2>/dev/null; exit 0\n`);
    script(join(bin, 'sim'), `#!/bin/sh\nexec ${tool}/bin/sim "$@"\n`);
    try {
      const adapter = shell('');
      const named: typeof adapter = {
        ...adapter,
        detect: () => Promise.resolve({ path: join(bin, 'sim'), version: '1', edition: null, companions: {} }),
      };
      const { log, record } = await inside('', { adapter: named });
      expect(record.verdict).toBe('pass');
      expect(log).toBe('library\n');
    } finally {
      rmSync(secret, { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('reads sources outside the workspace with what lies beside them', async () => {
    const home = mkdtempSync(join(homedir(), 'genrtl-ip-'));
    mkdirSync(join(home, 'rtl'));
    writeFileSync(join(home, 'rtl/ip.sv'), 'module ip; endmodule\n');
    writeFileSync(join(home, 'rtl/ip.svh'), '// header\n');
    writeFileSync(join(home, 'private'), 'canary');
    try {
      const script = `cat '${home}/rtl/ip.sv' '${home}/rtl/ip.svh'; cat '${home}/private'`;
      const { log } = await inside(script, { sources: ['src/a.sv', join(home, 'rtl/ip.sv')] });
      expect(log).toBe('module ip; endmodule\n// header\n');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('reads what a package manager keeps in a dot folder, as far as it is a source or lies beside one', async () => {
    const checkout = '.bender/git/checkouts/ip-0123';
    for (const folder of [`${checkout}/src`, `${checkout}/include/ip`, '.git', '.secret'])
      mkdirSync(join(workspace, folder), { recursive: true });
    writeFileSync(join(workspace, checkout, 'src/ip.sv'), 'module ip; endmodule\n');
    writeFileSync(join(workspace, checkout, 'include/ip/defs.svh'), '// defs\n');
    writeFileSync(join(workspace, '.bender/token'), 'canary-token');
    writeFileSync(join(workspace, '.secret/k.sv'), 'canary-secret');
    writeFileSync(join(workspace, '.git/k.sv'), 'canary-git');
    const { log } = await inside(
      `cat ${checkout}/src/ip.sv ${checkout}/include/ip/defs.svh; cat .bender/token .secret/k.sv .git/k.sv 2>&1; echo end`,
      { sources: ['src/a.sv', `${checkout}/src/ip.sv`, '.git/k.sv'], includeDirs: [`${checkout}/include`, '.secret'] },
    );
    expect(log).toContain('module ip');
    expect(log).toContain('// defs');
    expect(log).not.toContain('canary');
  });

  it('refuses a workspace that is the system', async () => {
    await expect(inside('true', { workspace: '/usr', sources: [join(workspace, 'src/a.sv')] })).rejects.toMatchObject({
      code: 'CONFINEMENT_UNAVAILABLE',
    });
  });
});

describe('bounds', () => {
  const bounded = (script: string, bounds: ConfinementPolicy['bounds']): ReturnType<typeof inside> =>
    inside(script, { confinement: { mode: 'required', bounds: bounds ?? {} }, limits: { timeoutMs: 20_000 } });

  it('ends a fork bomb', async () => {
    // one that doubles ten times a second: without a pause it takes every process id of the machine from the tests beside it
    const { record } = await bounded('f() { sleep 0.1; f | f & }; f; sleep 20', { processes: 100 });
    expect(record).toMatchObject({ verdict: 'resource_limit', bound: 'processes' });
  });

  it('does not ask what is beyond its bounds to end by itself', async () => {
    const crowd = `trap 'echo asked; exit 0' TERM; for i in 1 2 3 4 5 6 7 8; do sleep 20 & done; wait`;
    const { log, record } = await bounded(crowd, { processes: 4 });
    expect(record).toMatchObject({ verdict: 'resource_limit', bound: 'processes' });
    expect(log).not.toContain('asked');
  });

  it('ends one that eats memory', async () => {
    const eat = `/usr/bin/python3 -c "
b = []
while True: b.append(bytearray(8 << 20))"`;
    const { record } = await bounded(eat, { memoryBytes: 200 << 20 });
    expect(record.verdict).not.toBe('pass');
    // many processes, each below the bound of one
    const many = await bounded(
      `for i in 1 2 3 4 5 6 7 8; do /usr/bin/python3 -c "
import time
b = bytearray(40 << 20)
time.sleep(15)" & done; wait`,
      { memoryBytes: 200 << 20 },
    );
    expect(many.record).toMatchObject({ verdict: 'resource_limit', bound: 'memory' });
  });

  it('ends one that fills the disk: one file, many files, memory passing for disk', async () => {
    const one = await bounded('exec yes >.genRTL/runs/j/sim_1/big', { fileBytes: 4 << 20 });
    expect(one.record).toMatchObject({ verdict: 'resource_limit', bound: 'file_size' });
    const many = await bounded('i=0; while :; do head -c 1000000 /dev/zero >big.$i; i=$((i+1)); done', {
      diskBytes: 20 << 20,
    });
    expect(many.record).toMatchObject({ verdict: 'resource_limit', bound: 'disk' });
    const shm = await bounded('for d in /tmp /dev/shm ~; do head -c 9000000 /dev/zero >$d/big || echo full $d; done', {
      scratchBytes: 4 << 20,
    });
    expect(shm.log.match(/full/g)).toHaveLength(3);
  });

  it('ends one that computes for ever', async () => {
    const { record } = await bounded('exec sh -c "while :; do :; done"', { cpuSeconds: 1 });
    expect(record).toMatchObject({ verdict: 'resource_limit', bound: 'cpu' });
  });
});

describe('the end', () => {
  it('lets tools end by themselves when they are asked to', async () => {
    const abort = new AbortController();
    const { log, record } = await inside(`trap 'echo flushed; exit 0' TERM; echo ready; while :; do sleep 0.01; done`, {
      signal: abort.signal,
      onOutput: (_stream, text) => text.includes('ready') && setTimeout(() => abort.abort(), 20),
    });
    expect(record.verdict).toBe('cancelled');
    expect(log).toContain('flushed');
  });

  it('comes with the end of who started it, by kill -9', async () => {
    const mark = `genrtl-orphan-${process.pid}`;
    const orphans = `(setsid sh -c "sleep 60; : ${mark}") & echo up; exec sh -c "sleep 60; : ${mark}"`;
    const parent = await started(`shell('${orphans}')`);
    expect(alive(`: ${mark}`).length).toBeGreaterThan(1);
    parent.kill('SIGKILL');
    expect(await left(`: ${mark}`)).toEqual([]);
  });

  it('comes to a command that waits for the one before, by kill -9, and it never runs', async () => {
    const mark = `genrtl-held-${process.pid}`;
    const parent = await started(`shells('echo up; sleep 60', 'echo ${mark} >held; sleep 60')`);
    for (let tries = 0; alive(mark).length === 0 && tries < 500; tries += 1) await sleep(20);
    expect(alive(mark)).not.toEqual([]);
    parent.kill('SIGKILL');
    expect(await left(mark)).toEqual([]);
    expect(existsSync(join(runDir(), 'files/held'))).toBe(false);
  });
});

/** Another process that runs a tool here; up when the tool says so. */
async function started(adapter: string): Promise<ReturnType<typeof spawn>> {
  const program = `
    import { runTool } from '${join(import.meta.dirname, '../index.ts')}';
    import { shell, shells } from '${join(import.meta.dirname, '../fixtures/shell-adapter.ts')}';
    await runTool({ adapter: ${adapter}, action: 'lint',
      workspace: ${JSON.stringify(workspace)}, sources: ['src/a.sv'], runDir: ${JSON.stringify(runDir())},
      confinement: { mode: 'required' }, onOutput: (_s, text) => process.stdout.write(text) });`;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  return parent;
}

/** Processes with these words in their command line, the runner itself left out. */
function alive(words: string): string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'latin1');
      return /^\d+$/.test(entry) && line.includes(words) && !line.includes('runTool');
    } catch {
      return false;
    }
  });
}

/** Those that are still there after ten seconds. */
async function left(words: string): Promise<string[]> {
  for (let tries = 0; alive(words).length > 0 && tries < 500; tries += 1) await sleep(20);
  return alive(words);
}

describe('commands one behind the other', () => {
  it('come in turn, each with its own output, end and private folders', async () => {
    const { log, record } = await inside('', {
      adapter: shells(
        'echo one >/tmp/mine; sleep 0.2; echo a >a; echo one',
        'cat /tmp/mine 2>&1; cat a; read line && echo "read $line"; ls -l /proc/self/fd | grep -c -e socket -e pipe; echo "two $0"; exit 3',
      ),
    });
    // both outputs (and the pipe to `grep`): what it was held by is closed
    expect(log).toMatch(/^one\ncat: .*No such file.*\na\n2\ntwo .*sh\n$/);
    expect(record.commands.map(({ exit_code }) => exit_code)).toEqual([0, 3]);
  });

  it('end with one that fails to build: nothing of the next has run, nothing of it is left', async () => {
    const mark = `genrtl-dropped-${process.pid}`;
    const { log, record } = await inside('', { adapter: shells('sleep 0.1; exit 1', `echo ${mark}; sleep 60`) });
    expect(record.commands.map(({ exit_code }) => exit_code)).toEqual([1]);
    expect(log).toBe('');
    expect(await left(mark)).toEqual([]);
  });

  it('are words of their own, whatever stands in them', async () => {
    const words = ['$(touch /tmp/x)', 'a b', "it's", '`id`', '-n', ''];
    const adapter = shells('true', 'true');
    const { log } = await inside('', {
      adapter: {
        ...adapter,
        buildCommands(context) {
          const { commands, ...plan } = adapter.buildCommands(context);
          const [first] = commands;
          const print = {
            role: 'build' as const,
            argv: ['/usr/bin/printf', '[%s]', ...words] as [string, ...string[]],
          };
          return { ...plan, commands: first === undefined ? [] : [first, print] };
        },
      },
    });
    expect(log).toBe(words.map((word) => `[${word}]`).join(''));
  });

  it('keep their bounds and their time each', async () => {
    const bounds = { cpuSeconds: 1 };
    const { record } = await inside('', {
      adapter: shells('true', 'while :; do :; done'),
      confinement: { mode: 'required', bounds },
    });
    expect(record).toMatchObject({ verdict: 'resource_limit', bound: 'cpu' });
    const slow = await inside('', { adapter: shells('sleep 0.1', 'sleep 20'), limits: { timeoutMs: 600 } });
    expect(slow.record.verdict).toBe('timeout');
  });
});

describe('the filter', () => {
  it('is a program for each architecture that it names', () => {
    for (const [architecture, count] of [
      ['x64', 2],
      ['arm64', 1],
    ] as const) {
      const program = filterProgram(false, architecture);
      expect((program?.length ?? 0) % 8).toBe(0);
      expect((program?.length ?? 0) / 8).toBeGreaterThan(60 * count);
    }
    expect(filterProgram(false, 'ppc64')).toBeNull();
  });
});
