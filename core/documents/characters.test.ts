// What typesetters and fonts make of characters, as a person types them.
import { expect, test } from 'vitest';
import { plainCharacters, raised } from './characters.ts';

test('radicals that fonts give for ideographs: those with a decomposition and those without', () => {
  expect(plainCharacters('⽤第 1 ⻚ ⻅ ⻋ ⻓ ⻔ ⻛ ⺠ ⻢ ⻩ ⻬ ⻰ ⻳')).toBe(
    '用第 1 页 见 车 长 门 风 民 马 黄 齐 龙 龟',
  );
});

test('what is raised is an exponent, but for the mark of a remark', () => {
  expect(['32', 'N-1', '(N)', '-3', 'st'].map(raised)).toEqual(['^32', '^(N-1)', '^(N)', '^-3', '^st']);
  expect(['[1]', '1)', '*', '†'].map(raised)).toEqual(['[^1]', '[^1]', '*', '†']);
});

test('full-width letters, ranges and units as they are typed; sentences keep their punctuation', () => {
  expect(plainCharacters('ＣＴＲＬ［３１：０］＝０ｘＦＦ，[W-1：0]，１００㎒ ５㎱ 2㎲：说明（２位）')).toBe(
    'CTRL[31:0]=0xFF，[W-1:0]，100MHz 5ns 2μs：说明（2位）',
  );
});

test('letters of equations are letters', () => {
  expect(plainCharacters('𝐷 = 4 + 𝑊 ⋅ ℎ, 𝟐𝛼')).toBe('D = 4 + W ⋅ h, 2α');
});
