'use client'
import { CheckboxField } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { ModKey } from '@/components/ui/mod-key'
import { KEYS, type KeyInfo, type KeyPlace, keyNames } from './keys'
import { setSingleKeys, useSingleKeys } from './single-keys'

const GROUPS = ['Go', 'Read', 'Decide', 'Help'] as const

export type KeyMapProps = { place: KeyPlace; open: boolean; onOpenChange: (open: boolean) => void }

/** Every key of the page, and the way to switch them off. */
export function KeyMap({ place, open, onOpenChange }: KeyMapProps) {
  const on = useSingleKeys()
  const here = keyNames.map((name): KeyInfo => KEYS[name]).filter(({ places }) => places.includes(place))
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys"
      description="They do nothing while you type, or while a dialog is open."
      className="sm:w-[min(42rem,calc(100vw-2rem))]"
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="text-sm font-medium text-muted">{group}</h3>
            <dl className="mt-1 flex flex-col gap-1">
              {here
                .filter((key) => key.group === group)
                .map((key) => (
                  <Line key={key.says} shown={key.shown} says={key.says} />
                ))}
              {group === 'Help' && (
                <div className="flex items-baseline gap-3">
                  <dt className="flex w-16 shrink-0 gap-1">
                    <Kbd>
                      <ModKey />K
                    </Kbd>
                  </dt>
                  <dd>Go anywhere, or open a job by its number</dd>
                </div>
              )}
            </dl>
          </section>
        ))}
      </div>
      <div className="mt-5 border-t border-line pt-3">
        <CheckboxField
          checked={on}
          onCheckedChange={setSingleKeys}
          label="Use single keys in this browser"
          hint="Switch them off where you speak to your computer, or where a key is easily touched."
        />
      </div>
    </Dialog>
  )
}

function Line({ shown, says }: Pick<KeyInfo, 'shown' | 'says'>) {
  return (
    <div className="flex items-baseline gap-3">
      <dt className="flex w-16 shrink-0 gap-1">
        {shown.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dt>
      <dd>{says}</dd>
    </div>
  )
}
