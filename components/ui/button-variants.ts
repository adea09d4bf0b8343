import { cva } from 'class-variance-authority'

/** How things that are pressed look: shared by buttons and by links that look like one. */
export const buttonVariants = cva(
  [
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none',
    'transition-colors [&_svg]:size-4 [&_svg]:shrink-0',
    'data-disabled:opacity-55 data-disabled:pointer-events-none aria-busy:opacity-80',
  ],
  {
    variants: {
      variant: {
        /** The one thing to do here. Ink, not colour: colour is kept for what needs someone. */
        primary: 'border-transparent bg-ink text-inverse hover:bg-ink/88 active:bg-ink/80',
        secondary: 'border-line-strong/55 bg-surface text-ink hover:bg-hover active:bg-sunken',
        ghost: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-ink active:bg-sunken',
        /** For what cannot be taken back. */
        danger: 'border-danger/60 bg-surface text-danger-ink hover:bg-danger-soft active:bg-danger-soft',
      },
      size: {
        sm: 'h-7 px-2 text-sm pointer-coarse:h-9',
        md: 'h-8 px-3 text-base pointer-coarse:h-10',
        lg: 'h-10 px-4 text-base pointer-coarse:h-11',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)
