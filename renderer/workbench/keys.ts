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
  return [...modifiers, event.key === ' ' ? 'space' : event.key.toLowerCase()].join('+');
}

/** The chord of an event as people write it; null for a modifier alone, and for a letter that somebody would type. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string | null {
  if (/^(?:Control|Shift|Alt|Meta|AltGraph|CapsLock|Dead|Unidentified)$/.test(event.key)) return null;
  const named = event.key.length > 1;
  const ctrl = event.ctrlKey || event.metaKey;
  if (!ctrl && !event.altKey && !/^F\d{1,2}$/.test(event.key)) return null;
  const key = event.key === ' ' ? 'Space' : named ? event.key : event.key.toUpperCase();
  return `${ctrl ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${key}`;
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
