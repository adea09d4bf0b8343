import { SearchX } from 'lucide-react'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'

/** The same for a job that does not exist and for one that this person may not see: neither is told from the other. */
export default function NoSuchJob() {
  return (
    <>
      <h1 className="sr-only">No such job</h1>
      <EmptyState
        icon={SearchX}
        title="There is no such job"
        hint="Its number may be mistyped, or it belongs to somebody else and you may not see it. Ask whoever sent you here."
        actions={
          <LinkButton href="/review" variant="primary">
            Go to the inbox
          </LinkButton>
        }
      />
    </>
  )
}
