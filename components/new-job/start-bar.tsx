'use client'
import type { ReactNode } from 'react'
import type { FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Kbd } from '@/components/ui/kbd'
import { ModKey } from '@/components/ui/mod-key'
import type { WorkflowItem } from '@/lib/jobs/view'
import type { Total } from './ask'
import { TotalMeter } from './total-meter'

const count = new Intl.NumberFormat('en')

/** What will be started, what is still missing, and the button. Beside the form; beneath it on a narrow screen. */
export function StartBar(props: {
  workflow: WorkflowItem | null
  documents: number
  total: Total | null
  /** What stands in the way, the most telling first. */
  missing: readonly FieldError[]
  isSending: boolean
  isOnline: boolean
  onMissing: (pointer: string) => void
}) {
  const { workflow, documents, total, missing, isSending, isOnline, onMissing } = props
  const [first] = missing
  return (
    <aside
      aria-label="Start the job"
      data-pinned="below-lg"
      className={cn(
        'z-20 -mx-4 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6',
        'sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] sm:bottom-0',
        'lg:top-4 lg:bottom-auto lg:mx-0 lg:self-start lg:rounded-md lg:border lg:bg-surface lg:p-4',
      )}
    >
      <dl className="hidden flex-col gap-3 pb-4 lg:flex">
        <Fact term="Workflow">{workflow?.name ?? <span className="text-muted">Not chosen yet</span>}</Fact>
        <Fact term="Documents">{count.format(documents)}</Fact>
        {total !== null && (
          <Fact term="Text for the model">
            <TotalMeter total={total} />
          </Fact>
        )}
        {workflow !== null && <Fact term="Must approve">{workflow.review.asks}.</Fact>}
        {workflow?.leaves && <Fact term="Then leaves">{workflow.leaves}.</Fact>}
      </dl>
      <div className="flex items-center gap-3 lg:flex-col lg:items-stretch lg:border-t lg:border-line lg:pt-4">
        <div className="min-w-0 flex-1 text-sm lg:order-last">
          {first === undefined ? (
            <p className="text-muted">{isOnline ? 'Ready to start.' : 'Ready, but you are offline.'}</p>
          ) : (
            <Missing missing={missing} first={first} onMissing={onMissing} />
          )}
        </div>
        <Button type="submit" variant="primary" size="lg" pending={isSending} pendingLabel="Starting…">
          Start job
          <Kbd className="border-current/30 bg-transparent text-inherit opacity-75 pointer-coarse:hidden max-sm:hidden">
            <ModKey />↵
          </Kbd>
        </Button>
      </div>
    </aside>
  )
}

/** So that the button stays in sight, and the rest of the list with it. */
const SHOWN = 5

function Missing(props: { missing: readonly FieldError[]; first: FieldError; onMissing: (pointer: string) => void }) {
  const { missing, first, onMissing } = props
  return (
    <>
      <p className="hidden pb-1 text-muted lg:block">Before it can start</p>
      <ul className="hidden flex-col lg:flex">
        {missing.slice(0, SHOWN).map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`} className="wrap-anywhere">
            <button
              type="button"
              className="link min-h-6 py-[3px] text-left text-ink"
              onClick={() => onMissing(pointer)}
            >
              {detail}
            </button>
          </li>
        ))}
        {missing.length > SHOWN && <li className="text-muted">and {missing.length - SHOWN} more</li>}
      </ul>
      <p className="lg:hidden">
        <button
          type="button"
          className="link line-clamp-2 min-h-6 py-[3px] text-left text-ink"
          onClick={() => onMissing(first.pointer)}
        >
          {first.detail}
        </button>
        {missing.length > 1 && <span className="text-muted"> and {missing.length - 1} more</span>}
      </p>
    </>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{term}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}
