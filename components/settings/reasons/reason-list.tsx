'use client'
import { ArrowDown, ArrowUp, Plus } from 'lucide-react'
import { Confirm } from '@/components/settings/confirm'
import { useOutcome } from '@/components/settings/use-outcome'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { Outcome } from '@/lib/access/outcome'
import { MOST_REASONS, type ReasonView, reasonCommandLabels } from '@/lib/review/reason-view'
import { ReasonDialog, type ReasonWords } from './reason-dialog'

export type ReasonListProps = {
  /** Those that are offered, in their order, then those that were retired. */
  reasons: readonly ReasonView[]
  add: (reason: ReasonWords) => Promise<Outcome>
  change: (key: string, reason: ReasonWords) => Promise<Outcome>
  retire: (key: string) => Promise<Outcome>
  restore: (key: string) => Promise<Outcome>
  reorder: (keys: string[]) => Promise<Outcome>
}

/** The reasons that are offered, in the order in which they are, and those that were. */
export function ReasonList(props: ReasonListProps) {
  const offered = props.reasons.filter(({ retiredAt }) => retiredAt === null)
  const retired = props.reasons.filter(({ retiredAt }) => retiredAt !== null)
  const keys = offered.map(({ key }) => key)
  // One for all of them: each move sends the whole list.
  const move = useOutcome()
  return (
    <>
      <Panel aria-labelledby="offered">
        <PanelHeader
          id="offered"
          title="Offered"
          hint={`In this order. ${offered.length} of at most ${MOST_REASONS}: a list that is short is read.`}
          actions={
            <ReasonDialog
              title="New reason"
              button="Add it"
              save={props.add}
              trigger={
                <Button size="sm">
                  <Plus aria-hidden />
                  New reason
                </Button>
              }
            />
          }
        />
        {offered.length === 0 ? (
          <EmptyState title="No reasons" hint="Reviewers write a note in place of one. Add what they write most." />
        ) : (
          <ol className="divide-y divide-line">
            {offered.map((reason, index) => (
              <Offered key={reason.key} reason={reason} index={index} keys={keys} move={move} {...props} />
            ))}
          </ol>
        )}
      </Panel>
      {retired.length > 0 && (
        <Panel aria-labelledby="retired">
          <PanelHeader
            id="retired"
            title="Retired"
            hint="Not offered any more. What was decided with them keeps them."
          />
          <ul className="divide-y divide-line">
            {retired.map((reason) => (
              <Retired key={reason.key} reason={reason} restore={props.restore} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function Offered({
  reason,
  index,
  keys,
  move: { pending, run },
  change,
  retire,
  reorder,
}: ReasonListProps & {
  reason: ReasonView
  index: number
  keys: string[]
  move: ReturnType<typeof useOutcome>
}) {
  const { key, label } = reason
  const isLast = index === keys.length - 1
  function moveTo(place: number) {
    if (pending || place < 0 || place >= keys.length) return
    const rest = keys.filter((other) => other !== key)
    run(() => reorder([...rest.slice(0, place), key, ...rest.slice(place)]))
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <Words reason={reason} />
      <div className="flex items-center gap-1">
        {/* Not `disabled`: whoever moves by keyboard keeps the focus at the end of the list. */}
        <IconButton
          size="sm"
          label={`Move up: ${label}`}
          disabled={pending}
          focusableWhenDisabled
          aria-disabled={pending || index === 0}
          className="aria-disabled:opacity-40"
          onClick={() => moveTo(index - 1)}
        >
          <ArrowUp aria-hidden />
        </IconButton>
        <IconButton
          size="sm"
          label={`Move down: ${label}`}
          disabled={pending}
          focusableWhenDisabled
          aria-disabled={pending || isLast}
          className="aria-disabled:opacity-40"
          onClick={() => moveTo(index + 1)}
        >
          <ArrowDown aria-hidden />
        </IconButton>
        <ReasonDialog
          title="Edit the reason"
          button="Save"
          reason={reason}
          save={(words) => change(key, words)}
          trigger={
            <Button size="sm" variant="ghost">
              Edit<span className="sr-only"> {label}</span>
            </Button>
          }
        />
        <Confirm
          trigger={
            <Button size="sm" variant="ghost">
              Retire<span className="sr-only"> {label}</span>
            </Button>
          }
          title={`Retire “${label}”?`}
          consequence="Nobody can choose it any more. What was decided with it keeps it, and you can offer it again."
          button="Retire"
          pendingButton="Retiring…"
          action={() => retire(key)}
        />
      </div>
    </li>
  )
}

function Retired({ reason, restore }: { reason: ReasonView; restore: ReasonListProps['restore'] }) {
  const { pending, run } = useOutcome()
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <Words reason={reason} />
      <Button
        size="sm"
        variant="ghost"
        pending={pending}
        pendingLabel="Offering…"
        onClick={() => run(() => restore(reason.key))}
      >
        Offer again<span className="sr-only">: {reason.label}</span>
      </Button>
    </li>
  )
}

function Words({ reason: { label, commands, used, retiredAt } }: { reason: ReasonView }) {
  return (
    <div className="min-w-0 flex-1 basis-64">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="wrap-anywhere">
          <bdi>{label}</bdi>
        </span>
        {commands.map((command) => (
          <Badge key={command} tone="outline">
            {reasonCommandLabels[command]}
          </Badge>
        ))}
      </p>
      <p className="text-sm text-muted tabular-nums">
        {usedWords(used ?? 0)}
        {retiredAt !== null && (
          <>
            {' '}
            · retired <Time value={retiredAt} />
          </>
        )}
      </p>
    </div>
  )
}

function usedWords(used: number): string {
  if (used === 0) return 'Not used in the last 30 days'
  return used === 1 ? 'Used once in the last 30 days' : `Used ${used.toLocaleString('en')} times in the last 30 days`
}
