// What this folder brings to the workbench.
import type { Feature } from '../../workbench/feature.ts';
import './usage.css';

export const usageFeature: Feature = {
  commands: [{ name: 'usage', run: () => location.assign('#/usage') }],
};
