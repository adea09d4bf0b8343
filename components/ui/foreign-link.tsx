import { ExternalLink } from 'lucide-react'
import { cn } from './cn'
import { hostOf } from './link-host'
import { PlainText } from './plain-text'

/** More of an address says nothing to a reader. */
const LONGEST = 300

/**
 * An address that a stranger wrote: its host first and in ink, as the browser will understand it. What is no web address
 * is only text. It is opened in a tab of its own, and told nothing of this page.
 */
export function ForeignLink({ href, className }: { href: string; className?: string }) {
  const host = /^https?:/i.test(href) ? hostOf(href) : null
  const shape = cn('min-w-0 text-sm wrap-anywhere', className)
  if (host === null) {
    return (
      <bdi className={cn(shape, 'text-muted')}>
        <PlainText>{shorten(href)}</PlainText>
      </bdi>
    )
  }
  const { pathname, search, hash } = new URL(href)
  const rest = `${pathname}${search}${hash}`
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      dir="ltr"
      className={cn(shape, 'inline-block py-0.5')}
    >
      <span className="link">{host}</span>
      {rest !== '/' && <span className="text-muted">{shorten(rest)}</span>}
      <ExternalLink aria-hidden className="ml-1 inline size-3 text-faint" />
    </a>
  )
}

const shorten = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text)
