import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { acquireWriterLock } from './writer-lock.ts';

const fresh = (): string => path.join(mkdtempSync(path.join(os.tmpdir(), 'genrtl-lock-')), '.genRTL', 'writer.lock');
const LOCK_MODULE = path.join(import.meta.dirname, 'writer-lock.ts');

/** A process of its own that takes the lock, says so and sleeps. */
async function holder(file: string): Promise<ReturnType<typeof spawn>> {
  const code = `const {acquireWriterLock}=await import(${JSON.stringify(LOCK_MODULE)});await acquireWriterLock(${JSON.stringify(file)});console.log('held');setInterval(()=>{},1e6)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

it('gives the lock to one and names the owner to the other', async () => {
  const file = fresh();
  const lock = await acquireWriterLock(file);
  await expect(acquireWriterLock(file)).rejects.toMatchObject({
    code: 'WORKSPACE_BUSY',
    message: expect.stringContaining(String(process.pid)) as string,
  });
  await lock.release();
  await (await acquireWriterLock(file)).release();
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

it('is taken over at once after kill -9 of its owner', async () => {
  const file = fresh();
  const child = await holder(file);
  await expect(acquireWriterLock(file)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
  await killed(child);
  const started = performance.now();
  await (await acquireWriterLock(file)).release();
  expect(performance.now() - started).toBeLessThan(500);
});

it('is not fooled by another process with the dead owner’s pid', async () => {
  const file = fresh();
  const lock = await acquireWriterLock(file);
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...owner, process_start: '1', token: 'another' }));
  await (await acquireWriterLock(file)).release();
  await lock.release();
});

it('is taken over when it was written before a reboot, or half written', async () => {
  const file = fresh();
  const lock = await acquireWriterLock(file);
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  await lock.release();
  writeFileSync(file, JSON.stringify({ ...owner, boot_id: 'another boot' }));
  await (await acquireWriterLock(file)).release();
  writeFileSync(file, '{"host":"');
  await (await acquireWriterLock(file)).release();
});

it('is left alone when its owner is on another host', async () => {
  const file = fresh();
  const lock = await acquireWriterLock(file);
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...owner, host: 'elsewhere' }));
  await expect(acquireWriterLock(file)).rejects.toMatchObject({
    code: 'WORKSPACE_BUSY',
    message: expect.stringContaining('elsewhere') as string,
  });
  await lock.release();
});

it('lets exactly one of many take a dead owner’s lock over', async () => {
  const file = fresh();
  await killed(await holder(file));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireWriterLock(file)));
  expect(results.filter((result) => result.status === 'fulfilled').length).toBe(1);
});
