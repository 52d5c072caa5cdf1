// Runs of the workspace's skills, live: read again when main tells of an event, at a pace that a page can draw.
import { useCallback, useEffect, useState } from 'react';
import type { SkillRunView } from '@genrtl/contracts/skill-views.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useLink } from '../../state/link-store.ts';
import { showError } from '../../state/notice-store.ts';

const PACE_MS = 300;

/** `grows` changes with every event of a run, so that its details are read again. */
export function useSkillRuns(workspace: string): {
  readonly runs: readonly SkillRunView[] | null;
  readonly grows: Readonly<Record<string, number>>;
  reload(): void;
} {
  const epoch = useLink((store) => store.epoch);
  const [runs, setRuns] = useState<readonly SkillRunView[] | null>(null);
  const [grows, setGrows] = useState<Readonly<Record<string, number>>>({});
  const reload = useCallback(() => {
    if (workspace !== '') bridge.call('skills.runs', { workspace }).then((answer) => setRuns(answer.runs), showError);
  }, [workspace]);
  useEffect(reload, [reload, epoch]);
  useEffect(() => {
    const pending = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = bridge.on('skills.event', (event) => {
      if (event.workspace !== workspace) return;
      pending.add(event.job_id);
      timer ??= setTimeout(() => {
        timer = undefined;
        const moved = [...pending];
        pending.clear();
        setGrows((before) => ({ ...before, ...Object.fromEntries(moved.map((id) => [id, (before[id] ?? 0) + 1])) }));
        reload();
      }, PACE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [workspace, reload]);
  return { runs, grows, reload };
}
