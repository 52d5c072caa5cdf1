// When the page is drawn: at most once a frame however fast tokens come, and not at all while nobody sees it. What was
// gathered meanwhile is drawn at once when the page is seen again.

export interface Surroundings {
  hidden(): boolean;
  /** calls back when the page is seen or hidden; returns the end of it */
  onVisibility(listener: () => void): () => void;
  /** calls back before the next frame; returns the end of it */
  onFrame(callback: () => void): () => void;
}

export interface Painter {
  /** something changed */
  wanted(): void;
  /** draws now, hidden or not: the last word */
  finish(): void;
  dispose(): void;
}

export function painter(draw: () => void, around: Surroundings): Painter {
  let due = false;
  let endFrame: (() => void) | null = null;
  const paint = (): void => {
    endFrame?.();
    endFrame = null;
    if (!due) return;
    due = false;
    draw();
  };
  const schedule = (): void => {
    if (!around.hidden()) endFrame ??= around.onFrame(paint);
  };
  const endVisibility = around.onVisibility(() => {
    if (due) schedule();
  });
  return {
    wanted() {
      due = true;
      schedule();
    },
    finish: paint,
    dispose() {
      endFrame?.();
      endFrame = null;
      endVisibility();
    },
  };
}
