'use client'
import { type ReactElement, useState } from 'react'
import { AlertDialog, AlertDialogClose } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import type { Outcome } from '@/lib/access/outcome'
import { useOutcome } from './use-outcome'

/** Asks before doing something, and says what came of it. */
export function Confirm(props: {
  trigger: ReactElement
  title: string
  consequence: string
  button: string
  pendingButton: string
  action: () => Promise<Outcome>
}) {
  const [open, setOpen] = useState(false)
  const { pending, run } = useOutcome()
  return (
    <AlertDialog
      open={open}
      onOpenChange={setOpen}
      trigger={props.trigger}
      title={props.title}
      description={props.consequence}
      footer={
        <>
          <AlertDialogClose render={<Button />}>Keep</AlertDialogClose>
          <Button
            variant="danger"
            pending={pending}
            pendingLabel={props.pendingButton}
            onClick={() => run(props.action, () => setOpen(false))}
          >
            {props.button}
          </Button>
        </>
      }
    />
  )
}
