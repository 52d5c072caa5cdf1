// What can be done with a block: the menu of the right button and the menu key.
import { useTranslation } from 'react-i18next';
import type { SchematicNode } from '@genrtl/contracts/schematic.ts';
import { ContextMenu } from '@genrtl/ui/context-menu.tsx';
import { shownKey } from '../../workbench/keys.ts';
import { commandNamed } from '../../workbench/registry.ts';
import { toWaves } from '../language/jumps.ts';
import { traceChosen } from './schematic-place.ts';

export interface BlockMenuState {
  readonly node: SchematicNode;
  readonly at: { readonly x: number; readonly y: number };
}
interface BlockMenuProps extends BlockMenuState {
  readonly onSource: (node: SchematicNode) => void;
  readonly onEnter: (module: string) => void;
  readonly onClose: () => void;
}

export function BlockMenu({ node, at, onSource, onEnter, onClose }: BlockMenuProps) {
  const { t } = useTranslation();
  return (
    <ContextMenu
      label={node.name || node.label}
      at={at}
      groups={[
        [
          {
            label: t('commands.toSource'),
            key: 'Enter',
            disabled: node.source === null,
            run: () => onSource(node),
          },
          ...(node.kind === 'instance'
            ? [{ label: t('schematic.enter'), key: 'Shift+Enter', run: () => onEnter(node.label) }]
            : []),
          { label: t('commands.toWaves'), key: shownKey(commandNamed('toWaves').key ?? ''), run: toWaves },
        ],
        [
          { label: t('schematic.fanIn'), run: () => traceChosen('in') },
          { label: t('schematic.fanOut'), run: () => traceChosen('out') },
        ],
      ]}
      onClose={onClose}
    />
  );
}
