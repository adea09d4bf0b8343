import { cn } from './cn'

/** Holds the place of something of the same size. Say once, in words, what is loading: this is hidden from readers. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block h-4 animate-breathe rounded-sm bg-line', className)} />
}
