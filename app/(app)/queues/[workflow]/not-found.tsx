import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'

export default function QueueNotFound() {
  return (
    <>
      <PageHeader title="Queues" />
      <Panel>
        <EmptyState
          title="There is no such queue"
          hint="Each workflow has one, under the key of the workflow."
          actions={<LinkButton href="/queues">See all queues</LinkButton>}
        />
      </Panel>
    </>
  )
}
