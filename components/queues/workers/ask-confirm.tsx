'use client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { AlertDialog, AlertDialogClose } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { AlertOutcome } from '@/lib/alerts/outcome'

type Props = {
  trigger: ReactElement
  title: string
  consequence: string
  button: string
  ask: () => Promise<AlertOutcome>
}

/** Asks before a worker is asked, and shows the workers anew. */
export function AskConfirm({ trigger, title, consequence, button, ask }: Props) {
  const [open, setOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const toast = useToast()
  const client = useQueryClient()
  async function run() {
    setPending(true)
    const outcome = await answerOf(ask).finally(() => setPending(false))
    toast({ title: outcome.message, tone: outcome.ok ? 'success' : 'danger' })
    if (!outcome.ok) return
    setOpen(false)
    await client.invalidateQueries({ queryKey: ['workers'] })
  }
  return (
    <AlertDialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      title={title}
      description={consequence}
      footer={
        <>
          <AlertDialogClose render={<Button />}>Keep</AlertDialogClose>
          <Button variant="primary" pending={pending} pendingLabel="Asking…" onClick={() => void run()}>
            {button}
          </Button>
        </>
      }
    />
  )
}
