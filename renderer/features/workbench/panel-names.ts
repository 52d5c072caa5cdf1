// Names of the docked panels and where each opens when it is closed. A new panel is one line here and one in
// panels.tsx.

export type PanelName =
  | 'explorer'
  | 'agent'
  | 'problems'
  | 'log'
  | 'plan'
  | 'changes'
  | 'welcome'
  | 'cbb'
  | 'waves'
  | 'outline'
  | 'search'
  | 'schematic'
  | 'consoles'
  | 'skills';

interface Place {
  /** panels whose group it joins, first choice first */
  readonly beside: readonly PanelName[];
  /** edge of the window when none of them is open */
  readonly edge: 'left' | 'right' | 'below' | 'above';
  readonly width?: number;
  readonly height?: number;
}

export const PANEL_PLACES: Readonly<Record<PanelName, Place>> = {
  explorer: { beside: [], edge: 'left', width: 220 },
  agent: { beside: [], edge: 'right', width: 400 },
  problems: { beside: ['log'], edge: 'below', height: 220 },
  log: { beside: ['problems', 'consoles'], edge: 'below', height: 220 },
  consoles: { beside: ['problems', 'log'], edge: 'below', height: 260 },
  skills: { beside: ['welcome', 'plan', 'changes', 'cbb'], edge: 'above' },
  plan: { beside: ['welcome', 'changes'], edge: 'above' },
  changes: { beside: ['welcome', 'plan'], edge: 'above' },
  welcome: { beside: ['plan', 'changes'], edge: 'above' },
  cbb: { beside: ['welcome', 'plan', 'changes'], edge: 'above' },
  schematic: { beside: ['welcome', 'plan', 'changes', 'waves', 'cbb'], edge: 'above' },
  outline: { beside: ['explorer'], edge: 'left', width: 240 },
  search: { beside: ['problems', 'log'], edge: 'below', height: 240 },
  waves: { beside: ['welcome', 'plan', 'changes', 'cbb'], edge: 'above' },
};
