'use client'
import { Dialog } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Check, Hash, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import { backdropClass } from '@/components/ui/modal-styles'
import { jobNumberIn } from './job-number'
import { placesFor, type ShellPerson } from './places'
import { themes } from './themes'

const itemClass =
  'flex min-h-9 items-center gap-2.5 rounded-sm px-2.5 py-1.5 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint'
const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint'

export type PaletteDialogProps = { person: ShellPerson; open: boolean; onOpenChange: (open: boolean) => void }

/** One field for going anywhere. A number opens that job; other words search the list. */
export function PaletteDialog({ person, open, onOpenChange }: PaletteDialogProps) {
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const [words, setWords] = useState('')
  const number = jobNumberIn(words)
  const text = words.trim()

  function run(action: () => void) {
    onOpenChange(false)
    setWords('')
    action()
  }
  const go = (href: string) => run(() => router.push(href))

  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          aria-label="Go to"
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised text-ink shadow-float outline-hidden"
        >
          <Command label="Go to" loop>
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search aria-hidden className="size-4 shrink-0 text-faint" />
              <Command.Input
                value={words}
                onValueChange={setWords}
                placeholder="A page, a job number, or words of a title"
                className="h-12 w-full bg-transparent text-read outline-hidden placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
              {text !== '' && (
                <Command.Group heading="Jobs" className={groupClass} forceMount>
                  {number !== null && (
                    <Command.Item
                      forceMount
                      value={`open ${text}`}
                      onSelect={() => go(`/jobs/${number}`)}
                      className={itemClass}
                    >
                      <Hash aria-hidden />
                      Open job #{number}
                    </Command.Item>
                  )}
                  <Command.Item
                    forceMount
                    value={`search ${text}`}
                    onSelect={() => go(`/jobs?q=${encodeURIComponent(text)}`)}
                    className={itemClass}
                  >
                    <Search aria-hidden />
                    <span className="min-w-0 truncate">
                      Search jobs for “<bdi>{text}</bdi>”
                    </span>
                  </Command.Item>
                </Command.Group>
              )}
              <Command.Group heading="Pages" className={groupClass}>
                {placesFor(person).map(({ key, href, label, icon: Icon, group }) => (
                  <Command.Item
                    key={key}
                    value={group === 'settings' ? `Settings ${label}` : label}
                    onSelect={() => go(href)}
                    className={itemClass}
                  >
                    <Icon aria-hidden />
                    {group === 'settings' && <span className="text-muted">Settings</span>}
                    {label}
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Theme" className={groupClass}>
                {themes.map(({ value, label }) => (
                  <Command.Item
                    key={value}
                    value={`Theme ${label}`}
                    onSelect={() => run(() => setTheme(value))}
                    className={itemClass}
                  >
                    <Check aria-hidden className={cn(theme !== value && 'invisible')} />
                    {label}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
