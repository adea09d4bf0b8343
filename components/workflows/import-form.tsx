'use client'
import { FileUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'
import type { FileCheck } from '@/lib/workflows/check'
import { FileText, selectLine } from './file-text'
import { ImportPreview } from './import-preview'
import { ProblemList } from './problem-list'

export type ImportFormProps = {
  /** What to begin with; empty for a file of one's own. */
  initial: string
  check: (text: string) => Promise<Outcome<FileCheck>>
  publish: (given: {
    text: string
    note: string
    basedOn: number | null
  }) => Promise<Outcome<{ key: string; version: number }>>
}

/** How long after the last key the text is read: once a thought, not once a letter. */
const PAUSE_MS = 400
/** As `readWorkflowFile` takes; a larger file is not worth sending. */
const MOST_BYTES = 400_000

/** A workflow as text, with what is wrong beside it; when nothing is, what it would change, and the button. */
export function ImportForm({ initial, check, publish }: ImportFormProps) {
  const [text, setText] = useState(initial)
  const [checked, setChecked] = useState<{ text: string; answer: Outcome<FileCheck> } | null>(null)
  const [note, setNote] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const area = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const router = useRouter()
  const toast = useToast()

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks for another look at the same text
  useEffect(() => {
    if (text.trim() === '') return
    let isCurrent = true
    const timer = setTimeout(async () => {
      const answer = await check(text).catch((): Outcome<FileCheck> => UNREACHED)
      if (isCurrent) setChecked({ text, answer })
    }, PAUSE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text, check, round])

  async function choose(file: File | undefined) {
    if (file === undefined) return
    if (file.size > MOST_BYTES) {
      setRefusal(`${file.name} is too large for a workflow: at most 400 kB are read.`)
      return
    }
    setRefusal(null)
    try {
      setText(await file.text())
    } catch {
      setRefusal(`${file.name} could not be read. It may have been moved or changed: choose it again.`)
    }
  }

  async function send(basedOn: number | null) {
    setRefusal(null)
    const outcome = await publish({ text, note, basedOn }).catch((): typeof UNREACHED => UNREACHED)
    if (outcome.ok) {
      toast({ title: outcome.message, tone: 'success' })
      router.push(`/workflows/${outcome.done.key}?version=${outcome.done.version}`)
      return
    }
    setRefusal(outcome.message)
    setRound((before) => before + 1)
  }

  const isEmpty = text.trim() === ''
  const answer = !isEmpty && checked?.text === text ? checked.answer : null
  const found = answer?.ok ? answer.done : null
  const problems = found !== null && !found.ok ? found.problems : []
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <input
          ref={chooser}
          type="file"
          accept=".yaml,.yml,text/yaml,application/yaml"
          aria-label="A workflow’s file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0])
            // The same file, chosen again after it was changed, is news.
            event.currentTarget.value = ''
          }}
        />
        <Button onClick={() => chooser.current?.click()}>
          <FileUp aria-hidden />
          Choose a file
        </Button>
        <p role="status" className="text-muted">
          {statusOf(isEmpty, answer)}
        </p>
      </div>
      {refusal !== null && (
        <Callout tone="danger" role="alert">
          {refusal}
        </Callout>
      )}
      {answer !== null && !answer.ok && (
        <Callout tone="danger" role="alert">
          {answer.message}
        </Callout>
      )}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <FileText ref={area} text={text} onChange={setText} problems={problems} />
        {problems.length > 0 && (
          <div className="max-lg:order-first lg:max-h-[32rem] lg:overflow-y-auto">
            <ProblemList problems={problems} go={(line) => selectLine(area.current, line)} />
          </div>
        )}
      </div>
      {found?.ok && (
        <ImportPreview
          key={`${found.key} ${found.current}`}
          found={found}
          note={note}
          setNote={setNote}
          publish={send}
        />
      )}
    </div>
  )
}

const UNREACHED = {
  ok: false,
  field: null,
  message: 'Holdpoint could not be reached. Your text is still here.',
} as const

function statusOf(isEmpty: boolean, answer: Outcome<FileCheck> | null): string {
  if (isEmpty) return 'Choose a file, or paste its text below. Nothing changes before you publish it.'
  if (answer === null) return 'Reading…'
  if (!answer.ok) return ''
  if (!answer.done.ok) {
    const { length } = answer.done.problems
    return length === 1 ? 'One problem to solve.' : `${length} problems to solve.`
  }
  const { changes, current } = answer.done
  if (changes === null) return 'Fit to be published, as a new workflow.'
  if (changes.length === 0) return `Nothing changes: version ${current} is this.`
  return `Fit to be published: ${changes.length === 1 ? 'one field differs' : `${changes.length} fields differ`} from version ${current}.`
}
