// What a feature brings to the workbench. Rail, palette, keys, dock and welcome page derive from these alone.
import type { FunctionComponent } from 'react';
import type { IDockviewPanelProps } from 'dockview-react';
import type { Icon } from '@genrtl/ui/controls.tsx';
import type en from '../i18n/en.json';

/** Each panel's title stands under `panels.` in both languages; its name is the key there. */
export type PanelName = keyof typeof en.panels;
/** Each command's title stands under `commands.` in both languages; its name is the key there. */
export type CommandName = keyof typeof en.commands;

export interface Place {
  /** panels whose group it joins, first choice first */
  readonly beside: readonly PanelName[];
  /** edge of the window when none of them is open */
  readonly edge: 'left' | 'right' | 'below' | 'above';
  /** pixels at first */
  readonly width?: number;
  readonly height?: number;
}

/** Panels take the params that `openPanel` was given. */
export type PanelComponent = FunctionComponent<IDockviewPanelProps>;

export interface Panel {
  readonly name: PanelName;
  readonly icon: Icon;
  /** the group of the rail that it stands in; without one it is reached by palette, key and other panels */
  readonly rail?: 'find' | 'job' | 'tools';
  readonly place: Place;
  /** the key that shows it and moves the focus into it, as `Ctrl+Shift+M` (Cmd on macOS) */
  readonly key?: string;
  /** what gets the focus there; its first control unless given */
  readonly focus?: string;
  /** as it is for what a new window shows, else behind `lazyPanel` */
  readonly component: PanelComponent;
}

export interface Command {
  readonly name: CommandName;
  readonly key?: string;
  /** false: reached by its key alone */
  readonly palette?: boolean;
  /** absent: works everywhere */
  available?(): boolean;
  run(): void;
}

export interface Feature {
  readonly panels?: readonly Panel[];
  readonly commands?: readonly Command[];
}
