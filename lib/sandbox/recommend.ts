/** Weighs options by what the documents say of them. Pure. */
import { type Library, type QuotedSentence, termsOf } from './ranking'
import { answerParts, byTheSandbox, type Cited, cite, openQuestions, splitQuestion, stated } from './report'

export type Recommendation = {
  question: string
  options: { id: string; title: string; risks: string[] }[]
  reasons: { option: string; for: boolean; reason: string; citations: Cited[] }[]
  recommended: string | null
  why: string
  choice: null
  open_questions: string[]
}

/** So many sentences on one option say enough to compare it with the others. */
const mostReasons = 3
/** Words that speak against what they are said of. */
const against = /\b(?:not|no|never|cannot|can't|refus\w*|exclud\w*|without|unless|forfeit\w*)\b/i

/**
 * Quotes what the documents say of each option, and recommends the one that they say the most for. Where no option is
 * ahead of the others it recommends none.
 * @param criteria what matters: it brings more terms to every search.
 */
export function recommend(
  library: Library,
  { question, options, criteria }: { question: string; options: readonly string[]; criteria: string },
  guidance: string,
): Recommendation {
  const weighed = options.map((title, index) => {
    const quotes = quotesOn(library, title, `${question} ${criteria} ${guidance}`)
    return { id: idOf(index), title, quotes, count: quotes.filter(speaksFor).length }
  })
  const reasons = weighed.flatMap(({ id, quotes }) =>
    quotes.slice(0, mostReasons).map((quote) => ({
      option: id,
      for: speaksFor(quote),
      reason: stated(quote),
      citations: cite(quote),
    })),
  )
  const best = ahead(weighed)
  return {
    question,
    options: weighed.map(({ id, title, quotes }) => ({
      id,
      title,
      risks: quotes.length === 0 ? ['The documents say nothing of it.'] : [],
    })),
    reasons,
    recommended: best?.id ?? null,
    why: whyOf(best),
    choice: null,
    open_questions: [
      ...weighed.flatMap(({ title, quotes }) =>
        quotes.length === 0 ? [`${title}: nothing in the documents speaks of it.`] : [],
      ),
      ...answerParts(library, splitQuestion(criteria), '').flatMap(openQuestions),
    ],
  }
}

/** a, b, …, z, aa, ab, … */
function idOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26))
  return index < 26 ? letter : `${idOf(Math.floor(index / 26) - 1)}${letter}`
}

const speaksFor = ({ text }: QuotedSentence) => !against.test(text)

/** Sentences that have at least half of the option's own terms, those that also speak of what matters first. */
function quotesOn(library: Library, title: string, matters: string): QuotedSentence[] {
  const own = [...new Set(termsOf(title))]
  const shareOf = (found: readonly string[]) => own.filter((term) => found.includes(term)).length / own.length
  return library
    .findSentences(`${title} ${title} ${matters}`, 200)
    .filter(({ sentence, terms }) => sentence.kind === 'sentence' && shareOf(terms) >= 0.5)
    .map(({ sentence }) => sentence)
}

type Weighed = { id: string; title: string; count: number }

/** The one with the most; null where there is none, or more than one. */
function ahead(options: readonly Weighed[]): Weighed | null {
  const most = Math.max(0, ...options.map(({ count }) => count))
  const best = options.filter(({ count }) => count === most)
  return most > 0 && best.length === 1 ? (best[0] ?? null) : null
}

function whyOf(best: Weighed | null): string {
  if (best === null) return `The documents say as much for one option as for another. ${byTheSandbox}`
  const sentences = best.count === 1 ? 'One sentence speaks' : `${best.count} sentences speak`
  return `${sentences} of “${best.title}” without a word such as “not”, more than of any other option. They were counted, not weighed. ${byTheSandbox}`
}
