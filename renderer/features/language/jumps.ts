// From any room to the same thing in another: source, schematic, waveform. Each room says where the person is in it;
// the names of the elaborated design lead from one to the other.
import i18next from 'i18next';
import type { CodePlace } from '@genrtl/contracts/language.ts';
import type { WaveSignalInfo } from '@genrtl/contracts/waves.ts';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile, openPanel, useDock } from '../../workbench/dock-store.ts';
import { useEditorPlace } from '../editor/active-editor.ts';
import { chosenSignal, chosenSource, useSchematicPlace } from '../schematic/schematic-place.ts';
import { leafName } from '../waves/signal-tree.ts';
import { useWaves } from '../waves/wave-store.ts';
import { settleDocument } from './document-sync.ts';
import { useDesignPlace, useWantedUnit } from './design-place.ts';
import { useOutlineView } from './outline-view.ts';
import { symbolsAround } from './outline.ts';
import { useOutlines } from './outline-store.ts';

/** Where a person is. */
interface Here {
  readonly place: Pick<CodePlace, 'path' | 'line' | 'column'> | null;
  /** the module there */
  readonly unit: string | null;
  /** the thing's name in the elaborated design, from the top down, where the room knows it */
  readonly names: readonly string[] | null;
  /** a signal of the module, where the room names one */
  readonly signal?: string | null;
}

/** So many signals of one name, or scopes, are asked about. */
const MAX_ASKED = 400;
const MAX_SHOWN = 24;
const UNITS: ReadonlySet<string> = new Set(['module', 'interface', 'program', 'entity', 'architecture']);

const workspaceNow = (): string => useWorkspace.getState().view?.path ?? '';
const tell = (text: string): void => useNotices.getState().add({ tone: 'info', text });
const plain = (name: string): string => name.replace(/(?:\[[^\]]*\])+$/, '');

async function locate(names: readonly (readonly string[])[]) {
  const asked = names.slice(0, MAX_ASKED).map((one) => [...one]);
  return (await bridge.call('language.locate', { workspace: workspaceNow(), names: asked })).found;
}

async function here(): Promise<Here | null> {
  const panel = useDock.getState().api?.activePanel?.id ?? '';
  if (panel === 'waves') {
    const { rows, selected } = useWaves.getState();
    const row = rows.find((one) => one.kind === 'signal' && (selected.size === 0 || selected.has(one.id)));
    if (row === undefined) return null;
    const names = row.name.split('.');
    const [found] = await locate([names]);
    return { place: found?.place ?? null, unit: found?.unit ?? null, names };
  }
  if (panel === 'schematic') {
    const state = useSchematicPlace.getState();
    const { module } = state;
    if (module === null) return null;
    const place = chosenSource(state) ?? (await locate([[module]]))[0]?.place ?? null;
    return { place, unit: module, names: null, signal: chosenSignal(state) };
  }
  const chosen = panel === 'outline' ? useDesignPlace.getState().chosen : null;
  if (chosen !== null) return { place: chosen.place, unit: chosen.unit, names: chosen.names };
  const { place } = useEditorPlace.getState();
  return place === null ? null : { place, unit: unitAt(place.path, place.line), names: null };
}

function unitAt(path: string, line: number): string | null {
  const outline = useOutlines.getState().outlines[path];
  if (outline === undefined) return null;
  const unit = symbolsAround(outline, line)
    .map((at) => outline.symbols[at])
    .find((symbol) => symbol !== undefined && UNITS.has(symbol.kind));
  if (unit === undefined) return outline.symbols.find(({ kind }) => UNITS.has(kind))?.name ?? null;
  return unit.kind === 'architecture' ? (/\bof\s+(\w+)/i.exec(unit.detail)?.[1] ?? null) : unit.name;
}

export const toSource = (): void =>
  run(async () => {
    const at = await here();
    if (at?.place == null) tell(i18next.t('jumps.noSource'));
    else openFile(at.place.path, { line: at.place.line, column: at.place.column });
  });

