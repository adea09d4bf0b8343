/** What fields that take text share. 16 px on touch screens: smaller makes iOS zoom into the page. */
export const controlClass = [
  'w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-base text-ink',
  'pointer-coarse:text-read transition-colors hover:border-muted',
  'focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent focus-visible:border-accent',
  'data-invalid:border-danger aria-invalid:border-danger data-disabled:opacity-60 [&:is(input,textarea):read-only]:bg-sunken',
].join(' ')
