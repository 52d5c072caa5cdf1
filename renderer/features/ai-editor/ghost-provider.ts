// Suggestions at the cursor as Monaco's inline completions. One generation runs at a time; it goes on while what is
// typed is what it says, is stopped when not, and what comes out is judged before it is shown.
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { lex } from '@genrtl/core/hdl/lexer.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { useDocuments } from '../editor/document-store.ts';
import { pathOf } from '../editor/documents.ts';
import type { TextModel } from '../editor/documents.ts';
import { monaco } from '../editor/monaco.ts';
import { settleDocument } from '../language/document-sync.ts';
import { trackAccepted } from './acceptance-store.ts';
import { startRun } from './ai-client.ts';
import type { Run } from './ai-client.ts';
import { setGhost, useAi } from './ai-store.ts';
import { anchorAt } from './anchor.ts';
import { unfenced } from './answer-text.ts';
import { COMPARED_CHARS, mayStillFit, reasonAgainst, remaining, ShownSuggestions, trimmedSuggestion } from './ghost.ts';
import type { GhostPlace, GhostReason } from './ghost.ts';
import { contextAt } from './place-context.ts';
import { prepare } from './request.ts';
import { hasEnded, startedRun, stopped } from './run-state.ts';
import type { RunState } from './run-state.ts';

const DEBOUNCE_MS = 200;
/** A generation that nobody asked for again within this time is stopped. */
const ABANDONED_MS = 600;
const LOOK_BACK = 40_000;

type Items = monaco.languages.InlineCompletions;
const NONE: Items = { items: [] };

interface Offered {
  readonly path: string;
  readonly place: GhostPlace;
  readonly text: string;
  /** a part of it was accepted */
  taken: boolean;
}
/** what stands behind the items that Monaco was given */
const offers = new WeakMap<object, Offered>();

interface Generation {
  readonly place: GhostPlace;
  readonly ended: Promise<RunState>;
  run: Run | null;
  soFar: string;
  timer: ReturnType<typeof setTimeout> | undefined;
  over: boolean;
}

const shown = new ShownSuggestions();
let generation: Generation | null = null;
/** version of each document after an accept: nothing is suggested until something is typed */
const accepted = new WeakMap<TextModel, number>();

export function registerGhostText(): monaco.IDisposable {
  return monaco.languages.registerInlineCompletionsProvider(
    ['systemverilog', 'verilog', 'vhdl', 'markdown'].map((language) => ({ language, scheme: 'workspace' })),
    {
      displayName: 'genRTL',
      debounceDelayMs: DEBOUNCE_MS,
      provideInlineCompletions: (model, position, context, token) =>
        suggest(model, position, context.triggerKind === monaco.languages.InlineCompletionTriggerKind.Explicit, token),
      handleItemDidShow(_list, item) {
        const offer = offers.get(item);
        if (offer === undefined) return;
        shown.shown(offer);
        useAi.setState({ suggestion: true });
        setGhost('shown');
      },
      handlePartialAccept(_list, item) {
        const offer = offers.get(item);
        if (offer !== undefined) offer.taken = true;
      },
      handleEndOfLifetime(_list, item, reason) {
        const offer = offers.get(item);
        useAi.setState({ suggestion: false });
        setGhost('waiting');
        const all = reason.kind === monaco.languages.InlineCompletionEndOfLifeReasonKind.Accepted;
        if (offer !== undefined && (all || offer.taken)) took(offer);
      },
      disposeInlineCompletions: () => undefined,
    },
  );
}

const modelOf = (path: string): TextModel | null =>
  monaco.editor.getModels().find((model) => model.uri.scheme === 'workspace' && pathOf(model) === path) ?? null;

/** As much of the suggestion as stands in front of the cursor now. */
function took({ path, place, text }: Offered): void {
  const model = modelOf(path);
  if (model === null) return;
  accepted.set(model, model.getVersionId());
  const start = model.getPositionAt(place.offset);
  const there = model.getValueInRange(
    monaco.Range.fromPositions(start, model.getPositionAt(place.offset + text.length)),
  );
  let chars = 0;
  while (chars < there.length && there[chars] === text[chars]) chars += 1;
  const range = monaco.Range.fromPositions(start, model.getPositionAt(place.offset + chars));
  trackAccepted(model, range, text.slice(0, chars), 'complete');
}

