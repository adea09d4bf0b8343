import { Check, type LucideIcon, Minus, X } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import type { JobView } from '@/lib/jobs/view'
import { LongText } from '../long-text'

type CheckView = JobView['checks'][number]

const looks: Record<CheckView['outcome'], { icon: LucideIcon; tone: string; word: string }> = {
  pass: { icon: Check, tone: 'text-success', word: 'Passed' },
  fail: { icon: X, tone: 'text-danger', word: 'Failed' },
  not_applicable: { icon: Minus, tone: 'text-faint', word: 'Does not apply' },
}

/** The automatic tests of the result, each with what was seen. */
export function Checks({ checks }: { checks: JobView['checks'] }) {
  const failed = checks.filter((check) => check.outcome === 'fail').length
  const passed = checks.filter((check) => check.outcome === 'pass').length
  return (
    <section aria-labelledby="checks" className="mt-6 border-t border-line pt-4">
      <h2 id="checks" className="text-sm font-medium text-muted">
        Automatic checks{' '}
        <span className={failed > 0 ? 'text-danger-ink' : 'font-normal text-faint'}>
          {failed > 0 ? `${failed} failed, ${passed} passed` : `${passed} passed`}
        </span>
      </h2>
      {checks.length === 0 && <p className="mt-1 text-muted">None were made.</p>}
      <ul className="mt-2 flex flex-col gap-2">
        {checks.map((check, index) => (
          // A workflow may name two of its own checks alike.
          // biome-ignore lint/suspicious/noArrayIndexKey: checks of one result, in its order
          <CheckItem key={index} check={check} />
        ))}
      </ul>
    </section>
  )
}

function CheckItem({ check }: { check: CheckView }) {
  const { icon: Icon, tone, word } = looks[check.outcome]
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className={cn('wrap-anywhere', check.outcome === 'fail' && 'font-medium')}>
          <span className="sr-only">{word}: </span>
          <PlainText>{check.label}</PlainText>
          {check.key.startsWith(OWN) && <span className="text-sm font-normal text-faint"> · of this workflow</span>}
        </p>
        <LongText text={check.detail} portion={600} className="text-sm text-muted" />
      </div>
    </li>
  )
}

/** How the keys of the checks begin that a workflow declares itself. */
const OWN = 'own:'
