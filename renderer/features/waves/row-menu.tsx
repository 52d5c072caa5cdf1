// How the chosen rows are shown: radix, analog, bits, colour. Opened by right-click, the menu key or the toolbar.
import { create } from 'zustand';
import { useTranslation } from 'react-i18next';
import { ContextMenu } from '@genrtl/ui/context-menu.tsx';
import type { MenuItem } from '@genrtl/ui/context-menu.tsx';
import { RADIXES } from './radix.ts';
import { WAVE_COLOURS, isExpanded } from './wave-rows.ts';
import { useWaves } from './wave-store.ts';

export const useRowMenu = create<{ readonly at: { readonly x: number; readonly y: number } | null }>()(() => ({
  at: null,
}));
const close = (): void => useRowMenu.setState({ at: null });

export function RowMenu() {
  const { t } = useTranslation();
  const at = useRowMenu((store) => store.at);
  const { rows, selected, setRadix, setLook, expand, remove } = useWaves();
  if (at === null) return null;
  const chosen = rows.filter((row) => row.kind === 'signal' && selected.has(row.id));
  const [first] = chosen;
  const marked = (on: boolean, label: string): string => (on ? `✓ ${label}` : label);
  const bus = first?.kind === 'signal' && first.width > 1;
  const radixes = RADIXES.map(
    (radix): MenuItem => ({
      label: marked(first?.kind === 'signal' && first.radix === radix, t(`waves.radixes.${radix}`)),
      run: () => setRadix(radix),
    }),
  );
  const analog = first?.kind === 'signal' && first.analog === true;
  const looks: MenuItem[] = [
    { label: marked(analog, t('waves.analog')), disabled: !bus, run: () => setLook({ analog: !analog }) },
    {
      label: t(first !== undefined && isExpanded(rows, first) ? 'waves.collapseBits' : 'waves.expandBits'),
      disabled: !bus,
      run: () => (first === undefined ? undefined : expand(first.id)),
    },
  ];
  const colours = WAVE_COLOURS.map(
    (colour): MenuItem => ({
      label: marked(first?.kind === 'signal' && first.colour === colour, t(`waves.colours.${colour}`)),
      run: () => setLook({ colour }),
    }),
  );
  return (
    <ContextMenu
      label={t('waves.look')}
      at={at}
      groups={[
        bus ? radixes : [],
        looks,
        [{ label: t('waves.noColour'), run: () => setLook({ colour: null }) }, ...colours],
        [{ label: t('waves.remove'), key: 'Del', run: remove }],
      ].filter((group) => group.length > 0)}
      onClose={close}
    />
  );
}
