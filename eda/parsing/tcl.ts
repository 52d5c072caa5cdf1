// Words for Tcl scripts that tools read.
import { GenrtlError } from '@genrtl/contracts/errors.ts';

/** A word that Tcl takes as it is: braces stop every substitution. Text that braces cannot hold is refused. */
export function tclWord(text: string): string {
  if (/[{}\\\r\n\0]/.test(text))
    throw new GenrtlError('USAGE', `The name ${JSON.stringify(text)} cannot stand in a Tcl script.`, {
      hint: 'Rename it without braces, backslashes and line ends.',
    });
  return /^[\w./:-]+$/.test(text) ? text : `{${text}}`;
}
