// Keys as people write them (`Ctrl+Shift+P`), as events carry them, and as the platform shows them.

const MAC = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

/** One form for each chord: modifiers in order, the key in lower case. */
export function normalKey(key: string): string {
  const parts = key.split('+').map((part) => part.trim().toLowerCase());
  const last = parts.at(-1) ?? '';
  const has = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  return [...['ctrl', 'alt', 'shift'].filter(has), last].join('+');
}

/** Cmd counts as Ctrl. */
export function keyOfEvent(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const modifiers = [
    ...(event.ctrlKey || event.metaKey ? ['ctrl'] : []),
    ...(event.altKey ? ['alt'] : []),
    ...(event.shiftKey ? ['shift'] : []),
  ];
  return [...modifiers, event.key.toLowerCase()].join('+');
}

/** For `aria-keyshortcuts`. */
export const ariaKey = (key: string): string => key.replaceAll('Ctrl', MAC ? 'Meta' : 'Control');

/** As this platform writes it: `Ctrl+Shift+P`, or `⇧⌘P`. */
export function shownKey(key: string): string {
  if (!MAC) return key;
  const parts = key.split('+');
  const last = parts.at(-1) ?? '';
  const has = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  return `${has('Alt') ? '⌥' : ''}${has('Shift') ? '⇧' : ''}${has('Ctrl') ? '⌘' : ''}${last}`;
}
