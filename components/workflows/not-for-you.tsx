import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'

/** In place of a page that this person may not open. */
export function NotForYou({ page, title, hint }: { page: string; title: string; hint: string }) {
  return (
    <>
      <PageHeader title={page} />
      <Panel>
        <EmptyState title={title} hint={hint} />
      </Panel>
    </>
  )
}

export function NotForRequesters() {
  return (
    <NotForYou
      page="Workflows"
      title="This page is for those who see every job"
      hint="What you can ask for stands in the form of a new job. Ask an owner if you should be able to see more."
    />
  )
}
