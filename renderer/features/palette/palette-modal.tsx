// A modal around one field: the rows are chosen from it and take no focus. Those of the platform and of libraries change
// a style of the whole page (inert, pointer events, scrolling), which costs more than drawing the palette.
import type { ReactNode } from 'react';

export function PaletteModal({
  label,
  onClose,
  children,
}: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const field = (box: HTMLElement): HTMLElement | null => box.querySelector('[cmdk-input]');
  return (
    <>
      <div className="palette-veil" onMouseDown={onClose} />
      <div
        role="dialog"
        aria-modal
        aria-label={label}
        className="palette-box"
        onKeyDown={(event) => {
          if (event.key === 'Tab') event.preventDefault();
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
        // a click on what is no field leaves the keyboard where it is
        onMouseDown={(event) => {
          if (event.target !== field(event.currentTarget)) event.preventDefault();
        }}
        // what appears behind it meanwhile may want the focus for itself
        onBlur={({ currentTarget, relatedTarget }) => {
          if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) field(currentTarget)?.focus();
        }}
      >
        {children}
      </div>
    </>
  );
}