export const toSchematic = (): void =>
  run(async () => {
    const at = await here();
    if (at?.unit == null) tell(i18next.t('jumps.noModule'));
    else openPanel('schematic', { module: at.unit, request: Date.now() });
  });

export const toDesign = (): void =>
  run(async () => {
    const at = await here();
    if (at?.unit == null) {
      tell(i18next.t('jumps.noModule'));
      return;
    }
    const { unit } = at;
    useOutlineView.setState({ view: 'design' });
    useWantedUnit.setState(({ request }) => ({ unit, request: request + 1 }));
    openPanel('outline');
  });

export const toWaves = (): void =>
  run(async () => {
    const at = await here();
    if (at === null) return;
    const waves = useWaves.getState();
    if (waves.opened === null || waves.workspace !== workspaceNow()) {
      await waves.findFiles(workspaceNow());
      const [newest] = useWaves.getState().files;
      if (newest !== undefined) await useWaves.getState().openFile(newest.path);
    }
    const { opened } = useWaves.getState();
    openPanel('waves');
    if (opened === null) return;
    const found = await signalsOf(at, opened.signals);
    if (found.signals.length === 0) {
      tell(i18next.t('jumps.notInWaves', { name: found.name }));
      return;
    }
    useWaves.getState().add(found.signals);
    const names = new Set(found.signals.map(({ name }) => name));
    const ids = useWaves
      .getState()
      .rows.flatMap((row) => (row.kind === 'signal' && names.has(row.name) ? [row.id] : []));
    useWaves.getState().select(new Set(ids));
  });

/** The signals that a place stands for: the one that is named there, in each instance; else those of the module. */
async function signalsOf(
  { place, unit, names, signal = null }: Here,
  all: readonly WaveSignalInfo[],
): Promise<{ name: string; signals: WaveSignalInfo[] }> {
  if (names !== null) {
    // an instance of the tree: its scope, whatever stands above the design in the simulation
    const path = names.map(plain).join('.');
    const scopes = [...new Set(all.map(scopeOf))].filter((scope) =>
      `.${scope.split('.').map(plain).join('.')}`.endsWith(`.${path}`),
    );
    const own = all.filter((signal) => scopes[0] === scopeOf(signal) || signal.name === names.join('.'));
    return { name: path, signals: own.slice(0, MAX_SHOWN) };
  }
  if (signal !== null) {
    // the schematic's own: a signal of that name in each instance of the module
    const named = all.filter(({ name }) => plain(leafName(name)) === signal);
    const found = await locate(named.map(({ name }) => name.split('.')));
    return { name: signal, signals: named.filter((_, at) => found[at]?.unit === unit).slice(0, MAX_SHOWN) };
  }
  if (place !== null) {
    await settleDocument(place.path);
    const { places, name } = await bridge.call('language.definition', { workspace: workspaceNow(), ...place });
    const [declared] = places;
    const named = all.filter((signal) => plain(leafName(signal.name)).toLowerCase() === name?.toLowerCase());
    if (declared !== undefined && named.length > 0) {
      const found = await locate(named.map((signal) => signal.name.split('.')));
      const same = named.filter(
        (_, at) => found[at]?.place.path === declared.path && found[at]?.place.line === declared.line,
      );
      if (same.length > 0) return { name: name ?? '', signals: same.slice(0, MAX_SHOWN) };
    }
    if (name !== null && declared !== undefined && named.length === 0 && name !== unit) return { name, signals: [] };
  }
  const scopes = [...new Set(all.map(scopeOf))].filter((scope) => scope !== '').slice(0, MAX_ASKED);
  const units = await locate(scopes.map((scope) => scope.split('.')));
  const scope = scopes.find((_, at) => units[at]?.unit.toLowerCase() === unit?.toLowerCase());
  const own =
    scope === undefined ? [] : all.filter((signal) => scopeOf(signal) === scope && signal.type !== 'parameter');
  return { name: unit ?? '', signals: own.slice(0, MAX_SHOWN) };
}

const scopeOf = ({ name }: WaveSignalInfo): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
