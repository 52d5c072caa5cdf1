// A supervisor in a process of its own, for tests that kill it: runs one job and kills itself or the tool at a named event.
// usage: supervisor-process.ts '{"root","runRoot","skill","database","killAt":{"event","state","who":"self"|"tool"|"both"},"pollMs"}'
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { SessionReady, type TimelineEvent } from '@genrtl/contracts';
import { runSkillJob } from '../../main/skills/index.ts';

const Orders = z.object({
  root: z.string(), runRoot: z.string(), skill: z.string(), database: z.string().nullable(), pollMs: z.number(), launcher: z.enum(['local', 'slurm', 'lsf']).default('local'),
  killAt: z.object({ event: z.string(), state: z.string(), who: z.enum(['self', 'tool', 'both']) }).nullable(),
});
const orders = Orders.parse(JSON.parse(process.argv[2] ?? ''));

function onEvent(event: TimelineEvent, runDir: string): void {
  process.stdout.write(`${event.event} ${event.state} ${runDir}\n`);
  if (orders.killAt === null || event.event !== orders.killAt.event || event.state !== orders.killAt.state) return;
  if (orders.killAt.who !== 'self') process.kill(SessionReady.parse(JSON.parse(readFileSync(path.join(runDir, 'session', 'ready.json'), 'utf8'))).pid, 'SIGKILL');
  if (orders.killAt.who !== 'tool') process.kill(process.pid, 'SIGKILL');
}

const result = await runSkillJob(
  { skill: orders.skill, database: orders.database, pollMs: orders.pollMs, heartbeatMs: 100, launcher: { id: orders.launcher } },
  { cwd: orders.root, env: process.env, signal: new AbortController().signal, runRoot: orders.runRoot, skillFolders: [path.join(orders.root, 'skills')], onEvent },
);
process.stdout.write(`${JSON.stringify(result)}\n`);
