'use client'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Who } from '@/components/job/next-action'
import { whatIsNext } from '@/components/job/what-is-next'
import { Button, type ButtonProps } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { Kbd } from '@/components/ui/kbd'
import { Menu, MenuItem, MenuLinkItem } from '@/components/ui/menu'
import type { JobView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import type { PresenceView } from '@/lib/review/view'
import { KEYS, type KeyName } from '../keyboard/keys'
import { useSingleKeys } from '../keyboard/single-keys'
import { Lookers } from '../presence/lookers'

export type DecisionBarProps = {
  job: JobView
  /** What this person may do about what is on the screen. */
  commands: readonly Command[]
  /** False where what must be done, and the ways to do it, stand above. */
  leads: boolean
  presence: PresenceView | null
  personId: string
  /** Opens what a command needs to be told, or gives it at once. */
  onCommand: (command: Command) => void
  /** Goes on without deciding; absent where nothing else waits. */
  onNext?: () => void
  onKeys: () => void
  /** Above the bar: what was done last. */
  children?: ReactNode
}

/** On the bar in this order; the rest is in its menu. */
const SHOWN: readonly { command: Command; label: string; name: KeyName; atPhone: boolean }[] = [
  { command: 'approve', label: 'Approve', name: 'approve', atPhone: true },
  { command: 'uphold', label: 'Uphold', name: 'approve', atPhone: true },
  { command: 'revise', label: 'Edit', name: 'edit', atPhone: false },
  { command: 'retry', label: 'Request changes', name: 'request', atPhone: true },
  { command: 'abandon', label: 'Abandon', name: 'abandon', atPhone: false },
]
const IN_MENU: readonly Command[] = ['claim', 'release', 'comment', 'assign', 'snooze', 'wait', 'reopen']

/** The decision, pinned where the eye ends and the thumb is: what must be done, by whom, by when, and the ways to do it. */
export function DecisionBar(props: DecisionBarProps) {
  const { job, commands, leads, presence, personId, onCommand, onNext, onKeys, children } = props
  const keys = useSingleKeys()
  const round = job.reviews.findLast(({ closedAt }) => closedAt === null)
  // After a reopen both could be pressed with A: to uphold is what is asked then, and approving is in the menu.
  const hidden: Command | null = commands.includes('uphold') ? 'approve' : null
  const shown = SHOWN.filter(({ command }) => commands.includes(command) && command !== hidden)
  return (
    <section
      aria-label="Decide"
      data-pinned
      className={cn(
        'sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-4 mt-auto -mb-8 border-t border-line-strong/40 bg-canvas px-4 py-2.5',
        'sm:bottom-0 sm:-mx-6 sm:px-6',
        // There the commands above are pinned.
        !leads && 'max-sm:hidden',
      )}
    >
      {children}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          {leads && (
            <>
              <p className="truncate font-semibold max-sm:hidden" title={whatIsNext(job)}>
                {whatIsNext(job)}
              </p>
              <div className="text-sm max-sm:line-clamp-2 [&_p]:text-sm">
                <Who job={job} commands={commands} mayResume={false} />
              </div>
            </>
          )}
          <Lookers presence={presence} />
        </div>
        <div className="flex flex-wrap items-center gap-2 max-sm:w-full">
          {shown.map(({ command, label, name, atPhone }, index) => (
            <BarButton
              key={command}
              keyName={name}
              showsKey={keys}
              variant={index === 0 && (command === 'approve' || command === 'uphold') ? 'primary' : 'secondary'}
              className={cn(index === 0 && 'max-sm:flex-1', !atPhone && 'max-sm:hidden')}
              onClick={() => onCommand(command)}
            >
              {label}…
            </BarButton>
          ))}
          {onNext !== undefined && (
            <BarButton keyName="skip" showsKey={keys} variant="ghost" className="max-sm:hidden" onClick={onNext}>
              Next
            </BarButton>
          )}
          <Menu
            align="end"
            trigger={
              <IconButton label="More to do" variant="secondary">
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            {onNext !== undefined && (
              <MenuItem className="sm:hidden" onClick={onNext}>
                Next, without deciding
              </MenuItem>
            )}
            {SHOWN.filter(({ command, atPhone }) => !atPhone && commands.includes(command)).map(
              ({ command, label }) => (
                <MenuItem
                  key={command}
                  className="sm:hidden"
                  danger={command === 'abandon'}
                  onClick={() => onCommand(command)}
                >
                  {label}…
                </MenuItem>
              ),
            )}
            {hidden !== null && commands.includes(hidden) && (
              <MenuItem onClick={() => onCommand(hidden)}>{commandInfo(hidden).label}…</MenuItem>
            )}
            {IN_MENU.filter((command) => commands.includes(command)).map((command) => (
              <MenuItem key={command} onClick={() => onCommand(command)}>
                {commandInfo(command).label}
                {command === 'claim' || command === 'release' ? '' : '…'}
                {command === 'release' && heldBy(round, personId)}
              </MenuItem>
            ))}
            <MenuLinkItem render={<Link href={`/jobs/${job.number}`} />}>The whole job</MenuLinkItem>
            <MenuItem onClick={onKeys}>Keys…</MenuItem>
          </Menu>
        </div>
      </div>
    </section>
  )
}

/** A lead may end somebody else's claim: then the button says whose. */
function heldBy(round: JobView['reviews'][number] | undefined, personId: string): string {
  const claims = round?.claims ?? []
  const other = claims.some(({ by }) => by.id === personId) ? undefined : claims[0]
  return other === undefined ? '' : ` (${other.by.name})`
}

function BarButton({ keyName, showsKey, children, ...rest }: ButtonProps & { keyName: KeyName; showsKey: boolean }) {
  const [shown] = KEYS[keyName].shown
  return (
    <Button {...rest} aria-keyshortcuts={showsKey ? shown : undefined}>
      {children}
      {showsKey && (
        <Kbd aria-hidden className="-mr-1 max-lg:hidden">
          {shown}
        </Kbd>
      )}
    </Button>
  )
}
