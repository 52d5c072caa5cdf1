// The consoles of the open workspace: groups as tabs, each with one console or several side by side.
import { create } from 'zustand';
import { bridge } from '../../bridge/bridge.ts';
import { LiveTerminal } from './live-terminal.ts';

export interface OpenConsole {
  readonly id: string;
  readonly title: string;
}

interface ConsoleStore {
  readonly workspace: string | null;
  readonly consoles: readonly OpenConsole[];
  /** ids, in order; a group is never empty */
  readonly groups: readonly (readonly string[])[];
  readonly shown: number;
  readonly focused: string | null;
  /** Takes up what runs in main; opens a first console when there is none. */
  load(workspace: string): Promise<void>;
  /** `beside` splits the shown group. `command` is typed into the fresh shell. */
  open(options: {
    readonly beside: boolean;
    readonly title: string | null;
    readonly command: string | null;
  }): Promise<void>;
  close(id: string): void;
  show(group: number): void;
  focus(id: string): void;
}

/** More side by side is narrower than a line of any tool. */
export const MAX_SPLIT = 4;

const terminals = new Map<string, LiveTerminal>();

export const terminalOf = (id: string): LiveTerminal | undefined => terminals.get(id);

function take(id: string, workspace: string): LiveTerminal {
  const known = terminals.get(id);
  if (known !== undefined) return known;
  const terminal = new LiveTerminal(id, workspace);
  terminals.set(id, terminal);
  return terminal;
}

/** Size until the panel is measured. */
const COLUMNS = 100;
const ROWS = 24;

/** One load after the other: two at once would each find no console and open one. */
let loads: Promise<void> = Promise.resolve();

export const useConsoles = create<ConsoleStore>()((set, get) => {
  const takeUp = async (workspace: string): Promise<void> => {
    const { terminals: running } = await bridge.call('terminal.list', { workspace });
    const alive = new Set(running.map((terminal) => terminal.terminal_id));
    for (const [id, terminal] of terminals) {
      if (alive.has(id)) continue;
      terminal.dispose();
      terminals.delete(id);
    }
    const same = get().workspace === workspace;
    const kept = same
      ? get()
          .groups.map((group) => group.filter((id) => alive.has(id)))
          .filter((group) => group.length > 0)
      : [];
    const placed = new Set(kept.flat());
    const groups = [
      ...kept,
      ...running.filter((terminal) => !placed.has(terminal.terminal_id)).map((terminal) => [terminal.terminal_id]),
    ];
    const titles = new Map(get().consoles.map((one) => [one.id, one.title]));
    set({
      workspace,
      groups,
      shown: Math.min(get().shown, Math.max(0, groups.length - 1)),
      focused: groups[0]?.[0] ?? null,
      consoles: running.map(({ terminal_id: id, title }) => ({ id, title: titles.get(id) ?? title })),
    });
    await Promise.all(running.map(({ terminal_id: id }) => take(id, workspace).attach()));
    if (running.length === 0) await get().open({ beside: false, title: null, command: null });
  };
  return {
    workspace: null,
    consoles: [],
    groups: [],
    shown: 0,
    focused: null,
    load: (workspace) => (loads = loads.catch(() => undefined).then(() => takeUp(workspace))),
    open: async ({ beside, title, command }) => {
      const { workspace } = get();
      if (workspace === null) return;
      const opened = await bridge.call('terminal.open', {
        workspace,
        columns: COLUMNS,
        rows: ROWS,
        ...(title === null ? {} : { title: title.slice(0, 60) }),
      });
      const id = opened.terminal_id;
      const terminal = take(id, workspace);
      set(({ consoles, groups, shown }) => {
        // a load that ran meanwhile may have taken it up already
        if (groups.flat().includes(id)) return { focused: id };
        const split = beside && groups[shown] !== undefined && groups[shown].length < MAX_SPLIT;
        const next = split ? groups.map((group, at) => (at === shown ? [...group, id] : group)) : [...groups, [id]];
        return {
          consoles: [...consoles, { id, title: title ?? opened.title }],
          groups: next,
          shown: split ? shown : next.length - 1,
          focused: id,
        };
      });
      if (command !== null) terminal.type(`${command}\r`);
    },
    close: (id) => {
      bridge.call('terminal.close', { terminal_id: id }).catch(() => undefined);
      terminals.get(id)?.dispose();
      terminals.delete(id);
      set(({ consoles, groups, shown }) => {
        const next = groups.map((group) => group.filter((other) => other !== id)).filter((group) => group.length > 0);
        const at = Math.max(0, Math.min(shown, next.length - 1));
        return {
          consoles: consoles.filter((one) => one.id !== id),
          groups: next,
          shown: at,
          focused: next[at]?.[0] ?? null,
        };
      });
    },
    show: (shown) => set(({ groups }) => ({ shown, focused: groups[shown]?.[0] ?? null })),
    focus: (focused) => set({ focused }),
  };
});

bridge.on('terminal.exit', ({ terminal_id: id }) => {
  if (useConsoles.getState().consoles.some((one) => one.id === id)) useConsoles.getState().close(id);
});
