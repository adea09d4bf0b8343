'use client'
import { Ellipsis } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { Menu, MenuItem } from '@/components/ui/menu'
import type { NextActionKind } from '@/lib/lifecycle/next-action'
import { type Command, commandInfo } from '@/lib/lifecycle/table'

/** So many fit beside each other on a phone. */
const SHOWN = 3

/** Above the bottom bar of a phone. Where there is only talking to do, it need not follow the thumb. */
const PINNED = [
  'fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 border-t border-line bg-canvas px-4 py-2',
  'sm:static sm:border-0 sm:bg-transparent sm:p-0',
]

/** The one command that answers what is asked for now: it alone is filled. */
const ANSWERS: Partial<Record<NextActionKind, readonly Command[]>> = {
  decide: ['approve', 'uphold'],
  look_into_trouble: ['retry'],
  retry_or_abandon: ['retry'],
}

/** They move nothing on, and stand behind what does. */
const QUIET: readonly Command[] = ['prioritise', 'reschedule', 'comment']

export type CommandBarProps = {
  /** What this person may do now: nothing else gets a button. */
  commands: readonly Command[]
  kind: NextActionKind
  onCommand: (command: Command) => void
}

/**
 * The commands of this moment. On a phone they are pinned above the bottom bar, where the thumb is. None is red here: a
 * job that runs well must look well, and what cannot be taken back is said where it is confirmed.
 */
export function CommandBar({ commands, kind, onCommand }: CommandBarProps) {
  const quiet = commands.filter((command) => QUIET.includes(command))
  const acts = commands.filter((command) => !QUIET.includes(command))
  const shown = acts.length === 0 ? quiet.slice(0, SHOWN) : acts.slice(0, SHOWN)
  const rest = acts.length === 0 ? quiet.slice(SHOWN) : [...acts.slice(SHOWN), ...quiet]
  if (shown.length === 0) return null
  const answer = acts.find((command) => ANSWERS[kind]?.includes(command))
  return (
    <div
      data-pinned={acts.length > 0 ? 'below-sm' : undefined}
      className={cn('flex flex-wrap items-center gap-2', acts.length > 0 && PINNED)}
    >
      {shown.map((command) => (
        <Button
          key={command}
          variant={command === answer ? 'primary' : 'secondary'}
          onClick={() => onCommand(command)}
          className={command === answer ? 'flex-1 sm:flex-none' : undefined}
        >
          {commandInfo(command).label}…
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu
          align="end"
          trigger={
            <IconButton label="More to do" variant="secondary">
              <Ellipsis aria-hidden />
            </IconButton>
          }
        >
          {rest.map((command) => (
            <MenuItem key={command} danger={command === 'abandon'} onClick={() => onCommand(command)}>
              {commandInfo(command).label}…
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  )
}
