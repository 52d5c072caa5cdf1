// A supervisor in a process of its own, for tests that kill it: runs one job, or a batch over `designs`, and kills
// itself or the tool at the nth occurrence of a named event. usage: supervisor-process.ts
// '{"root","runRoot","skill","database","killAt":{"event","state","who":"self"|"tool"|"both","nth"},"pollMs","designs"}'
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { SessionReady, type TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import { runSkillBatch, runSkillJob, type SkillContext } from '../../main/skills/index.ts';

const Orders = z.object({
  root: z.string(),
  runRoot: z.string(),
  skill: z.string(),
  database: z.string().nullable(),
  pollMs: z.number(),
  launcher: z.enum(['local', 'slurm', 'lsf']).default('local'),
  killAt: z
    .object({
      event: z.string(),
      state: z.string(),
      who: z.enum(['self', 'tool', 'both']),
      nth: z.number().int().positive().default(1),
    })
    .nullable(),
  designs: z.array(z.string()).nullable().default(null),
});
const orders = Orders.parse(JSON.parse(process.argv[2] ?? ''));

let seen = 0;
function onEvent(event: TimelineEvent, runDir: string): void {
  process.stdout.write(`${event.event} ${event.state} ${runDir}\n`);
  if (orders.killAt === null || event.event !== orders.killAt.event || event.state !== orders.killAt.state) return;
  seen += 1;
  if (seen !== orders.killAt.nth) return;
  if (orders.killAt.who !== 'self')
    process.kill(
      SessionReady.parse(JSON.parse(readFileSync(path.join(runDir, 'session', 'ready.json'), 'utf8'))).pid,
      'SIGKILL',
    );
  if (orders.killAt.who !== 'tool') process.kill(process.pid, 'SIGKILL');
}

const context: SkillContext = {
  cwd: orders.root,
  env: process.env,
  signal: new AbortController().signal,
  runRoot: orders.runRoot,
  skillFolders: [path.join(orders.root, 'skills')],
  onEvent,
};
const session = { pollMs: orders.pollMs, heartbeatMs: 100, launcher: { id: orders.launcher } };
const result =
  orders.designs === null
    ? await runSkillJob({ skill: orders.skill, database: orders.database, ...session }, context)
    : await runSkillBatch(
        {
          ...session,
          plan: {
            skill: orders.skill,
            max_parallel: 1,
            entries: orders.designs.map((design) => ({ design, database: orders.database, parameters: {} })),
          },
        },
        context,
      );
process.stdout.write(`${JSON.stringify(result)}\n`);
