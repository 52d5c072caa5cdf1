// What is said outside of React (labels that Monaco keeps, nodes of our own in an editor, decorations) is said again as
// the language changes.
import i18next from 'i18next';

/**
 * Runs `say` now and after each switch of the language, until the function that comes back is called. What `say`
 * returns takes back what it said, before it is said anew and at the end.
 */
export function inEachLanguage(say: () => void | (() => void)): () => void {
  let takeBack = say();
  const again = (): void => {
    takeBack?.();
    takeBack = say();
  };
  i18next.on('languageChanged', again);
  return () => {
    i18next.off('languageChanged', again);
    takeBack?.();
  };
}
