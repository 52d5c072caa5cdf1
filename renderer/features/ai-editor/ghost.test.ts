import { expect, test } from 'vitest';
import { mayStillFit, reasonAgainst, reasonToSay, remaining, ShownSuggestions, trimmedSuggestion } from './ghost.ts';
import type { GhostPlace, GhostState } from './ghost.ts';

const place = (before: string, restOfLine = ''): GhostPlace => ({
  path: 'src/a.sv',
  offset: before.length,
  before: before.slice(-40),
  restOfLine,
});

test('a suggestion holds while what is typed is what it says, also where the window of text moves on', () => {
  const made = { place: place(`${'x'.repeat(100)}\nassign q = `), text: 'd & enable;' };
  const now = (typed: string) => place(`${'x'.repeat(100)}\nassign q = ${typed}`);
  expect(remaining(made, now(''))).toBe('d & enable;');
  expect(remaining(made, now('d & e'))).toBe('nable;');
  expect(remaining(made, now('d | '))).toBeNull();
  expect(remaining(made, place(`${'x'.repeat(99)}y\nassign q = d`))).toBeNull();
  expect(remaining(made, { ...now('d'), restOfLine: ')' })).toBeNull();
  expect(remaining(made, { ...now('d'), path: 'src/b.sv' })).toBeNull();
  expect(remaining(made, place(`${'x'.repeat(100)}\nassign q =`))).toBeNull();
});

test('a running answer is kept while it may become what is typed, and given up at the first other letter', () => {
  const start = place('assign q = ');
  expect(mayStillFit('', start, place('assign q = d'))).toBe(true);
  expect(mayStillFit('d &', start, place('assign q = d'))).toBe(true);
  expect(mayStillFit('d', start, place('assign q = d & x'))).toBe(true);
  expect(mayStillFit('e', start, place('assign q = d'))).toBe(false);
});

test('only what was shown is offered again', () => {
  const kept = new ShownSuggestions();
  expect(kept.at(place('assign q = '))).toBeNull();
  kept.shown({ place: place('assign q = '), text: 'd;' });
  expect(kept.at(place('assign q = '))).toBe('d;');
  expect(kept.at(place('assign q = d'))).toBe(';');
  expect(kept.at(place('assign q = d;'))).toBeNull();
  kept.clear();
  expect(kept.at(place('assign q = '))).toBeNull();
});

test.each([
  ['the begun line said again', '  assign q = ', '', 'assign q = d;', 'd;'],
  ['the begun word said again', '  as', '', 'assign q = d;', 'sign q = d;'],
  ['blanks that stand there', '  ', '', '  assign q = d;\n  assign r = e;\n\n', 'assign q = d;\n  assign r = e;'],
  ['the rest of the line said again', 'f(', ');', 'a, b);', 'a, b'],
  ['nothing but blanks', 'x', '', ' \n ', ''],
])('an answer without %s', (_name, before, rest, answer, shown) => {
  expect(trimmedSuggestion(answer, place(before, rest))).toBe(shown);
});

test('the reason why nothing is suggested', () => {
  const fine: GhostState = {
    on: true,
    hasModel: true,
    writable: true,
    language: 'systemverilog',
    large: false,
    inComment: false,
    explicit: false,
  };
  expect(reasonAgainst(fine)).toBeNull();
  expect(reasonAgainst({ ...fine, hasModel: false, explicit: true })).toBe('no_model');
  expect(reasonAgainst({ ...fine, writable: false, explicit: true })).toBe('read_only');
  expect(reasonAgainst({ ...fine, language: 'tcl' })).toBe('language');
  expect(reasonAgainst({ ...fine, on: false })).toBe('off');
  expect(reasonAgainst({ ...fine, inComment: true })).toBe('comment');
  expect(reasonAgainst({ ...fine, on: false, inComment: true, explicit: true })).toBeNull();
});

test('nothing is called ready before a model is known to be there, nor after it is gone', () => {
  expect(reasonToSay('waiting', null, true)).toBeNull();
  expect(reasonToSay('waiting', false, true)).toBe('no_model');
  expect(reasonToSay('shown', false, true)).toBe('no_model');
  expect(reasonToSay('no_model', true, true)).toBe('waiting');
  expect(reasonToSay('empty', true, true)).toBe('empty');
  // nothing comes by itself, or does now
  expect(reasonToSay('waiting', true, false)).toBe('off');
  expect(reasonToSay('off', true, true)).toBe('waiting');
  expect(reasonToSay('shown', true, false)).toBe('shown');
});
