import { failureWords } from '@/components/jobs/list/refresh-words'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'

/** Stands where a document's text should, when it could not be read: why, and another try. */
export function DocumentUnread({ error, pending, retry }: { error: Error; pending: boolean; retry: () => void }) {
  return (
    <Callout
      role="alert"
      tone="danger"
      title="The document could not be read"
      actions={
        <Button size="sm" pending={pending} onClick={retry}>
          Try again
        </Button>
      }
    >
      <p>{failureWords(error)}.</p>
    </Callout>
  )
}
