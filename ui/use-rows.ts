// The rows of a long list that are worth drawing: those in view and some beyond.
import type { RefObject } from 'react';
import { elementScroll, useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';

interface Size {
  readonly width: number;
  readonly height: number;
}
export type Rows = Virtualizer<HTMLElement, Element>;

/**
 * The library's own observer also measures at once, which makes the browser lay out a page that is still being built.
 */
function observeSize({ scrollElement }: Rows, report: (size: Size) => void): (() => void) | undefined {
  if (scrollElement === null) return undefined;
  const observer = new ResizeObserver(() =>
    report({ width: scrollElement.offsetWidth, height: scrollElement.offsetHeight }),
  );
  observer.observe(scrollElement);
  return () => observer.disconnect();
}

/** A list begins at its top by itself; being sent there costs such a layout too. */
const scroll: typeof elementScroll<HTMLElement> = (offset, options, rows) => {
  if (offset !== 0 || options.adjustments || rows.scrollOffset) elementScroll(offset, options, rows);
};

/** `height` in pixels, of every row or of the one at an index; `overscan` rows are drawn beyond what is seen. */
export function useRows({
  count,
  scroller,
  height,
  overscan = 12,
  keyOf,
}: {
  readonly count: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly height: number | ((at: number) => number);
  readonly overscan?: number;
  readonly keyOf?: (at: number) => string | number;
}): Rows {
  return useVirtualizer<HTMLElement, Element>({
    count,
    overscan,
    getScrollElement: () => scroller.current,
    observeElementRect: observeSize,
    scrollToFn: scroll,
    estimateSize: typeof height === 'number' ? () => height : height,
    ...(keyOf === undefined ? {} : { getItemKey: keyOf }),
  });
}
