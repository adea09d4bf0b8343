'use client'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { buttonVariants } from '@/components/ui/button-variants'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Hash } from '@/components/ui/hash'
import { PlainText } from '@/components/ui/plain-text'
import { Skeleton } from '@/components/ui/skeleton'
import type { SentBytes } from '@/lib/deliveries/sent-view'
import type { DeliveryView } from '@/lib/jobs/view'
import { LongText } from '../long-text'
import { sizeOf } from '../size-words'
import { KIND_WORDS } from './delivery-facts'
import { bytesAddress, sentBytesOptions } from './queries'

export type SentBytesDialogProps = { jobId: string; delivery: DeliveryView; onClose: () => void }

/** The exact bytes that leave or left, decoded, and as a file. */
export function SentBytesDialog({ jobId, delivery, onClose }: SentBytesDialogProps) {
  const { data, isError, refetch } = useQuery(sentBytesOptions(jobId, delivery.id))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      className="sm:w-[min(46rem,calc(100vw-2rem))]"
      title={`${titleOf(delivery)}, delivery ${delivery.number}`}
      description={`${KIND_WORDS[delivery.kind]}, ${sizeOf(delivery.size)}. The same bytes at each try.`}
      footer={
        <>
          <a href={bytesAddress(jobId, delivery.id)} download className={buttonVariants()}>
            <Download aria-hidden />
            Download the exact bytes
          </a>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {isError && (
        <Callout role="alert" tone="danger" title="The bytes could not be read">
          <Button size="sm" className="mt-2" onClick={() => void refetch()}>
            Read them again
          </Button>
        </Callout>
      )}
      {data === undefined && !isError && <Skeleton className="h-48" />}
      {data !== undefined && <Decoded bytes={data} />}
    </Dialog>
  )
}

function titleOf({ state, tries, code }: DeliveryView): string {
  if (code === 'kept_in_folder') return 'What was kept'
  if (state === 'delivered' || state === 'unknown' || tries > 0) return 'What was sent'
  return state === 'withdrawn' ? 'What would have been sent' : 'What will be sent'
}

function Decoded({ bytes }: { bytes: SentBytes }) {
  return (
    <div className="flex flex-col gap-3">
      {bytes.headers !== undefined && (
        <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
          {bytes.headers.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: headers of one message, in its order
            <div key={index} className="contents">
              <dt className="text-faint">{name}</dt>
              <dd dir="auto" className="wrap-anywhere">
                <PlainText>{value}</PlainText>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <LongText
        text={bytes.text === '' ? 'It has no words.' : bytes.text}
        className={`rounded-md border border-line bg-sunken px-3 py-2 ${bytes.isJson ? 'font-mono text-sm' : ''}`}
      />
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
        SHA-256 of the bytes <Hash value={bytes.bytesHash} label="hash of the bytes" length={24} />
        {bytes.isJson && <span>Set here with indentation; it is sent without changes.</span>}
      </p>
    </div>
  )
}
