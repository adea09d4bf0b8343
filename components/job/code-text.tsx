'use client'
import { cn } from '@/components/ui/cn'
import { LongText } from './long-text'

/** More at first would push what comes next out of sight. */
const PORTION = 3_000

/** Code, logs and JSON that is not whole: letter for letter, in a box of their own, the rest a press away. */
export function CodeText({
  text,
  portion = PORTION,
  className,
}: {
  text: string
  portion?: number
  className?: string
}) {
  return (
    <div className={cn('rounded-md border border-line bg-sunken px-3 py-2', className)}>
      <LongText text={text} portion={portion} className="font-mono text-sm" />
    </div>
  )
}
