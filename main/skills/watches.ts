// What a supervisor watches in a session: the heartbeat's silence and the machine's clock.
import { Heartbeat, type SessionState } from '@genrtl/contracts/skill-run.ts';
import { readRegularSync } from '@genrtl/disk/regular-file.ts';

/**
 * Silence is measured by our monotonic clock since the beat's number last changed; the tool's clock plays no part.
 * `look` reads the file ten times an interval at most, unless told to read it now.
 */
export function heartbeatWatch(
  file: string,
  state: SessionState,
  heartbeatMs: number,
): { look(now?: boolean): void; silentMs(): number; busy(): boolean; restart(): void } {
  const everyMs = Math.max(20, heartbeatMs / 10);
  let seq = -1;
  let busy = false;
  let changed = performance.now();
  let looked = 0;
  return {
    look: (atOnce = false) => {
      const now = performance.now();
      if (!atOnce && now - looked < everyMs) return;
      looked = now;
      let beat: Heartbeat;
      try {
        beat = Heartbeat.parse(JSON.parse(readRegularSync(file, 'utf8')));
      } catch {
        return; // none yet, or half-written: counts as silence
      }
      if (beat.seq === seq) return;
      state.longest_silence_ms = Math.max(state.longest_silence_ms, Math.round(seq < 0 ? 0 : now - changed));
      seq = beat.seq;
      state.heartbeats = beat.seq;
      busy = beat.state === 'busy';
      changed = now;
    },
    silentMs: () => performance.now() - changed,
    busy: () => busy,
    restart: () => {
      changed = performance.now();
    },
  };
}

/** Gives the jump of the wall clock against the monotonic one since the last call, when it is more than a second. */
export function clockWatch(): (() => number | null) & { total(): number } {
  let offset = Date.now() - performance.now();
  let total = 0;
  const look = (): number | null => {
    const now = Date.now() - performance.now();
    const jump = Math.round(now - offset);
    if (Math.abs(jump) < 1000) return null;
    offset = now;
    total += jump;
    return jump;
  };
  return Object.assign(look, { total: () => Math.abs(total) });
}
