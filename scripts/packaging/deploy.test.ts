// What deploy/ says fits the program: variables that exist, the profile that the sandbox needs, health that is served.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { API_ROUTES } from '@genrtl/contracts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Service {
  readonly command?: string[];
  readonly environment: Record<string, string>;
  readonly security_opt?: string[];
  readonly cap_drop?: string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: string[] };
}
const compose = parse(read('deploy/compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const backends = ['api', 'worker'].map((name) => compose.services[name] as Service);

describe('the compose file', () => {
  it('sets only variables that the pages explain, no secret, and no name that a second container would share', () => {
    const pages = ['hosted', 'models', 'backend', 'billing'].map((page) => read(`docs/${page}.md`)).join('\n');
    for (const { environment } of backends)
      for (const [name, value] of Object.entries(environment)) {
        expect([name, pages.includes(name)]).toEqual([name, true]);
        if (/SECRET|TOKEN|KEY|PASSWORD/.test(name)) expect(value).toMatch(/^\$\{/);
      }
    for (const { environment } of backends) expect(environment).not.toHaveProperty('GENRTL_EXECUTOR_ID');
  });

  it('gives a process longer to end than it drains, no capabilities, and asks for its readiness', () => {
    for (const { stop_grace_period, cap_drop, security_opt } of backends) {
      expect(Number.parseInt(stop_grace_period ?? '0', 10)).toBeGreaterThan(30);
      expect(cap_drop).toEqual(['ALL']);
      expect(security_opt).toContain('no-new-privileges:true');
      expect(security_opt).toContain('seccomp=./seccomp.json');
    }
    expect(compose.services['api']?.healthcheck?.test.join(' ')).toContain(API_ROUTES.ready);
    const probe = compose.services['worker']?.healthcheck?.test.join(' ') ?? '';
    expect(probe).toContain(':9464/ready');
    // two dollars are one that the container's Node reads
    expect(probe).toContain('$${process.env.GENRTL_OPERATOR_TOKEN}');
  });

  it('carries a profile that leaves the sandbox its namespaces and refuses the kernel’s doors', () => {
    const profile = JSON.parse(read('deploy/seccomp.json')) as {
      defaultAction: string;
      syscalls: { names: string[]; action: string }[];
    };
    const refused = new Set(
      profile.syscalls.flatMap(({ names, action }) => (action === 'SCMP_ACT_ERRNO' ? names : [])),
    );
    for (const needed of ['clone', 'clone3', 'unshare', 'mount', 'umount2', 'pivot_root', 'setns', 'prctl', 'seccomp'])
      expect([needed, refused.has(needed)]).toEqual([needed, false]);
    for (const door of [
      'bpf',
      'kexec_load',
      'init_module',
      'ptrace',
      'keyctl',
      'io_uring_setup',
      'reboot',
      'userfaultfd',
    ])
      expect([door, refused.has(door)]).toEqual([door, true]);
  });
});

it('Prometheus takes its configuration, and asks every container of both services', (context) => {
  const config = parse(read('deploy/prometheus.yml')) as {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  expect(config.scrape_configs).toMatchObject([
    { job_name: 'genrtl', dns_sd_configs: [{ names: ['api', 'worker'], port: 9464 }] },
  ]);
  const args = ['check', 'config', '--syntax-only', 'deploy/prometheus.yml'];
  const { error, status, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) return context.skip('promtool (Debian package prometheus) is not installed');
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

it('what goes into the build is no secret and nothing that a machine made', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const name of ['.git', '**/node_modules', '**/.env', 'dist', '.cache']) expect(ignored).toContain(name);
  expect(read('deploy/Dockerfile')).toContain('COPY . .');
  expect(read('.gitignore').split('\n')).toContain('/deploy/.env');
});

it('the image is made of the staged tree and brings the tools of the gate', () => {
  const image = read('deploy/Dockerfile');
  for (const words of [
    'scripts/stage-server.ts',
    'bin/genrtl-backend',
    'bubblewrap iverilog verilator yosys',
    'USER genrtl',
  ])
    expect(image).toContain(words);
});
