'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import {
  type ReactElement,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useTransition,
} from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { answerOf } from '@/components/ui/no-answer'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import type { QueueOutcome } from './actions'

type SayWhyProps = {
  trigger: ReactElement
  title: string
  description: ReactNode
  /** What the button says, and while it works. */
  label: string
  pendingLabel: string
  danger?: boolean
  /** What follows from it, above the reason. */
  children?: ReactNode | ((errors: Record<string, string>) => ReactNode)
  give: (note: string) => Promise<QueueOutcome>
  /** What came in between, as a sentence; null: it can be done. A dialog that is open stays what it was, and says it. */
  overtaken?: string | null
}

/** Asks for a reason before something is changed that others must be able to understand later. */
export function SayWhy(props: SayWhyProps) {
  const { trigger, title, description, label, pendingLabel, danger, children, give, overtaken = null } = props
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const [refusal, setRefusal] = useState<Extract<QueueOutcome, { ok: false }> | null>(null)
  const [pending, start] = useTransition()
  const form = useId()
  const toast = useToast()
  const router = useRouter()
  const queries = useQueryClient()
  const errors = refusal?.errors ?? {}

  function go() {
    start(async () => {
      const outcome = await answerOf(() => give(note))
      if (!outcome.ok) return setRefusal(outcome)
      toast({ title: outcome.message, tone: 'success' })
      setOpen(false)
      setNote('')
      setRefusal(null)
      await queries.invalidateQueries()
      router.refresh()
    })
  }

  // What was done here is no news.
  const news = pending ? null : overtaken
  const isAway = overtaken !== null && !open
  const place = useFocusBeside(isAway)
  if (isAway) return <span ref={place} hidden />
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (pending) return
        setOpen(next)
        if (!next) setRefusal(null)
      }}
      title={title}
      description={description}
      trigger={overtaken === null ? trigger : undefined}
      footer={
        <>
          <DialogClose render={<Button />}>Cancel</DialogClose>
          <Button
            type="submit"
            form={form}
            variant={danger ? 'danger' : 'primary'}
            pending={pending}
            pendingLabel={pendingLabel}
            disabled={news !== null}
          >
            {label}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!pending && news === null) go()
        }}
      >
        {typeof children === 'function' ? children(errors) : children}
        <Field
          label="Reason"
          name="note"
          hint="Kept in the history, for whoever looks at this later."
          error={errors.note}
        >
          <Textarea rows={2} maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {news !== null && (
          <Callout tone="attention" role="status" title="This changed while you wrote">
            {news}
          </Callout>
        )}
        {refusal !== null && Object.keys(errors).length === 0 && (
          <Callout tone="danger" role="alert">
            {refusal.message}
          </Callout>
        )}
      </form>
    </Dialog>
  )
}

/** Where what had the focus goes `isAway`, the button that stands in its place now has it. */
function useFocusBeside(isAway: boolean): RefObject<HTMLSpanElement | null> {
  const place = useRef<HTMLSpanElement>(null)
  const wasAway = useRef(isAway)
  useLayoutEffect(() => {
    const hasGone = isAway && !wasAway.current
    wasAway.current = isAway
    if (!hasGone || document.activeElement !== document.body) return
    place.current?.parentElement?.querySelector<HTMLElement>('button')?.focus()
  }, [isAway])
  return place
}
