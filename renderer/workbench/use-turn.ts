// Panels that appear together are built one a frame: a window of five panels in one go would hold the page for a tenth
// of a second.
import { useEffect, useState } from 'react';

const waiting = new Set<() => void>();

function next(): void {
  const [turn] = waiting;
  if (turn === undefined) return;
  waiting.delete(turn);
  turn();
  if (waiting.size > 0) requestAnimationFrame(next);
}

/** False until this component's frame has come. */
export function useTurn(): boolean {
  const [come, setCome] = useState(false);
  useEffect(() => {
    const turn = (): void => setCome(true);
    if (waiting.size === 0) requestAnimationFrame(next);
    waiting.add(turn);
    return () => {
      waiting.delete(turn);
    };
  }, []);
  return come;
}
