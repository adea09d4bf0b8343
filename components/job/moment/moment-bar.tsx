'use client'
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, History, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { KeyMap } from '@/components/review/keyboard/key-map'
import { KEYS, type KeyName } from '@/components/review/keyboard/keys'
import { useKeys } from '@/components/review/keyboard/use-keys'
import { Button } from '@/components/ui/button'
import { buttonVariants } from '@/components/ui/button-variants'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { MomentView } from '@/lib/history/moment-view'

/** Says that this is the past and which moment of it, and leads to those beside it: by links, and by keys. */
export function MomentBar({ moment, tab }: { moment: MomentView; tab: string }) {
  const { seq, last, at, job } = moment
  const router = useRouter()
  const [keysOpen, setKeysOpen] = useState(false)
  const event = job.events.at(-1)
  const rest = tab === 'result' ? '' : `?tab=${tab}`
  const hrefOf = (to: number) => `/jobs/${job.number}/at/${to}${rest}`
  const go = (to: number) => {
    if (to >= 1 && to <= last && to !== seq) router.push(hrefOf(to), { scroll: false })
  }
  useKeys(
    'moment',
    {
      firstMoment: () => go(1),
      earlier: () => go(seq - 1),
      later: () => go(seq + 1),
      lastMoment: () => go(last),
      map: () => setKeysOpen(true),
    },
    !keysOpen,
  )
  return (
    <aside
      aria-label="A moment of the past"
      className="sticky top-0 z-10 -mx-1 mb-4 rounded-md border border-informative/50 bg-surface px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <p className="flex items-center gap-2 font-semibold" role="status">
            <History aria-hidden className="size-4 shrink-0 text-informative-ink" />
            <span>
              As it stood on <Time value={at} format="exact" />, after event {seq} of {last}
            </span>
          </p>
          {event !== undefined && (
            <p className="text-muted wrap-anywhere">
              <bdi>{event.sentence}</bdi>
              {seq === last && ' Nothing has happened since.'}
            </p>
          )}
        </div>
        <nav aria-label="Moments" className="flex flex-wrap items-center gap-1.5">
          <Step icon={ChevronFirst} label="First event" shortcut="firstMoment" href={hrefOf(1)} isOff={seq === 1} />
          <Step
            icon={ChevronLeft}
            label="The event before"
            shortcut="earlier"
            href={hrefOf(seq - 1)}
            isOff={seq === 1}
          />
          <Step
            icon={ChevronRight}
            label="The next event"
            shortcut="later"
            href={hrefOf(seq + 1)}
            isOff={seq === last}
          />
          <Step icon={ChevronLast} label="Last event" shortcut="lastMoment" href={hrefOf(last)} isOff={seq === last} />
          <Button variant="ghost" onClick={() => setKeysOpen(true)}>
            Keys
          </Button>
          <Link href={`/jobs/${job.number}${rest}`} className={buttonVariants({ variant: 'primary' })}>
            Back to now
          </Link>
        </nav>
      </div>
      <KeyMap place="moment" open={keysOpen} onOpenChange={setKeysOpen} />
    </aside>
  )
}

type StepProps = { icon: LucideIcon; label: string; shortcut: KeyName; href: string; isOff: boolean }

function Step({ icon: Icon, label, shortcut, href, isOff }: StepProps) {
  const className = cn(buttonVariants(), 'px-2')
  const title = `${label} (${KEYS[shortcut].shown.join(' or ')})`
  if (isOff) {
    return (
      <span className={cn(className, 'opacity-50')} aria-hidden title={title}>
        <Icon className="size-4" />
      </span>
    )
  }
  return (
    <Link href={href} scroll={false} aria-label={label} title={title} className={className}>
      <Icon aria-hidden className="size-4" />
    </Link>
  )
}
