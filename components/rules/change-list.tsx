import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import type { RuleChanges } from '@/lib/rules/compare'
import type { Rule } from '@/lib/rules/types'
import { thenWords } from '@/lib/rules/words'
import { When } from './rule-row'

/** What is different, rule by rule. */
export function ChangeList({ changes: { added, removed, changed, isReordered } }: { changes: RuleChanges }) {
  return (
    <ul aria-label="What is different" className="flex flex-col gap-1">
      {added.map((rule) => (
        <li key={rule.id}>
          <span className="text-muted">Added: </span>
          <When rule={rule} />. {meaning(rule)}
        </li>
      ))}
      {changed.map(({ before, after }) => (
        <li key={after.id}>
          <span className="text-muted">Changed: </span>
          <When rule={after} />. {meaning(after)}{' '}
          {meaning(before) !== meaning(after) && <span className="text-muted">Before: {meaning(before)}</span>}
        </li>
      ))}
      {removed.map((rule) => (
        <li key={rule.id}>
          <span className="text-muted">Removed: </span>
          <When rule={rule} />
        </li>
      ))}
      {isReordered && <li className="text-muted">Rules were moved: of several that fit, the first decides.</li>}
    </ul>
  )
}

/** "policy: The job fails." */
function meaning(rule: Rule): string {
  return `${CLASS_WORDS[rule.class]}: ${thenWords(rule)}`
}
