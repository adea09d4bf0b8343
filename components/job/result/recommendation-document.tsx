'use client'
import { Check, ThumbsUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { sliceText } from '../slice-text'
import type { Option, Reason, Recommendation } from './result-shapes'
import { OpenQuestions, Part, Sentences, Sheet, SheetTitle, Statements } from './sheet'

/** Options beside each other, each with what speaks for and against it; the recommended and the chosen one are marked. */
export function RecommendationDocument(props: {
  recommendation: Recommendation
  /** Makes an option the choice; absent where it cannot be made here. */
  onChoose?: (id: string) => void
}) {
  const { recommendation, onChoose } = props
  const { question, options, otherReasons, recommended, why, choice, openQuestions } = recommendation
  return (
    <Sheet wide>
      {question === '' ? <h2 className="sr-only">Recommendation</h2> : <SheetTitle>{question}</SheetTitle>}
      <p className="mt-1 px-3 text-muted">
        {recommended === null ? (
          'None of the options is recommended.'
        ) : (
          <Named options={options} id={recommended} says="It recommends" />
        )}{' '}
        {choice === null ? 'Nobody has chosen yet.' : <Named options={options} id={choice} says="The choice is" />}
      </p>
      {why !== '' && <LongText text={why} portion={3_000} className="mt-2 max-w-[72ch] px-3 text-read" />}
      <Part title="Options" count={options.length}>
        <Portion
          items={options}
          noun="options"
          wrap={(children) => (
            <div className="@container px-3">
              <ul className="grid items-start gap-3 @3xl:grid-cols-2">{children}</ul>
            </div>
          )}
          draw={(option, index) => (
            <li key={index} className="min-w-0">
              <OptionCard
                option={option}
                isRecommended={option.id === recommended}
                isChosen={option.id === choice}
                onChoose={onChoose}
              />
            </li>
          )}
        />
      </Part>
      {otherReasons.length > 0 && (
        <Part title="Reasons that name none of the options" count={otherReasons.length}>
          <Statements items={otherReasons} noun="reasons" numberOf={({ number }) => number} />
        </Part>
      )}
      <OpenQuestions questions={openQuestions} />
    </Sheet>
  )
}

function OptionCard(props: {
  option: Option
  isRecommended: boolean
  isChosen: boolean
  onChoose?: (id: string) => void
}) {
  const { option, isRecommended, isChosen, onChoose } = props
  return (
    <section
      className={cn(
        'rounded-md border border-line bg-surface pb-2',
        isRecommended && 'border-line-strong',
        isChosen && 'border-accent',
      )}
    >
      <header className="flex flex-wrap items-baseline gap-x-2 gap-y-1 px-3 pt-3 pb-1">
        <h4 dir="auto" className="min-w-0 text-read font-semibold wrap-anywhere">
          <PlainText>{sliceText(option.title, 1_000)}</PlainText>
        </h4>
        {isRecommended && (
          <Badge tone="outline">
            <ThumbsUp aria-hidden /> Recommended
          </Badge>
        )}
        {isChosen && (
          <Badge tone="informative">
            <Check aria-hidden /> Chosen
          </Badge>
        )}
        {onChoose !== undefined && !isChosen && (
          <Button size="sm" className="ml-auto" onClick={() => onChoose(option.id)}>
            Choose
            <span className="sr-only">: {sliceText(option.title, 100)}</span>
          </Button>
        )}
      </header>
      {option.reasons.length === 0 && <p className="px-3 py-1 text-muted">No reason is given for or against it.</p>}
      <Reasons title="For it" reasons={option.reasons.filter(({ speaksFor }) => speaksFor === true)} />
      <Reasons title="Against it" reasons={option.reasons.filter(({ speaksFor }) => speaksFor === false)} />
      <Reasons title="Reasons" reasons={option.reasons.filter(({ speaksFor }) => speaksFor === null)} />
      {option.risks.length > 0 && (
        <Group title="Risks">
          <Sentences items={option.risks} noun="risks" />
        </Group>
      )}
    </section>
  )
}

function Reasons({ title, reasons }: { title: string; reasons: readonly Reason[] }) {
  if (reasons.length === 0) return null
  return (
    <Group title={title}>
      <Statements items={reasons} noun="reasons" numberOf={({ number }) => number} />
    </Group>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-1 px-1">
      <h5 className="px-2 pt-1 text-sm text-muted">{title}</h5>
      {children}
    </div>
  )
}

/** Which option it is, by its title; said plainly where there is no such option. */
function Named({ options, id, says }: { options: readonly Option[]; id: string; says: string }) {
  const option = options.find((one) => one.id === id)
  const name = (
    <bdi className="wrap-anywhere">
      <PlainText>{sliceText(option?.title ?? id, 300)}</PlainText>
    </bdi>
  )
  if (option !== undefined) {
    return (
      <span>
        {says} “{name}”.
      </span>
    )
  }
  return (
    <span className="font-medium text-attention-ink">
      {says} “{name}”, which is none of the options.
    </span>
  )
}
