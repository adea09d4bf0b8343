import { SearchX } from 'lucide-react'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'

export default function NoSuchWorkflow() {
  return (
    <>
      <h1 className="sr-only">No such workflow</h1>
      <EmptyState
        icon={SearchX}
        title="There is no such workflow, or no such version of it"
        hint="Its key or number may be mistyped."
        actions={
          <LinkButton href="/workflows" variant="primary">
            Go to the workflows
          </LinkButton>
        }
      />
    </>
  )
}
