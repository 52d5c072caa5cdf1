// Elements of IP-XACT by their local names, which differ little between the editions.
import { childrenOf, textOf, type XmlElement } from '../../documents/xml.ts';

export const local = (name: string): string => name.slice(name.indexOf(':') + 1);

export function all(element: XmlElement | undefined, ...path: readonly string[]): XmlElement[] {
  let found: XmlElement[] = element === undefined ? [] : [element];
  for (const step of path)
    found = found.flatMap((one) => childrenOf(one).filter((child) => local(child.name) === step));
  return found;
}

export function one(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return all(element, ...path)[0];
}

export const said = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  textOf(one(element, ...path)).trim();

export function attribute(element: XmlElement | undefined, name: string): string {
  for (const [key, value] of Object.entries(element?.attributes ?? {})) if (local(key) === name) return value;
  return '';
}
