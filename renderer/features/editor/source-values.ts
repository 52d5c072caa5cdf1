// Values of the open waveform at its cursor, beside the declarations of the signals that they are of.
import { useEffect, useMemo, useState } from 'react';
import { bridge } from '../../bridge/bridge.ts';
import { EMPTY_OUTLINE } from '../language/outline.ts';
import type { Outline } from '../language/outline.ts';
import { useOutlines } from '../language/outline-store.ts';
import { formatValue } from '../waves/radix.ts';
import { useValues } from '../waves/use-windows.ts';
import { useWaves } from '../waves/wave-store.ts';
import { monaco } from './monaco.ts';
import './editor.css';

type Editor = ReturnType<typeof monaco.editor.create>;

const SIGNALS: ReadonlySet<string> = new Set(['port', 'net', 'variable', 'signal']);
const UNITS: ReadonlySet<string> = new Set(['module', 'interface', 'entity']);
/** So many scopes of a waveform are looked at for the modules of a file. */
const MAX_SCOPES = 400;
const MAX_VALUES = 400;

/** The first scope of each module of the file in the waveform; what is selected there comes first. */
function useScopes(outline: Outline): ReadonlyMap<string, string> {
  const { workspace, opened, rows, selected } = useWaves();
  const [scopes, setScopes] = useState<ReadonlyMap<string, string>>(new Map());
  const units = outline.symbols.flatMap(({ kind, name }) => (UNITS.has(kind) ? [name] : [])).join(' ');
  const near = rows.find((row) => row.kind === 'signal' && selected.has(row.id))?.name ?? '';
  useEffect(() => {
    if (opened === null || units === '') {
      setScopes(new Map());
      return undefined;
    }
    let current = true;
    const all = [...new Set(opened.signals.map(({ name }) => name.slice(0, Math.max(0, name.lastIndexOf('.')))))]
      .filter((scope) => scope !== '')
      .sort((a, b) => Number(near.startsWith(`${b}.`)) - Number(near.startsWith(`${a}.`)) || b.length - a.length)
      .slice(0, MAX_SCOPES);
    bridge.call('language.locate', { workspace, names: all.map((scope) => scope.split('.')) }).then(
      ({ found }) => {
        if (!current) return;
        const own = new Map<string, string>();
        for (const unit of units.split(' ')) {
          const at = found.findIndex((place) => place?.unit.toLowerCase() === unit.toLowerCase());
          const scope = all[at];
          if (scope !== undefined) own.set(unit, scope);
        }
        setScopes(own);
      },
      // cancelled by an edit: the next outline asks again
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [workspace, opened, units, near]);
  return scopes;
}

export function useSourceValues(editor: Editor | null, path: string): void {
  const outline = useOutlines((store) => store.outlines[path]) ?? EMPTY_OUTLINE;
  const { workspace, path: file, opened, cursorA } = useWaves();
  const scopes = useScopes(outline);
  const shown = useMemo(() => {
    const known = new Map(opened?.signals.map((signal) => [signal.name.replace(/\[[^.]*\]$/, ''), signal.name]) ?? []);
    return outline.symbols
      .flatMap((symbol) => {
        const unit = symbol.parent === null ? undefined : outline.symbols[symbol.parent];
        const scope = unit === undefined ? undefined : scopes.get(unit.name);
        const name = scope === undefined ? undefined : known.get(`${scope}.${symbol.name}`);
        return name !== undefined && SIGNALS.has(symbol.kind) ? [{ symbol, name }] : [];
      })
      .slice(0, MAX_VALUES);
  }, [outline, opened, scopes]);
  const names = useMemo(() => shown.map(({ name }) => name), [shown]);
  const wanted = cursorA === null ? [] : names;
  const values = useValues(workspace, file, wanted, cursorA ?? 0, opened);
  useEffect(() => {
    if (editor === null || cursorA === null) return undefined;
    const marks = editor.createDecorationsCollection(
      shown.flatMap(({ symbol, name }) => {
        const value = values.get(name);
        return value === undefined
          ? []
          : [
              {
                range: new monaco.Range(symbol.line, symbol.column, symbol.line, symbol.end_column),
                options: {
                  hoverMessage: { value: `\`${name}\`` },
                  after: { content: ` ${formatValue(value, 'hex')} `, inlineClassName: 'source-value' },
                },
              },
            ];
      }),
    );
    return () => marks.clear();
  }, [editor, shown, values, cursorA]);
}
