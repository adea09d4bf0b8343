import { PencilLine } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { LinkButton } from '@/components/ui/link-button'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { RiskRule, WorkflowDefinition } from '@/lib/workflows/definition'
import {
  addedWords,
  conditionWords,
  deadlineWords,
  deliveryDetails,
  deliveryWords,
  insideWords,
  percentWords,
  reviewWords,
  riskRankWords,
  undoWords,
} from '@/lib/workflows/policy-words'
import { numberWords } from '@/lib/workflows/words'
import { Fact, Facts } from './facts'

/** What became of the samples of a workflow, in all of its versions: as lib/review/samples.server.ts counts them. */
export type SampleFigures = { drawn: number; decided: number; overturned: number }

export type PolicyViewProps = {
  definition: WorkflowDefinition
  samples: SampleFigures | null
  /** Null where it cannot be edited. */
  editHref: string | null
}

/** Who must look at a result before it counts, what makes it more, and what leaves then. */
export function PolicyView({ definition, samples, editHref }: PolicyViewProps) {
  const { review, delivery, inputSchema } = definition
  return (
    <Panel aria-labelledby="section-policy">
      <PanelHeader
        id="section-policy"
        title="Policy"
        hint="Who must look at a result before it counts, and what leaves then."
        actions={
          editHref !== null && (
            <LinkButton size="sm" href={editHref}>
              <PencilLine aria-hidden />
              Edit policy
            </LinkButton>
          )
        }
      />
      <PanelBody className="flex flex-col gap-4">
        <Facts>
          <Fact label="Must be approved by">{reviewWords(review)}</Fact>
          <Fact label="A review is">{insideWords(deadlineWords(review))}</Fact>
          <Fact label="An approval can be taken back">{insideWords(undoWords(review))}</Fact>
          {samples !== null && <Fact label="Samples so far">{sampleWords(samples)}</Fact>}
        </Facts>
        <Rules rules={review.byRisk ?? []} review={review} />
        <div>
          <h3 className="mb-1 font-medium">When it is accepted</h3>
          <Facts>
            <Fact label="What happens">{deliveryWords(delivery, inputSchema)}</Fact>
            {deliveryDetails(delivery, inputSchema).map(([name, words]) => (
              <Fact key={name} label={name}>
                {words}
              </Fact>
            ))}
          </Facts>
        </div>
      </PanelBody>
    </Panel>
  )
}

/** "120 held, 118 decided; 6 were overturned (5 %)" */
export function sampleWords({ drawn, decided, overturned }: SampleFigures): string {
  if (drawn === 0) return 'None was held yet'
  if (decided === 0) return `${numberWords(drawn)} held, none decided yet`
  const share = percentWords(Math.round((overturned / decided) * 1_000) / 10)
  return `${numberWords(drawn)} held, ${numberWords(decided)} decided; ${numberWords(overturned)} overturned (${share})`
}

function Rules({ rules, review }: { rules: readonly RiskRule[]; review: WorkflowDefinition['review'] }) {
  if (rules.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 font-medium">More is asked</h3>
      {rules.length > 1 && <p className="mb-1 text-sm text-muted">Of several that apply, the first counts.</p>}
      <ol className="flex flex-col gap-2">
        {rules.map(({ id, label, when, ask, risk = 'raised' }) => (
          <li key={id} className="border-l-2 border-line pl-3">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="wrap-anywhere">If {insideWords(label)}</span>
              {risk !== 'normal' && (
                <Badge tone={risk === 'high' ? 'attention' : 'outline'}>{riskRankWords[risk]}</Badge>
              )}
            </p>
            <p className="text-muted">{sentence(addedWords(ask, review).join('; ') || 'nothing more is asked')}</p>
            <code className="text-xs text-muted wrap-anywhere">{conditionWords(when)}</code>
          </li>
        ))}
      </ol>
    </div>
  )
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
