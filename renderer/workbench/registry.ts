// The one list of panels, commands and keys of the window, made of what the features bring.
import type { Command, CommandName, Feature, Panel, PanelName } from './feature.ts';
import { normalKey } from './keys.ts';

interface Registry {
  readonly panels: readonly Panel[];
  readonly commands: readonly Command[];
}

let registry: Registry = { panels: [], commands: [] };

/** Once, before the first drawing. */
export function registerFeatures(features: readonly Feature[]): void {
  registry = {
    panels: features.flatMap((feature) => feature.panels ?? []),
    commands: features.flatMap((feature) => feature.commands ?? []),
  };
}

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

export function bindings(): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding>();
  for (const command of registry.commands)
    if (command.key !== undefined) found.set(normalKey(command.key), { command });
  for (const panel of registry.panels) if (panel.key !== undefined) found.set(normalKey(panel.key), { panel });
  return found;
}
