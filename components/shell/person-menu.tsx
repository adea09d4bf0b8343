'use client'
import { ChevronsUpDown, CircleUserRound } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import { Menu, MenuGroup, MenuItem, MenuRadioGroup, MenuRadioItem, MenuSeparator } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import type { ShellPerson } from './places'
import { signOut } from './sign-out'
import { themes } from './themes'

/** Who is signed in, in which light, and the way out. */
export function PersonMenu(props: { person: ShellPerson; className?: string; wordClass?: string }) {
  const { person, className, wordClass } = props
  return (
    <Menu
      side="top"
      trigger={
        <button type="button" title={person.name} className={className}>
          <CircleUserRound aria-hidden />
          <span className={cn('flex-1', wordClass)}>
            <span className="sr-only">Signed in as </span>
            {person.name}
          </span>
          <ChevronsUpDown aria-hidden className={cn('size-3.5! text-faint', wordClass)} />
        </button>
      }
    >
      <PersonMenuItems person={person} />
    </Menu>
  )
}

/** The items alone, for a menu that has others too. */
export function PersonMenuItems({ person }: { person: ShellPerson }) {
  const { theme, setTheme } = useTheme()
  const [leaving, setLeaving] = useState(false)
  const toast = useToast()

  async function leave() {
    setLeaving(true)
    if (await signOut()) return
    setLeaving(false)
    toast({
      title: 'You are still signed in',
      description: 'The server did not confirm the sign-out. Try again.',
      tone: 'danger',
    })
  }

  return (
    <>
      <div className="px-2 pt-1.5 pb-1">
        <p className="max-w-56 truncate font-medium">{person.name}</p>
        {person.email && <p className="max-w-56 truncate text-sm text-muted">{person.email}</p>}
      </div>
      <MenuSeparator />
      <MenuGroup label="Theme">
        <MenuRadioGroup value={theme ?? 'system'} onValueChange={(value) => setTheme(String(value))}>
          {themes.map(({ value, label }) => (
            <MenuRadioItem key={value} value={value} closeOnClick={false}>
              {label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onClick={leave} disabled={leaving} closeOnClick={false}>
        {leaving ? 'Signing out…' : 'Sign out'}
      </MenuItem>
    </>
  )
}
