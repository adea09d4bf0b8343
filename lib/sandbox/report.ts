/** Answers a question by quoting. Pure. */
import { type Library, type QuotedSentence, termsOf } from './ranking'

/** `document` is the document's id in the request, as the instructions ask of a model. */
export type Cited = { document: string; quote: string }
export type Report = {
  title: string
  summary: string
  findings: { claim: string; citations: Cited[] }[]
  open_questions: string[]
}

/** Enough to answer a question of several parts, few enough to read. */
const mostFindings = 10
/** A second sentence for one part must be nearly as good as the first. */
const nearlyAsGood = 0.7
/** With a larger share of its terms nowhere in the documents, they do not speak of a part: what is left is chance. */
const mostMissing = 0.5

/** Stands in every answer, so that nobody takes it for a model's. */
export const byTheSandbox = 'Put together by the sandbox from quotes of the documents; no model was asked.'

/** Cuts a question into the parts that can be answered apart. */
export function splitQuestion(question: string): string[] {
  const parts = question
    .split(/[?;\n]+|(?<=\p{L}{2})[.!](?=\s|$)/u)
    .flatMap((part) =>
      part.split(
        /,?\s+and\s+(?=(?:what|who|when|where|how|which|why|is|are|does|do|did|can|may|must|will|has|have)\b)/i,
      ),
    )
    .map((part) => part.replace(/^[\s\-*•\d.)(]+(?=\p{L})/u, '').trim())
    .filter((part) => termsOf(part).length > 0)
  return [...new Set(parts)]
}

/** What one part of a question asks for, as a share of the score: an amount or a date is a better answer to some. */
function wants(part: string): (text: string) => number {
  if (/\b(how (much|many)|cost|price|amount|fee|rent|total|pay|deposit|percent|rate)\b/i.test(part))
    return (text) => (/\d/.test(text) ? 1.35 : 1)
  if (/\b(when|date|deadline|how long|by what time|period|notice|term|days|until)\b/i.test(part))
    return (text) => (/\d|\b(day|month|year|week)s?\b/i.test(text) ? 1.35 : 1)
  return () => 1
}

/** `missing`: the terms of the part that stand nowhere. */
export type Answered = { part: string; quotes: QuotedSentence[]; missing: string[] }
/** Sentences that may answer a part: the best, then those that are nearly as good. */
type Ranked = { part: string; sentences: QuotedSentence[]; missing: string[] }

/**
 * @param question what is asked.
 * @param guidance a reviewer's words: they bring more terms to every part, and ask on their own.
 */
export function writeReport(library: Library, question: string, guidance: string): Report {
  const asked = splitQuestion(question)
  const parts = [...asked, ...splitQuestion(guidance).filter((part) => !asked.includes(part))]
  const answers = answerParts(library, parts.length > 0 ? parts : [question], guidance)
  const found = answers.filter(({ quotes }) => quotes.length > 0)
  const names = [...new Set(found.flatMap(({ quotes }) => quotes.map(({ passage }) => passage.document)))]
  return {
    title: titleOf(question),
    summary: summarise(answers.length, found.length, names),
    findings: withoutRepetitions(answers.flatMap(findingsOf)).slice(0, mostFindings),
    open_questions: answers.flatMap(openQuestions),
  }
}

/** The sentences that answer each part, at most two; none where the documents do not speak of it. */
export function answerParts(library: Library, parts: readonly string[], guidance: string): Answered[] {
  const ranked = parts.map((part) => rankFor(library, part, guidance))
  const bests = new Set(ranked.flatMap(({ sentences }) => sentences.slice(0, 1)))
  return ranked.map((one) => choose(one, bests))
}

function rankFor(library: Library, part: string, guidance: string): Ranked {
  const terms = [...new Set(termsOf(part))]
  const missing = terms.filter((term) => !library.has(term))
  if (missing.length > terms.length * mostMissing) return { part, sentences: [], missing }
  const passages = new Map(library.findPassages(part, 8).map(({ passage, score }) => [passage, score]))
  const top = Math.max(...passages.values(), 1)
  const bonus = wants(part)
  const shareOf = (found: readonly string[]) => terms.filter((term) => found.includes(term)).length / terms.length
  const ranked = library
    .findSentences(guidance ? `${part} ${guidance}` : part, 60)
    .map((found) => ({ ...found, share: shareOf(found.terms) }))
    .filter(({ sentence, share }) => passages.has(sentence.passage) && share > 0)
    .map(({ sentence, score, share }) => {
      const nearby = 1 + 0.5 * ((passages.get(sentence.passage) ?? 0) / top)
      return { sentence, share, score: score * bonus(sentence.text) * nearby * (0.5 + share) }
    })
    .sort((a, b) => b.score - a.score)
  const best = ranked[0]
  if (!best) return { part, sentences: [], missing }
  const good = ranked.filter(({ score, share }) => score >= best.score * nearlyAsGood && share >= best.share)
  return { part, sentences: good.map(({ sentence }) => sentence), missing }
}

/** The best sentence, and another one where it is not already what answers another part. */
function choose({ part, sentences, missing }: Ranked, bests: ReadonlySet<QuotedSentence>): Answered {
  const [best, ...others] = sentences
  const another = others.find((sentence) => !bests.has(sentence) && sentence.text !== best?.text)
  return { part, missing, quotes: [best, another].filter((sentence) => sentence !== undefined) }
}

function findingsOf({ part, quotes }: Answered): Report['findings'] {
  if (quotes.length === 0) return [{ claim: `The documents do not state anything on “${part}”.`, citations: [] }]
  return quotes.map((quote) => ({ claim: stated(quote), citations: cite(quote) }))
}

/** A statement that is true of the documents whatever they say: that they say it. */
export function stated({ passage, text }: QuotedSentence): string {
  return `${passage.document} states: “${oneLine(text)}”`
}

export function cite({ passage, text }: QuotedSentence): Cited[] {
  return [{ document: passage.documentId, quote: text }]
}

/** One sentence may answer several parts; it is a finding once. */
function withoutRepetitions(findings: Report['findings']): Report['findings'] {
  return [...new Map(findings.map((finding) => [finding.claim, finding])).values()]
}

/** What of a part the documents leave open, as sentences. */
export function openQuestions({ part, quotes, missing }: Answered): string[] {
  if (quotes.length === 0) return [`${part}? Nothing in the documents speaks of it.`]
  if (missing.length === 0) return []
  const words = part.split(/\s+/).filter((word) => termsOf(word).some((term) => missing.includes(term)))
  const names = [...new Set(words.map((word) => `“${word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')}”`))]
  return [
    `${part}? The quotes may answer only part of it: ${names.join(', ')} ${names.length === 1 ? 'stands' : 'stand'} nowhere in the documents.`,
  ]
}

function summarise(parts: number, found: number, names: string[]): string {
  if (found === 0) return `The documents state nothing on what was asked. ${byTheSandbox}`
  const of =
    parts === 1
      ? 'What was asked has'
      : `${found} of the ${parts} parts of the question ${found === 1 ? 'has' : 'have'}`
  return `${of} an answer in ${joinNames(names)}. ${byTheSandbox}`
}

export function joinNames(names: string[]): string {
  if (names.length <= 1) return names[0] ?? 'no document'
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function titleOf(question: string): string {
  const line = oneLine(question)
  if (line === '') return 'Report'
  return line.length <= 90 ? line : `${line.slice(0, Math.max(line.lastIndexOf(' ', 88), 60)).toWellFormed()}…`
}
