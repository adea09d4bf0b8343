import { PlainText } from '@/components/ui/plain-text'

/** What a job is called, by whoever asked for it: there must be something to see, and to press. */
export function JobTitle({ title }: { title: string }) {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(title)) return <span className="text-muted italic">Without a title</span>
  return <PlainText>{title}</PlainText>
}
