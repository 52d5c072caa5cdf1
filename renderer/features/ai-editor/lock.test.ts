// The place of an answer: nobody types into it, and whoever asks again there is heard.
import { expect, it, vi } from 'vitest';
import { useDocuments } from '../editor/document-store.ts';
import { addAiActions } from './ai-actions.ts';
import { AWAITS_ANSWER, lockRange } from './lock.ts';

interface Place {
  readonly from: number;
  readonly to: number;
}
vi.mock('../editor/monaco.ts', () => ({
  monaco: {
    Range: {
      areIntersectingOrTouching: (one: Place, other: Place) => one.from <= other.to && other.from <= one.to,
    },
  },
}));

/** An editor of which only what a lock and an action need is there. */
function fakeEditor() {
  const keys = new Map<string, unknown>();
  const moved = new Set<() => void>();
  const preconditions: string[] = [];
  let cursor: Place = { from: 5, to: 5 };
  const editor = {
    createContextKey: (name: string, initial: unknown) => {
      keys.set(name, initial);
      return { set: (value: unknown) => keys.set(name, value), reset: () => keys.set(name, initial) };
    },
    updateOptions: ({ readOnly }: { readOnly: boolean }) => keys.set('editorReadonly', readOnly),
    getSelections: () => [cursor],
    getModel: () => ({}),
    onDidChangeCursorSelection: (listener: () => void) => {
      moved.add(listener);
      return { dispose: () => moved.delete(listener) };
    },
    addAction: ({ precondition }: { precondition: string }) => {
      preconditions.push(precondition);
      return { dispose: () => undefined };
    },
  };
  return {
    editor: editor as unknown as Parameters<typeof lockRange>[0],
    keys,
    go(line: number) {
      cursor = { from: line, to: line };
      for (const listener of moved) listener();
    },
    /** whether a command of the AI module would run now */
    asks(): boolean {
      addAiActions(editor as never, 'a.md');
      return (preconditions.at(-1) ?? '')
        .split(' || ')
        .some((part) => (part.startsWith('!') ? keys.get(part.slice(1)) !== true : keys.get(part) === true));
    },
  };
}
const at = (from: number, to: number) => () => ({ from, to }) as never;

it('cannot be typed into while the answer comes, and can be asked at again', () => {
  const { editor, keys, go, asks } = fakeEditor();
  const unlock = lockRange(editor, 'a.md', at(4, 6));
  expect([keys.get('editorReadonly'), keys.get(AWAITS_ANSWER), asks()]).toEqual([true, true, true]);
  go(9);
  expect([keys.get('editorReadonly'), keys.get(AWAITS_ANSWER)]).toEqual([false, false]);
  go(6);
  // the next answer's lock, after the end of this one
  unlock();
  expect([keys.get('editorReadonly'), keys.get(AWAITS_ANSWER)]).toEqual([false, false]);
  const next = lockRange(editor, 'a.md', at(6, 6));
  expect([keys.get('editorReadonly'), asks()]).toEqual([true, true]);
  next();
  expect([keys.get('editorReadonly'), asks()]).toEqual([false, true]);
});

it('a document that may not be changed is asked about nowhere', () => {
  const { editor, keys, asks } = fakeEditor();
  useDocuments.setState({ documents: { 'a.md': { locked: true } as never } });
  const unlock = lockRange(editor, 'a.md', at(4, 6));
  expect([keys.get('editorReadonly'), asks()]).toEqual([true, false]);
  unlock();
  expect([keys.get('editorReadonly'), asks()]).toEqual([true, false]);
});
