import { cn } from './cn'

/** What a person wrote beside what they did, word for word and set off by a line. */
export function Remark({ children, className }: { children: string; className?: string }) {
  return (
    <p
      dir="auto"
      className={cn('max-w-[75ch] border-l-2 border-line pl-3 whitespace-pre-wrap text-muted wrap-anywhere', className)}
    >
      {children}
    </p>
  )
}
