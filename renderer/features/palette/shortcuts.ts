// The keyboard map, as shown to the person. global-keys.ts acts on the same names.
export const SHORTCUTS = {
  palette: 'Ctrl+Shift+P',
  openFile: 'Ctrl+P',
  runJob: 'Ctrl+Enter',
  problems: 'Ctrl+Shift+M',
  agent: 'Ctrl+Shift+A',
  log: 'Ctrl+Shift+U',
  explorer: 'Ctrl+Shift+E',
  search: 'Ctrl+Shift+F',
  outline: 'Ctrl+Shift+O',
  changes: 'Ctrl+Shift+G',
  skills: 'Ctrl+Shift+K',
  consoles: 'Ctrl+`',
  settings: 'Ctrl+,',
  save: 'Ctrl+S',
  closeTab: 'Ctrl+F4',
  nextGroup: 'F6',
} as const;
export type Shortcut = keyof typeof SHORTCUTS;
