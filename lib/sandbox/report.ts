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

type Answered = { part: string; quotes: QuotedSentence[]; missing: string[] }

/**
 * @param question what is asked.
 * @param guidance a reviewer's words: they bring more terms to every part, and ask on their own.
 */
export function writeReport(library: Library, question: string, guidance: string): Report {
  const asked = splitQuestion(question)
  const parts = [...asked, ...splitQuestion(guidance).filter((part) => !asked.includes(part))]
  const used = new Set<string>()
  const answers = (parts.length > 0 ? parts : [question]).map((part) => answerPart(library, part, guidance, used))
  const found = answers.filter(({ quotes }) => quotes.length > 0)
  const names = [...new Set(found.flatMap(({ quotes }) => quotes.map(({ passage }) => passage.document)))]
  return {
    title: titleOf(question),
    summary: summarise(answers.length, found.length, names),
    findings: answers.flatMap(findingsOf).slice(0, mostFindings),
    open_questions: answers.flatMap(openQuestions),
  }
}

function answerPart(library: Library, part: string, guidance: string, used: Set<string>): Answered {
  const terms = [...new Set(termsOf(part))]
  const missing = terms.filter((term) => !library.has(term))
  if (missing.length === terms.length) return { part, quotes: [], missing }
  const passages = new Map(library.findPassages(part, 8).map(({ passage, score }) => [passage, score]))
  const best = Math.max(...passages.values(), 1)
  const bonus = wants(part)
  const own = new Set(terms)
  const ranked = library
    .findSentences(guidance ? `${part} ${guidance}` : part, 60)
    .filter(({ sentence, terms }) => passages.has(sentence.passage) && terms.some((term) => own.has(term)))
    .map(({ sentence, score, terms }) => {
      const share = terms.filter((term) => own.has(term)).length / own.size
      const nearby = 1 + 0.5 * ((passages.get(sentence.passage) ?? 0) / best)
      return { sentence, score: score * bonus(sentence.text) * nearby * (0.5 + share) }
    })
    .sort((a, b) => b.score - a.score)
  const first = ranked[0]
  if (!first) return { part, quotes: [], missing }
  const quotes = ranked
    .filter(({ sentence, score }) => score >= first.score * nearlyAsGood && !used.has(keyOf(sentence)))
    .slice(0, 2)
    .map(({ sentence }) => sentence)
  const chosen = quotes.length > 0 ? quotes : [first.sentence]
  for (const sentence of chosen) used.add(keyOf(sentence))
  return { part, quotes: chosen, missing }
}

function keyOf({ passage, text }: QuotedSentence): string {
  return `${passage.id} ${text}`
}

function findingsOf({ part, quotes }: Answered): Report['findings'] {
  if (quotes.length === 0) return [{ claim: `The documents do not state anything on “${part}”.`, citations: [] }]
  return quotes.map(({ passage, text }) => ({
    claim: `${passage.document} states: “${oneLine(text)}”`,
    citations: [{ document: passage.documentId, quote: text }],
  }))
}

function openQuestions({ part, quotes, missing }: Answered): string[] {
  if (quotes.length === 0) return [`${part}? Nothing in the documents speaks of it.`]
  if (missing.length === 0) return []
  const words = part.split(/\s+/).filter((word) => termsOf(word).some((term) => missing.includes(term)))
  const names = [...new Set(words.map((word) => `“${word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')}”`))]
  return [`${part}? The quotes may answer only part of it: ${names.join(', ')} stands nowhere in the documents.`]
}

function summarise(parts: number, found: number, names: string[]): string {
  const how = 'Put together by the sandbox from quotes of the documents; no model was asked.'
  if (found === 0) return `The documents state nothing on what was asked. ${how}`
  const of =
    parts === 1
      ? 'What was asked has'
      : `${found} of the ${parts} parts of the question ${found === 1 ? 'has' : 'have'}`
  return `${of} an answer in ${joinNames(names)}. ${how}`
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
