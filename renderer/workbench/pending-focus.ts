// Keys go where the focus visibly is. What is asked for by key or click may need a moment to appear (its code is
// fetched, its panel built); until it is there a field of our own has the keyboard, and what was typed into it is
// handed over. No key of that moment reaches the editor or console that had the focus before.

/** What is not there after this long got lost; the panel's own error says why. */
const GIVE_UP_MS = 10_000;
/** More than a person types in that time; a stuck key fills it. */
const MAX_KEPT = 500;

let waiting: { stop(): void } | null = null;

const isTextField = (element: HTMLElement): element is HTMLInputElement | HTMLTextAreaElement =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && /^(text|search|url|email|tel|password|)$/.test(element.type));

/** As if typed: React and others hear of it. */
function typeInto(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  const set = Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
  set?.call(field, (field.value + text).slice(0, MAX_KEPT));
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function giveTo(target: HTMLElement, text: string, enter: boolean): void {
  target.focus();
  if (!isTextField(target)) return;
  if (text !== '') typeInto(target, text);
  if (enter) target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
}

/**
 * Moves the focus to what `find` finds, at once or as soon as it is there. `onLost` is called when it never came,
 * `onEscape` when the person did not want it any more; the focus goes back to where it was.
 */
export function focusWhenThere(
  find: () => HTMLElement | null,
  { onLost, onEscape }: { readonly onLost?: () => void; readonly onEscape?: () => void } = {},
): void {
  waiting?.stop();
  const present = find();
  if (present !== null) {
    present.focus();
    return;
  }
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const keeper = document.createElement('input');
  keeper.className = 'visually-hidden key-keeper';
  keeper.setAttribute('aria-hidden', 'true');
  keeper.tabIndex = -1;
  document.body.append(keeper);
  keeper.focus({ preventScroll: true });
  let enter = false;
  let frame = 0;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    // leaving the page takes the focus from it, which is nobody's word on where the keys go
    waiting = null;
    keeper.remove();
  };
  const timer = setTimeout(() => {
    stop();
    before?.focus();
    onLost?.();
  }, GIVE_UP_MS);
  keeper.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') enter = true;
    if (event.key === 'Tab') event.preventDefault();
    if (event.key !== 'Escape') return;
    stop();
    before?.focus();
    onEscape?.();
  });
  // a click elsewhere is the person's word on where the keys go
  keeper.addEventListener('blur', (event) => {
    if (!document.hasFocus() || waiting === null) return;
    const text = keeper.value;
    stop();
    // what appeared may take the focus by itself, or give it to a part of it
    if (event.relatedTarget instanceof HTMLElement && find()?.contains(event.relatedTarget) === true)
      giveTo(event.relatedTarget, text, enter);
  });
  const look = (): void => {
    const target = find();
    if (target === null) {
      frame = requestAnimationFrame(look);
      return;
    }
    const text = keeper.value;
    stop();
    giveTo(target, text, enter);
  };
  waiting = { stop };
  frame = requestAnimationFrame(look);
}
