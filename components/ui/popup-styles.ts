/** What floats above the page: the only things with a shadow. */
export const popupClass = [
  'rounded-md border border-line bg-raised text-ink shadow-float outline-hidden',
  'origin-(--transform-origin) transition-[opacity,scale] duration-[120ms]',
  'data-starting-style:scale-[0.98] data-starting-style:opacity-0 data-ending-style:opacity-0 data-instant:transition-none',
].join(' ')

/** One line of a menu or a list of choices. */
export const itemClass = [
  'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 py-1.5 text-base outline-hidden select-none pointer-coarse:min-h-10',
  'data-highlighted:bg-hover data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
].join(' ')
