import { Check, type LucideIcon, Minus, X } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { JobView } from '@/lib/jobs/view'

type Outcome = JobView['checks'][number]['outcome']

const looks: Record<Outcome, { icon: LucideIcon; tone: string; word: string }> = {
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
        {checks.map((check) => {
          const { icon: Icon, tone, word } = looks[check.outcome]
          return (
            <li key={check.key} className="flex gap-2">
              <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', tone)} />
              <div className="min-w-0">
                <p className={check.outcome === 'fail' ? 'font-medium' : undefined}>
                  <span className="sr-only">{word}: </span>
                  {check.label}
                </p>
                <p dir="auto" className="text-sm text-muted wrap-anywhere">
                  {check.detail}
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