async function suggest(
  model: TextModel,
  position: monaco.Position,
  explicit: boolean,
  token: monaco.CancellationToken,
): Promise<Items> {
  const path = pathOf(model);
  const document = useDocuments.getState().documents[path];
  const settings = useSettings.getState().settings;
  const against = reasonAgainst({
    on: settings?.inline_suggestions === true,
    hasModel: useAi.getState().hasModel === true,
    writable: document?.locked === false && useAi.getState().edit === null,
    language: model.getLanguageId(),
    large: document?.large === true,
    inComment: settings?.suggest_in_comments !== true && inComment(model, position),
    explicit,
  });
  const now = placeOf(model, position);
  const kept = shown.at(now);
  // what stands at the cursor was asked for; the rest of it stays, although nothing new comes by itself
  const standing = kept !== null && useAi.getState().suggestion && (against === 'off' || against === 'comment');
  if (against !== null && !standing) return nothing(against);
  if (!explicit && !standing && accepted.get(model) === model.getVersionId()) return nothing('waiting');
  if (kept !== null) return offered(path, now, kept, position);
  const running = fitting(now) ?? generate(model, position, now);
  token.onCancellationRequested(() => abandon(running));
  setGhost('asking');
  const state = await running.ended;
  if (token.isCancellationRequested || model.isDisposed()) return NONE;
  if (state.status !== 'succeeded') {
    if (state.status === 'failed') setGhost('failed', state.error?.code ?? null);
    return NONE;
  }
  const whole = trimmedSuggestion(unfenced(state.text, model.getLanguageId() === 'markdown'), running.place);
  const rest = remaining({ place: running.place, text: whole }, now) ?? '';
  // a text of several lines may only stand at the end of one
  const text = now.restOfLine.trim() === '' ? rest : (rest.split('\n')[0] ?? '');
  if (text.trim() === '') return nothing('empty');
  const fault = await judged(model, position, text);
  if (token.isCancellationRequested) return NONE;
  return fault === null ? offered(path, now, text, position) : nothing(fault.reason, fault.name);
}

function nothing(reason: GhostReason, name: string | null = null): Items {
  setGhost(reason, name);
  return NONE;
}

function offered(path: string, place: GhostPlace, text: string, at: monaco.Position): Items {
  const item: monaco.languages.InlineCompletion = { insertText: text, range: monaco.Range.fromPositions(at) };
  offers.set(item, { path, place, text, taken: false });
  return { items: [item] };
}

function placeOf(model: TextModel, position: monaco.Position): GhostPlace {
  const offset = model.getOffsetAt(position);
  const from = model.getPositionAt(Math.max(0, offset - COMPARED_CHARS));
  return {
    path: pathOf(model),
    offset,
    before: model.getValueInRange(monaco.Range.fromPositions(from, position)),
    restOfLine: model.getLineContent(position.lineNumber).slice(position.column - 1),
  };
}

/** The generation that runs, when what was typed since may be what it says. */
function fitting(now: GhostPlace): Generation | null {
  if (generation === null || generation.over) return null;
  if (mayStillFit(generation.soFar, generation.place, now)) {
    clearTimeout(generation.timer);
    return generation;
  }
  stop(generation);
  return null;
}

function stop(one: Generation): void {
  one.over = true;
  clearTimeout(one.timer);
  one.run?.cancel();
  if (generation === one) generation = null;
}

function abandon(one: Generation): void {
  clearTimeout(one.timer);
  one.timer = setTimeout(() => {
    if (generation === one) stop(one);
  }, ABANDONED_MS);
}

function generate(model: TextModel, position: monaco.Position, place: GhostPlace): Generation {
  if (generation !== null) stop(generation);
  const { promise: ended, resolve } = Promise.withResolvers<RunState>();
  const made: Generation = { place, ended, run: null, soFar: '', timer: undefined, over: false };
  generation = made;
  const text = model.getValue();
  const anchor = anchorAt(text, place.offset, place.offset, model.getVersionId());
  const over = (state: RunState): void => {
    if (generation === made) generation = null;
    resolve(state);
  };
  const changed = (state: RunState): void => {
    made.soFar = state.text;
    if (!hasEnded(state)) return;
    useAi.setState({ last: state });
    over(state);
  };
  void contextAt(place.path, position.lineNumber, position.column).then((items) => {
    const settings = useSettings.getState().settings;
    const prepared = prepare({
      intent: 'complete',
      path: place.path,
      anchor,
      text,
      items,
      locale: settings?.language ?? 'en',
      model: settings?.model ?? null,
      retention: settings?.ai_retention ?? 'default',
    });
    if (made.over || 'refused' in prepared) over(STOPPED);
    else made.run = startRun('complete', prepared.body, changed);
  });
  return made;
}

/** Never became a run. */
const STOPPED = stopped(startedRun(''));

async function judged(
  model: TextModel,
  position: monaco.Position,
  text: string,
): Promise<IpcResponse<'language.judge_insertion'>['against']> {
  const path = pathOf(model);
  const workspace = useWorkspace.getState().view?.path ?? '';
  try {
    await settleDocument(path);
    const { against } = await bridge.call('language.judge_insertion', {
      workspace,
      path,
      line: position.lineNumber,
      column: position.column,
      text,
    });
    return against;
  } catch {
    // cancelled by an edit: Monaco asks again
    return null;
  }
}

function inComment(model: TextModel, position: monaco.Position): boolean {
  const language = model.getLanguageId();
  if (language === 'markdown') return false;
  const line = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
  if (language === 'vhdl') return line.includes('--') || (line.split('"').length - 1) % 2 === 1;
  const offset = model.getOffsetAt(position);
  const from = model.getPositionAt(Math.max(0, offset - LOOK_BACK));
  const text = model.getValueInRange(new monaco.Range(from.lineNumber, 1, position.lineNumber, position.column));
  const last = lex(text).at(-1);
  if (last === undefined || last.end < text.length)
    return last?.kind === 'comment' && last.text.startsWith('/*') && !last.text.endsWith('*/');
  if (last.kind === 'comment') return !(last.text.startsWith('/*') && last.text.length > 3 && last.text.endsWith('*/'));
  return last.kind === 'string' && !(last.text.length > 1 && last.text.endsWith('"'));
}
