// A panel whose code comes when it is first shown.
import { lazy } from 'react';
import type { FunctionComponent } from 'react';
import type { IDockviewPanelProps } from 'dockview-react';
import type { PanelComponent } from './feature.ts';

export function lazyPanel<P extends object>(
  load: () => Promise<FunctionComponent<IDockviewPanelProps<P>> | FunctionComponent>,
): PanelComponent {
  return lazy(async () => ({ default: (await load()) as PanelComponent }));
}
