'use client'
import { useState } from 'react'
import { Checks } from '@/components/job/result/checks'
import { ClaimAsideProvider } from '@/components/job/result/claim-aside'
import { ClaimSelectionProvider } from '@/components/job/result/claim-list'
import { Payload } from '@/components/job/result/payload'
import { ResultDocument } from '@/components/job/result/result-document'
import { addresseeOf } from '@/components/job/result/result-shapes'
import { useWide } from '@/components/job/use-wide'
import { Callout } from '@/components/ui/callout'
import { Drawer } from '@/components/ui/drawer'
import type { JobView, ReviewView } from '@/lib/jobs/view'
import { useKeys } from '../keyboard/use-keys'
import { ClaimEvidence } from './claim-evidence'
import { MarkBadge } from './mark-badge'
import type { useMarks } from './use-marks'
import type { Verdict } from './verdicts'

export type DeskResultProps = {
  /** With a result. */
  job: JobView
  round: ReviewView | undefined
  personId: string
  marks: ReturnType<typeof useMarks>
  /** Nothing is open above it. */
  listens: boolean
  /** Makes an option of a recommendation the choice. */
  onChoose?: (id: string) => void
}

/** The result in its reading view, and the evidence that moves with it; on a narrow page as a sheet. */
export function DeskResult({ job, round, personId, marks, listens, onChoose }: DeskResultProps) {
  const claims = job.evidence
  const [chosen, setChosen] = useState<number | null>(null)
  const [sheet, setSheet] = useState(false)
  const wide = useWide()
  const selected = claims.find(({ index }) => index === chosen) ?? claims[0]
  const mayMark = job.allowedCommands.includes('mark')

  function select(index: number, byPointer: boolean) {
    setChosen(index)
    if (byPointer && !wide) setSheet(true)
  }

  /** Goes to a claim, with the focus: whoever reads by ear hears it. */
  function goTo(index: number) {
    select(index, false)
    const button = document.querySelector<HTMLElement>(`[data-claim="${index}"]`)
    button?.focus({ preventScroll: true })
    button?.scrollIntoView({ block: 'nearest' })
  }

  function step(by: 1 | -1) {
    const at = chosen === null && by === 1 ? -1 : claims.findIndex(({ index }) => index === selected?.index)
    const next = claims[at + by]
    if (next !== undefined) goTo(next.index)
  }

  const mark = (verdict: Verdict) => {
    if (mayMark && selected !== undefined) marks.mark(selected.index, verdict)
  }
  useKeys(
    'desk',
    {
      nextClaim: () => step(1),
      previousClaim: () => step(-1),
      supported: () => mark('supported'),
      contradicted: () => mark('contradicted'),
      notVerifiable: () => mark('not_verifiable'),
    },
    listens && claims.length > 0,
  )

  if (job.result === null) return null
  const others = (round?.marks ?? []).filter(({ by }) => by.id !== personId)
  const evidence = selected !== undefined && (
    <ClaimEvidence
      key={`${job.result.id} ${selected.index}`}
      job={job}
      claim={selected}
      value={marks.mine.get(selected.index)}
      others={others.filter(({ claim }) => claim === selected.index)}
      onMark={mayMark ? mark : undefined}
      onClaim={goTo}
    />
  )
  return (
    <ClaimAsideProvider
      aside={({ index }) => {
        const mine = marks.mine.get(index)
        return (
          <>
            {mine !== undefined && <MarkBadge verdict={mine} who="You" />}
            {others
              .filter(({ claim }) => claim === index)
              .map(({ by, verdict }) => (
                <MarkBadge key={by.id} verdict={verdict} who={by.name} />
              ))}
          </>
        )
      }}
    >
      <ClaimSelectionProvider claims={claims} selected={wide ? (selected?.index ?? null) : chosen} select={select}>
        <div className="grid items-start gap-x-6 gap-y-6 lg:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
          <div className="min-w-0">
            {marks.failure !== null && (
              <Callout
                role="alert"
                tone="danger"
                title={`Your mark on claim ${marks.failure.claim + 1} was not kept`}
                className="mb-3"
              >
                <p>{marks.failure.why}</p>
              </Callout>
            )}
            <ResultDocument
              result={job.result}
              claims={claims}
              to={addresseeOf(job)}
              file={`job-${job.number}-fields`}
              onChoose={onChoose}
            />
            <Checks checks={job.checks} />
            <Payload job={job} />
          </div>
          {wide && (
            <section
              aria-labelledby="evidence"
              className="sticky top-4 flex max-h-[calc(100dvh-9rem)] min-h-80 min-w-0 flex-col gap-2"
            >
              <h2 id="evidence" className="text-sm font-medium text-muted">
                Evidence{selected !== undefined && ` for ${selected.index + 1} of ${claims.length}`}
              </h2>
              {evidence || <p className="text-muted">The result makes no statement that evidence could carry.</p>}
            </section>
          )}
        </div>
        {!wide && selected !== undefined && (
          <Drawer
            open={sheet}
            onOpenChange={setSheet}
            title={`Evidence for ${selected.index + 1} of ${claims.length}`}
            description={<bdi>{selected.text.slice(0, 300)}</bdi>}
          >
            <div className="flex h-[62dvh] flex-col">{evidence}</div>
          </Drawer>
        )}
      </ClaimSelectionProvider>
    </ClaimAsideProvider>
  )
}
