// Text that is shown between the lines of an editor without being in its document, and so not in its undo either.
import type { monaco } from '../editor/monaco.ts';

type Editor = ReturnType<typeof monaco.editor.create>;

export interface TextZone {
  show(text: string): void;
  /** at the right edge of what is seen, however long the lines are */
  buttons(...buttons: readonly HTMLElement[]): void;
  moveTo(afterLine: number): void;
  dispose(): void;
}

const MAX_LINES = 400;
/** From the right edge, beside the overview. */
const EDGE_PX = 24;

export function textZone(editor: Editor, afterLine: number, className: string): TextZone {
  const node = document.createElement('div');
  node.className = `ai-zone ${className}`;
  const shown = document.createElement('div');
  shown.className = 'ai-zone-text';
  node.append(shown);
  editor.applyFontInfo(shown);
  const zone: monaco.editor.IViewZone = { afterLineNumber: afterLine, heightInLines: 1, domNode: node };
  let id = '';
  editor.changeViewZones((accessor) => {
    id = accessor.addZone(zone);
  });
  const layout = (): void => editor.changeViewZones((accessor) => accessor.layoutZone(id));
  const listeners: monaco.IDisposable[] = [];
  return {
    show(text) {
      shown.style.tabSize = String(editor.getModel()?.getOptions().tabSize ?? 2);
      shown.textContent = text;
      const lines = Math.min(MAX_LINES, Math.max(1, text.split('\n').length - (text.endsWith('\n') ? 1 : 0)));
      if (lines === zone.heightInLines) return;
      zone.heightInLines = lines;
      layout();
    },
    buttons(...buttons) {
      const bar = document.createElement('div');
      bar.className = 'ai-hunk';
      bar.append(...buttons);
      for (const one of buttons) one.tabIndex = -1;
      // Monaco draws zones below its lines, which would take the clicks
      node.style.zIndex = '1';
      node.append(bar);
      const place = (): void => {
        const seen = editor.getScrollLeft() + editor.getLayoutInfo().contentWidth - EDGE_PX;
        bar.style.left = `${seen}px`;
      };
      place();
      listeners.push(editor.onDidScrollChange(place), editor.onDidLayoutChange(place));
    },
    moveTo(line) {
      if (zone.afterLineNumber === line) return;
      zone.afterLineNumber = line;
      layout();
    },
    dispose() {
      for (const listener of listeners) listener.dispose();
      editor.changeViewZones((accessor) => accessor.removeZone(id));
    },
  };
}
