// Word's equations (OMML) as one line of text that an engineer reads the same way: x^2, a_i, (a + b)/2, sqrt(x).
import { lowered, raised } from '@genrtl/core/documents/characters.ts';
import { isOn, runProperties } from './styles.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '@genrtl/core/documents/xml.ts';

export interface EquationText {
  readonly text: string;
  /** elements that were not understood; their inner text is in `text` all the same */
  readonly unknown: readonly string[];
}

/** Properties and marks of editing that say nothing of the value. */
const SILENT = new Set([
  'w:rPr',
  'w:bookmarkStart',
  'w:bookmarkEnd',
  'w:proofErr',
  'm:ctrlPr',
  'm:argPr',
  'm:oMathParaPr',
]);

export function equationText(element: XmlElement): EquationText {
  const unknown = new Set<string>();
  const text = sequence(element, unknown).replaceAll(/ {2,}/g, ' ').trim();
  return { text, unknown: [...unknown] };
}

function sequence(parent: XmlElement | undefined, unknown: Set<string>): string {
  if (parent === undefined) return '';
  const parts = childrenOf(parent)
    .map((child) => ({ name: child.name, text: part(child, unknown) }))
    .filter(({ text }) => text !== '');
  return parts
    .map(({ name, text }, at) => {
      const [before, behind] = [factors(parts[at - 1], { name, text }), factors({ name, text }, parts[at + 1])];
      return `${before ? ' ' : ''}${name === 'm:f' && (before || behind) ? `(${text})` : text}`;
    })
    .join('');
}

interface Part {
  readonly name: string;
  readonly text: string;
}

