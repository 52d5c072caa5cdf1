// Monaco's own texts (menus, find, messages) in the page's language. It reads them once, while its modules load, so
// this runs before any of them; a language that is chosen later holds for it from the next loading of the page on.
import i18next from 'i18next';

export async function loadMonacoTexts(): Promise<void> {
  if (i18next.language === 'zh-CN') await import('monaco-editor/nls/lang/zh-cn.js');
}
