// What this folder brings to the workbench.
import { useDialogs } from '../../state/dialog-store.ts';
import type { Feature } from '../../workbench/feature.ts';

export const accountFeature: Feature = {
  commands: [{ name: 'account', run: () => useDialogs.getState().open('account') }],
};