/** Two that stand side by side and are multiplied: `2^W sqrt(x)`, but letters of one run, and `f(x)`. */
function factors(one: Part | undefined, other: Part | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const runs = (part: Part): boolean => part.name === 'm:r' || part.name === 'm:t';
  if (runs(one) && (runs(other) || other.name === 'm:d')) return false;
  return /[\p{L}\p{N}_)\]|]$/u.test(one.text) && /^[\p{L}\p{N}_([|√∑∏]/u.test(other.text);
}

function part(element: XmlElement, unknown: Set<string>): string {
  const { name } = element;
  if (SILENT.has(name) || name.endsWith('Pr')) return '';
  const of = (child: string): string => sequence(childOf(element, child), unknown).trim();
  switch (name) {
    case 'm:r': {
      const text = spaced(childrenOf(element, 'm:t').map(textOf).join(''));
      const { strike, doubleStrike } = runProperties(childOf(element, 'w:rPr'));
      return strike === true || doubleStrike === true ? struck(text) : text;
    }
    case 'm:t':
      return textOf(element);
    case 'm:oMath':
    case 'm:e':
    case 'm:box':
    case 'm:phant':
    case 'w:ins':
    case 'w:moveTo':
      return sequence(element, unknown);
    case 'm:borderBox': {
      const lines = childrenOf(childOf(element, 'm:borderBoxPr') ?? element);
      const isStruck = lines.some(
        (one) =>
          one.name.startsWith('m:strike') &&
          isOn({ ...one, attributes: { 'w:val': one.attributes['m:val'] ?? '' } }) === true,
      );
      const text = sequence(childOf(element, 'm:e') ?? element, unknown);
      return isStruck ? struck(text) : text;
    }
    case 'm:oMathPara':
      return childrenOf(element, 'm:oMath')
        .map((line) => sequence(line, unknown))
        .join('; ');
    case 'w:del':
    case 'w:moveFrom':
      return '';
    case 'm:f':
      return fraction(element, of('m:num'), of('m:den'));
    case 'm:sSup':
      return `${grouped(of('m:e'))}${raised(of('m:sup'))}`;
    case 'm:sSub':
      return `${grouped(of('m:e'))}${lowered(of('m:sub'))}`;
    case 'm:sSubSup':
      return `${grouped(of('m:e'))}${lowered(of('m:sub'))}${raised(of('m:sup'))}`;
    case 'm:sPre':
      return `${lowered(of('m:sub'))}${raised(of('m:sup'))}${of('m:e')}`;
    case 'm:rad': {
      const degree = of('m:deg');
      return degree === '' ? `sqrt(${of('m:e')})` : `root(${degree}, ${of('m:e')})`;
    }
    case 'm:nary':
      return `${operatorOf(element)}${lowered(of('m:sub'))}${raised(of('m:sup'))} ${grouped(of('m:e'))}`;
    case 'm:d':
      return delimited(element, unknown);
    case 'm:func': {
      const argument = of('m:e');
      return `${of('m:fName')}${/^[([{|⌈⌊]/.test(argument) ? argument : `(${argument})`}`;
    }
    case 'm:limLow':
      return `${of('m:e')}${lowered(of('m:lim'))}`;
    case 'm:limUpp':
      return `${of('m:e')}${raised(of('m:lim'))}`;
    case 'm:bar':
      return isTop(element) ? `not(${of('m:e')})` : of('m:e');
    case 'm:acc':
      return /[\u0304\u0305¯‾]/.test(character(element, '\u0302')) ? `not(${of('m:e')})` : of('m:e');
    case 'm:groupChr':
      return of('m:e');
    case 'm:eqArr':
      return childrenOf(element, 'm:e')
        .map((line) => sequence(line, unknown).replaceAll('&', '').trim())
        .join('; ');
    case 'm:m':
      return `[${childrenOf(element, 'm:mr')
        .map((row) =>
          childrenOf(row, 'm:e')
            .map((cell) => sequence(cell, unknown).trim())
            .join(', '),
        )
        .join('; ')}]`;
    default:
      unknown.add(name.replace(/^\w+:/, ''));
      return childrenOf(element).length > 0 ? sequence(element, unknown) : textOf(element);
  }
}

/** As in running text, so that a value that does not hold any more is none. */
const struck = (text: string): string => (text.trim() === '' ? text : ` ~~${text.trim()}~~ `);

/** Operators stand apart as a person types them; Word keeps no blanks around them. */
function spaced(text: string): string {
  return text.replaceAll(/\s*([=≤≥≠≈<>±×⋅·∙÷])\s*/g, ' $1 ').replaceAll(/(?<=[\w)\]])\s*([+−])\s*(?=[\w([])/g, ' $1 ');
}

function fraction(element: XmlElement, top: string, bottom: string): string {
  const kind = childOf(childOf(element, 'm:fPr'), 'm:type')?.attributes['m:val'];
  // a fraction without a bar is a binomial coefficient
  if (kind === 'noBar') return `binom(${top}, ${bottom})`;
  return `${grouped(top)}/${grouped(bottom)}`;
}

/** In brackets unless it is one name, number or bracketed whole. */
function grouped(text: string): string {
  return /^[\p{L}\p{N}_.'^]*$/u.test(text) || isBracketed(text) ? text : `(${text})`;
}

function isBracketed(text: string): boolean {
  const open = '([{|⌈⌊'.indexOf(text[0] ?? '');
  if (open < 0 || text.at(-1) !== ')]}|⌉⌋'[open]) return /^[a-z]+\([^()]*\)$/i.test(text);
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if ('([{⌈⌊'.includes(letter)) depth += 1;
    else if (')]}⌉⌋'.includes(letter)) depth -= 1;
    if (depth === 0 && at < [...text].length - 1 && open !== 3) return false;
  }
  return true;
}

function character(element: XmlElement, fallback: string): string {
  const properties = childrenOf(element).find(({ name }) => name.endsWith('Pr') && name !== 'm:ctrlPr');
  const given = childOf(properties, 'm:chr');
  return given === undefined ? fallback : (given.attributes['m:val'] ?? '');
}

const OPERATORS: Readonly<Record<string, string>> = {
  '∑': 'sum',
  '∏': 'prod',
  '∐': 'coprod',
  '∫': 'integral',
  '⋂': 'intersection',
  '⋃': 'union',
  '⋀': 'and',
  '⋁': 'or',
};

function operatorOf(element: XmlElement): string {
  const sign = character(element, '∫');
  return OPERATORS[sign] ?? sign;
}

function delimited(element: XmlElement, unknown: Set<string>): string {
  const properties = childOf(element, 'm:dPr');
  const sign = (name: string, fallback: string): string => {
    const given = childOf(properties, name);
    return given === undefined ? fallback : (given.attributes['m:val'] ?? '');
  };
  const inner = childrenOf(element, 'm:e').map((one) => sequence(one, unknown).trim());
  const [open, close] = [sign('m:begChr', '('), sign('m:endChr', ')')];
  const text = inner.join(`${sign('m:sepChr', '|')} `);
  if (open === '⌈' && close === '⌉') return `ceil(${text})`;
  if (open === '⌊' && close === '⌋') return `floor(${text})`;
  return `${open}${text}${close}`;
}

function isTop(element: XmlElement): boolean {
  return childOf(childOf(element, 'm:barPr'), 'm:pos')?.attributes['m:val'] === 'top';
}
