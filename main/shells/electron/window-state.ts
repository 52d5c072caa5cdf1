// Size and place of the main window across starts; a place that no screen shows any more is forgotten.
import Store from 'electron-store';
import { z } from 'zod';

const Bounds = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().min(800).max(20_000),
  height: z.number().min(500).max(20_000),
  maximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof Bounds>;

export interface WindowState {
  read(): WindowBounds | null;
  write(bounds: WindowBounds): void;
}

/** `conf` below electron-store writes atomically, so a crash leaves the old state or the new one. */
export function openWindowState(folder: string): WindowState {
  const store = new Store<Record<string, unknown>>({ cwd: folder, name: 'window', clearInvalidConfig: true });
  return {
    read: () => {
      const parsed = Bounds.safeParse(store.get('bounds'));
      return parsed.success ? parsed.data : null;
    },
    write: (bounds) => store.set('bounds', bounds),
  };
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** True when at least a title bar's worth of the window lies on a screen. */
export function isOnScreen(bounds: WindowBounds, screens: readonly Area[]): boolean {
  const visible = 100;
  return screens.some(
    (area) =>
      bounds.x + bounds.width > area.x + visible &&
      bounds.x < area.x + area.width - visible &&
      bounds.y >= area.y - 10 &&
      bounds.y < area.y + area.height - visible,
  );
}
