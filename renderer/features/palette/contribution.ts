// What this folder brings to the workbench.
import { useDialogs } from '../../state/dialog-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import './palette.css';

const open = (): void => useDialogs.getState().open('palette');

export const paletteFeature: Feature = {
  commands: [
    { name: 'palette', key: 'Ctrl+Shift+P', palette: false, run: open },
    { name: 'openFile', key: 'Ctrl+P', palette: false, run: open },
  ],
};
