'use client'
import { useQuery } from '@tanstack/react-query'
import { FileArchive, FileText, FolderDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { buttonVariants } from '@/components/ui/button-variants'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { Time } from '@/components/ui/time'
import type { CaseView } from '@/lib/audit/case-view'
import { sizeOf } from '../size-words'
import { erasedWords, provenWords } from './case-words'
import { caseFileAddress, caseFileOptions, NoCaseFile } from './queries'

type CaseFileProps = { jobId: string; number: number }

/** Takes everything of a job out: to read, or to be checked by somebody else. */
export function CaseFile({ jobId, number }: CaseFileProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => setOpen(true)} className="h-6 px-1.5">
        <FolderDown aria-hidden />
        Case file…
      </Button>
      {open && <CaseFileDialog jobId={jobId} number={number} onClose={() => setOpen(false)} />}
    </>
  )
}

function CaseFileDialog({ jobId, number, onClose }: CaseFileProps & { onClose: () => void }) {
  const { data, error, refetch } = useQuery(caseFileOptions(jobId))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      className="sm:w-[min(40rem,calc(100vw-2rem))]"
      title={`Case file of #${number}`}
      description="Everything of this job: what was asked, its documents, each attempt, the results with their evidence, every decision, what left, and its history. That you took it out is noted."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {error instanceof NoCaseFile && (
        <Callout role="alert" tone="attention" title="Not now">
          <p>{error.message}</p>
        </Callout>
      )}
      {error !== null && !(error instanceof NoCaseFile) && (
        <Callout role="alert" tone="danger" title="It could not be read what the case file has">
          <Button size="sm" className="mt-2" onClick={() => void refetch()}>
            Try again
          </Button>
        </Callout>
      )}
      {data === undefined && error === null && (
        <div role="status" className="flex flex-col gap-3">
          <span className="sr-only">Reading what it has…</span>
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
        </div>
      )}
      {data !== undefined && <Choices jobId={jobId} view={data} />}
    </Dialog>
  )
}

function Choices({ jobId, view }: { jobId: string; view: CaseView }) {
  const { sizes, taken } = view
  const erased = erasedWords(view.erased)
  return (
    <div className="flex flex-col gap-4">
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
        <Choice
          href={caseFileAddress(jobId, 'html')}
          label="Download to read"
          icon={<FileText aria-hidden />}
          size={`One page (HTML), about ${sizeOf(sizes.html)}.`}
          hint="Opens in any browser and prints. It fetches nothing and runs nothing."
        />
        <Choice
          href={caseFileAddress(jobId, 'zip')}
          label="Download to check"
          icon={<FileArchive aria-hidden />}
          size={`A ZIP, at most ${sizeOf(sizes.zip)}.`}
          hint={
            <>
              The exact bytes, with hashes and signatures. Checked without this database by{' '}
              <code className="text-xs">holdpoint audit verify FILE</code>.
            </>
          }
        />
      </ul>
      <div className="flex flex-col gap-1 text-sm text-muted">
        <p>{provenWords(view)}</p>
        {erased !== null && <p>{erased}</p>}
        <p>
          {taken.last === null ? (
            'Nobody has taken it out yet.'
          ) : (
            <>
              Taken out {taken.times === 1 ? 'once' : `${taken.times.toLocaleString('en')} times`}, last by{' '}
              <bdi>{taken.last.by}</bdi>, <Time value={taken.last.at} />.
            </>
          )}
        </p>
      </div>
    </div>
  )
}

type ChoiceProps = {
  href: string
  label: string
  icon: React.ReactNode
  size: string
  hint: React.ReactNode
}

function Choice({ href, label, icon, size, hint }: ChoiceProps) {
  return (
    <li className="flex flex-col gap-2 px-4 py-3 sm:flex-row sm:items-center sm:gap-4">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{size}</p>
        <p className="text-sm text-muted">{hint}</p>
      </div>
      <a href={href} download className={buttonVariants({ className: 'shrink-0 self-start sm:self-center' })}>
        {icon}
        {label}
      </a>
    </li>
  )
}
