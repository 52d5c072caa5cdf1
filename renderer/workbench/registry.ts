// The one list of panels, commands and keys of the window, made of what the features bring.
import type { Command, CommandName, Feature, Panel, PanelName } from './feature.ts';
import { normalKey } from './keys.ts';

interface Registry {
  readonly panels: readonly Panel[];
  readonly commands: readonly Command[];
}

let registry: Registry = { panels: [], commands: [] };
/** as the features bring them, without the person's keys */
let brought: Registry = registry;
let bound: ReadonlyMap<string, Binding> = new Map();

/** Once, before the first drawing. */
export function registerFeatures(features: readonly Feature[]): void {
  brought = {
    panels: features.flatMap((feature) => feature.panels ?? []),
    commands: features.flatMap((feature) => feature.commands ?? []),
  };
  applyKeys({});
}

/** By `command.NAME` and `panel.NAME`; '' takes a key away. */
export function applyKeys(own: Readonly<Record<string, string>>): void {
  const keyed = <T extends { readonly name: string; readonly key?: string }>(kind: string, one: T): T => {
    const key = own[`${kind}.${one.name}`];
    if (key === undefined) return one;
    const { key: _, ...plain } = one;
    return (key === '' ? plain : { ...plain, key }) as T;
  };
  registry = {
    panels: brought.panels.map((panel) => keyed('panel', panel)),
    commands: brought.commands.map((command) => keyed('command', command)),
  };
  bound = boundKeys(registry, own);
}

/** Everything that can have a key. */
export const keyRows = (): readonly { readonly id: string; readonly key: string | undefined }[] => [
  ...registry.commands.map(({ name, key }) => ({ id: `command.${name}`, key })),
  ...registry.panels.map(({ name, key }) => ({ id: `panel.${name}`, key })),
];

export const panels = (): readonly Panel[] => registry.panels;
export const commands = (): readonly Command[] => registry.commands;

export function panelNamed(name: PanelName): Panel {
  const panel = registry.panels.find((candidate) => candidate.name === name);
  if (panel === undefined) throw new TypeError(`no feature brings the panel ${name}`);
  return panel;
}

export function commandNamed(name: CommandName): Command {
  const command = registry.commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new TypeError(`no feature brings the command ${name}`);
  return command;
}

/** What a key does, by its normal form; panels first. */
export type Binding = { readonly panel: Panel } | { readonly command: Command };

export const bindings = (): ReadonlyMap<string, Binding> => bound;

/** A key that the person gave wins over one that a feature brings. */
function boundKeys(
  { panels: views, commands: acts }: Registry,
  own: Readonly<Record<string, string>>,
): Map<string, Binding> {
  const all = [
    ...acts.map((command) => ({ id: `command.${command.name}`, key: command.key, binding: { command } })),
    ...views.map((panel) => ({ id: `panel.${panel.name}`, key: panel.key, binding: { panel } })),
  ];
  const found = new Map<string, Binding>();
  for (const theirs of [false, true])
    for (const { id, key, binding } of all)
      if (key !== undefined && (own[id] !== undefined) === theirs) found.set(normalKey(key), binding);
  return found;
}
