'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { LeaveGuard } from '@/components/ui/leave-guard'
import { putBack } from '@/components/ui/put-back'
import { useToast } from '@/components/ui/toast'
import type { AnswerPlace } from '@/lib/workflows/answer-paths'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import type { GivenPolicy } from '@/lib/workflows/policy-edit'
import type { PolicyActions } from './actions'
import { candidateOf } from './candidate'
import type { Facts } from './condition-fields'
import { DeliveryPart, type DeliveryPlaces } from './delivery-part'
import { draftOf, freeId, type PolicyDraft, type RuleDraft } from './draft'
import { type Problems, plainProblems } from './plain-problems'
import { PublishPart } from './publish-part'
import { RulesPart } from './rules-part'
import { TimePart } from './time-part'
import { WhoPart } from './who-part'

/** What the form needs of a workflow beside its policy. */
export type PolicyWorkflow = Pick<
  WorkflowDefinition,
  'key' | 'name' | 'kind' | 'review' | 'delivery' | 'inputSchema'
> & {
  version: number
}

export type PolicyEditorProps = {
  workflow: PolicyWorkflow
  places: readonly AnswerPlace[]
  facts: Omit<Facts, 'places'>
  deliveryPlaces: DeliveryPlaces
  /** What waits for people, by version. */
  waiting: readonly { version: number; jobs: number }[]
  actions: PolicyActions
}

/** How long after the last change the server is asked: once a thought, not once a letter. */
const PAUSE_MS = 400

type Checked = { key: string; problems: Problems; message: string | null }

/** The policy of a workflow, to be changed and published as its next version. */
export function PolicyEditor({ workflow, places, facts, deliveryPlaces, waiting, actions }: PolicyEditorProps) {
  const [draft, setDraft] = useState(() => draftOf(workflow))
  const [base, setBase] = useState(workflow)
  const [note, setNote] = useState('')
  const [open, setOpen] = useState<string[]>([])
  const [attempts, setAttempts] = useState(0)
  const [checked, setChecked] = useState<Checked | null>(null)
  const [pending, setPending] = useState(false)
  const [isPublished, setIsPublished] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const isSending = useRef(false)
  const router = useRouter()
  const toast = useToast()

  const candidate = useMemo(() => candidateOf(draft, places), [draft, places])
  const key = JSON.stringify(candidate)
  const isChanged = key !== JSON.stringify(candidateOf(draftOf(base), places))
  const found = plainProblems(draft, { missing: true })
  const isComplete = Object.keys(found).length === 0
  const answer = checked?.key === key ? checked : null
  const problems: Problems = {
    ...(answer?.problems ?? {}),
    ...(attempts > 0 ? found : plainProblems(draft, { missing: false })),
  }

  const { check, publish } = actions
  useEffect(() => {
    if (!isComplete || !isChanged || checked?.key === key) return
    let isOver = false
    const timer = setTimeout(async () => {
      const outcome = await check(JSON.parse(key) as GivenPolicy).catch(() => UNREACHED)
      if (!isOver) setChecked({ key, ...readOutcome(outcome) })
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [key, isComplete, isChanged, checked, check])

  // After a try that could not be sent: to the first field that is wrong.
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true], button[data-invalid]')?.focus()
  }, [attempts])

  const change = (next: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...next }))
  const hasProblems = !isComplete || Object.keys(answer?.problems ?? {}).length > 0

  async function send() {
    if (hasProblems) {
      const wrong = { ...found, ...answer?.problems }
      const indexes = Object.keys(wrong).flatMap((path) => /^review\.byRisk\.(\d+)/.exec(path)?.[1] ?? [])
      setOpen((before) => [
        ...new Set([...before, ...indexes.flatMap((index) => draft.rules[Number(index)]?.id ?? [])]),
      ])
      setAttempts((before) => before + 1)
      return
    }
    isSending.current = true
    setPending(true)
    const ask = { ...(JSON.parse(key) as GivenPolicy), note, basedOn: base.version }
    const outcome = await publish(ask).catch(() => ({ ...UNREACHED, problems: [] }))
    if (!outcome.ok) {
      isSending.current = false
      setPending(false)
      setChecked({ key, problems: byPath(outcome.problems), message: outcome.message })
      router.refresh()
      return
    }
    setIsPublished(true)
    // Stays "Publishing…" until the new version is there: what is changed now would be lost.
    toast({ title: outcome.message, tone: 'success' })
    router.push(`/workflows/${workflow.key}?version=${outcome.version}`)
  }

  function undoRemoval(rule: RuleDraft, { rules: was }: PolicyDraft) {
    if (isSending.current) return toast({ title: 'The policy is being published, so nothing was undone.' })
    const place = was.findIndex(({ id }) => id === rule.id)
    setDraft((now) => {
      const isTaken = now.rules.some(({ id }) => id === rule.id)
      const item = isTaken ? { ...rule, id: freeId(now.rules) } : rule
      return { ...now, rules: putBack(now.rules, was, place, item) }
    })
  }

  const parts = { draft, problems, onChange: change }
  return (
    <div ref={form} className="flex max-w-4xl flex-col gap-4">
      {/* What is published is what stands here. */}
      <div inert={pending} className="flex flex-col gap-4">
        <WhoPart {...parts} kind={workflow.kind} />
        <RulesPart
          {...parts}
          kind={workflow.kind}
          facts={{ ...facts, places }}
          open={open}
          onOpen={setOpen}
          onRemoved={(rule, before) =>
            toast({
              title: rule.label.trim() === '' ? 'The rule was removed.' : `Removed: ${rule.label}`,
              action: { label: 'Undo', onClick: () => undoRemoval(rule, before) },
            })
          }
        />
        <TimePart {...parts} />
        <DeliveryPart {...parts} places={deliveryPlaces} />
      </div>
      <PublishPart
        base={base}
        current={workflow}
        after={answer !== null && !hasProblems ? (candidate as Pick<WorkflowDefinition, 'review' | 'delivery'>) : null}
        isChanged={isChanged}
        problems={attempts > 0 || answer !== null ? Object.values(problems) : []}
        refusal={answer?.message ?? null}
        waiting={waiting}
        note={note}
        pending={pending}
        onNote={setNote}
        onNewer={() => {
          setBase(workflow)
          setChecked(null)
        }}
        onDrop={() => {
          setDraft(draftOf(workflow))
          setBase(workflow)
          setOpen([])
          setAttempts(0)
          setChecked(null)
        }}
        onPublish={send}
      />
      <LeaveGuard
        isActive={isChanged && !isPublished}
        title="Leave without publishing?"
        description="What you changed in the policy is not kept."
      />
    </div>
  )
}

const UNREACHED = {
  ok: false,
  field: null,
  message: 'Holdpoint could not be reached. What you changed is still here; try again.',
} as const

function readOutcome(outcome: Awaited<ReturnType<PolicyActions['check']>>): Omit<Checked, 'key'> {
  return outcome.ok ? { problems: byPath(outcome.done), message: null } : { problems: {}, message: outcome.message }
}

function byPath(problems: readonly { path: string; message: string }[]): Problems {
  return Object.fromEntries(problems.map(({ path, message }) => [path, message]))
}
