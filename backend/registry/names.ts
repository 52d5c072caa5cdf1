// Which names of packages look alike: letters that are drawn alike, signs that are overlooked, what separates words.
import { GenrtlError } from '@genrtl/contracts';

/** What a reader may take for one another (Unicode TR39, narrowed to the letters that an id may have). */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[_\-.]+/g, ''],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[0]/g, 'o'],
  [/[1i|]/g, 'l'],
  [/[5]/g, 's'],
  [/[2]/g, 'z'],
  [/[8]/g, 'b'],
];

/** Equal for two names that a person may take for one another. */
export function skeletonOf(cbbId: string): string {
  const plain = cbbId.normalize('NFKC').toLowerCase().replace(/^cbb_/, '');
  return ALIKE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), plain);
}

export function looksLike(cbbId: string, other: string): GenrtlError {
  return new GenrtlError('CBB_GATE_FAILED', `${cbbId} looks like ${other}, which is another's`, {
    hint: 'Choose a name that nobody takes for another.',
    details: { findings: [`names: ${cbbId} looks like ${other}`] },
  });
}
