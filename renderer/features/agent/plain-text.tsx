// Prose of models and specifications: code between backticks is shown as code, everything else as it stands.
import { Fragment } from 'react';

export function PlainText({ text }: { readonly text: string }) {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>));
}
