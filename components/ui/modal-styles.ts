export const backdropClass =
  'dims-page fixed inset-0 z-40 bg-veil transition-opacity data-starting-style:opacity-0 data-ending-style:opacity-0'

/** In the middle on a wide screen; stands on the lower edge of a phone, where thumbs are. */
export const modalClass = [
  'fixed z-50 flex flex-col border border-line bg-raised text-ink shadow-float outline-hidden',
  'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-lg pb-[env(safe-area-inset-bottom)]',
  'sm:inset-x-auto sm:bottom-auto sm:top-1/2 sm:left-1/2 sm:w-[min(32rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg sm:pb-0',
  'transition-opacity data-starting-style:opacity-0 data-ending-style:opacity-0',
].join(' ')
