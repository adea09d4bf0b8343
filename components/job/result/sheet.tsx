'use client'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { sliceText } from '../slice-text'
import { StatementItem } from './claim-list'
import type { Statement } from './result-shapes'

/** What a result is set on. */
export function Sheet({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  // What is read out before the first part takes no room.
  return <article className={cn('-mx-3 [&>.sr-only+section]:mt-0', !wide && 'max-w-[72ch]')}>{children}</article>
}

/** A title that a model gave. */
export function SheetTitle({ children }: { children: string }) {
  if (children === '') return null
  return (
    <h2 dir="auto" className="px-3 text-lg font-semibold wrap-anywhere">
      <PlainText>{sliceText(children, 1_000)}</PlainText>
    </h2>
  )
}

/** A part of a result; `count`: how many things it lists. */
export function Part(props: { title: string; count?: number; aside?: ReactNode; children: ReactNode }) {
  const { title, count, aside, children } = props
  return (
    <section className="mt-5 first:mt-0">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h3 className="px-3 pb-1 text-sm font-medium text-muted">
          {title} {count !== undefined && <span className="font-normal text-faint">{count.toLocaleString('en')}</span>}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** Statements, each of which leads to its evidence where it has some. `numberOf`: from 1. */
export function Statements<Item extends Statement>(props: {
  items: readonly Item[]
  noun: string
  numberOf?: (item: Item, index: number) => number
}) {
  const { items, noun, numberOf = (_item, index) => index + 1 } = props
  return (
    <Portion
      items={items}
      noun={noun}
      wrap={(children) => <ol>{children}</ol>}
      draw={(item, index) => (
        <li key={item.path}>
          <StatementItem path={item.path} text={item.text} number={numberOf(item, index)} />
        </li>
      )}
    />
  )
}

/** Sentences of a model that nothing has to carry. */
export function Sentences({ items, noun }: { items: readonly string[]; noun: string }) {
  return (
    <Portion
      items={items}
      noun={noun}
      wrap={(children) => <ul className="list-disc pr-3 pl-8 text-read marker:text-faint">{children}</ul>}
      draw={(sentence, index) => (
        <li key={index} className="my-1">
          <LongText text={sentence} portion={2_000} />
        </li>
      )}
    />
  )
}

/** What the documents leave open. */
export function OpenQuestions({ questions }: { questions: readonly string[] }) {
  return (
    <Part title="Open questions" count={questions.length}>
      {questions.length === 0 && <p className="px-3 text-muted">None: everything was answered.</p>}
      <Sentences items={questions} noun="questions" />
    </Part>
  )
}
