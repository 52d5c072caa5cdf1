// The watcher against a real folder that changes as an installation changes it.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WorkspaceWatcher } from './workspace-watcher.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'genrtl-watch-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5000 && !holds(); waited += 20) await sleep(20);
  expect(holds()).toBe(true);
}

it('tells what changed, also in folders that were moved in whole, and when it cannot know what did', async () => {
  const seen = new Set<string>();
  let unsaid = 0;
  const watcher = new WorkspaceWatcher((_workspace, { paths, anywhere }) => {
    for (const changed of paths) seen.add(changed);
    if (anywhere) unsaid += 1;
  });
  await watcher.watch(root);
  await mkdir(path.join(root, 'draft/rtl'), { recursive: true });
  await rename(path.join(root, 'draft'), path.join(root, 'package'));
  // its move may fall into the moment in which the watcher starts anew for the draft
  await until(() => unsaid > 0);
  await sleep(300);
  await writeFile(path.join(root, 'package/rtl/late.v'), 'module late; endmodule\n');
  await until(() => seen.has('package/rtl/late.v'));
  await watcher.close();
});

it('lives through folders that go while it starts anew for others', async () => {
  const refused: unknown[] = [];
  const note = (reason: unknown): void => {
    refused.push(reason);
  };
  process.on('unhandledRejection', note);
  const watcher = new WorkspaceWatcher(() => undefined);
  try {
    await watcher.watch(root);
    for (let round = 0; round < 40; round += 1) {
      const draft = path.join(root, `p${round}.part`);
      await mkdir(path.join(draft, 'rtl'), { recursive: true });
      await writeFile(path.join(draft, 'rtl/a.v'), 'module a; endmodule\n');
      await rename(draft, path.join(root, `p${round}`));
      if (round % 2 === 1) await rm(path.join(root, `p${round - 1}`), { recursive: true });
      await sleep(15);
    }
    await sleep(300);
  } finally {
    await watcher.close();
    process.off('unhandledRejection', note);
  }
  expect(refused).toEqual([]);
});
