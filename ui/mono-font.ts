// The font of code for those who measure text before they draw it (editor, consoles): the shipped one, and when it is
// there.

/** The families of the theme, the shipped one first. */
export const monoFont = (): string => getComputedStyle(document.documentElement).getPropertyValue('--mono').trim();

/** Calls when the shipped font comes later than this: what was measured until then is the next family's. */
export function onLateMonoFont(measure: () => void): void {
  const font = `13px ${monoFont()}`;
  if (!document.fonts.check(font)) document.fonts.load(font).then(measure, () => undefined);
}
