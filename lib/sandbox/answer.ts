/** What the sandbox answers to a request: text in the schema that was sent, and the trace of how it came by it. Pure. */
import { conform } from './conform'
import { writeDigest } from './digest'
import { partsOf, writeDraft } from './draft'
import { extractFields, listFields } from './extraction'
import { misquote } from './misquote'
import { propose } from './propose'
import { type FoundPassage, openLibrary, termsOf } from './ranking'
import { type Asked, questionOf, readRequest, textIn } from './reading'
import { recommend } from './recommend'
import { joinNames, splitQuestion, writeReport } from './report'
import { type AnsweredCall, tellAnswers, type WaitingCall } from './tools'

export type Answer = {
  /** The message's text: JSON where a schema was sent. */
  text: string
  /** One paragraph each, for the reasoning item. */
  reasoning: string[]
  search: { queries: string[]; results: FoundPassage[] }
  usage: { input: number; output: number; reasoning: number }
  /** Calls that it asks for first, where it ends in calls. */
  calls?: WaitingCall[]
  /** Calls of MCP servers that it was allowed to make. */
  made?: WaitingCall[]
}

export type AnswerRequest = {
  instructions: string
  input: string
  format: { name: string; schema: Record<string, unknown> } | null
}

/** So many passages a query show where the quotes come from without repeating the documents. */
const passagesAQuery = 5

/** @param misquotes whether the quotes are to be altered, so that a team can see the checks fail. */
export function writeAnswer(request: AnswerRequest, misquotes: boolean): Answer {
  const asked = readRequest(request.input)
  const library = openLibrary(asked.passages)
  const queries = queriesOf(asked, request.format?.name)
  const results = new Map<string, FoundPassage>()
  for (const query of queries) {
    for (const found of library.findPassages(query, passagesAQuery)) {
      const before = results.get(found.passage.id)
      if (!before || before.score < found.score) results.set(found.passage.id, found)
    }
  }
  const ranked = [...results.values()].sort((a, b) => b.score - a.score)
  const value = compose(request, asked, library)
  const answer = misquotes ? misquote(value, asked.passages) : value
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const reasoning = explain(asked, queries, ranked, library.sentences.length)
  const thought = countTokens(reasoning.join(' '))
  return {
    text,
    reasoning,
    search: { queries, results: ranked },
    usage: {
      input: countTokens(request.instructions) + countTokens(request.input),
      output: countTokens(text) + thought,
      reasoning: thought,
    },
  }
}

/** The answer, once the calls that it asked for have been answered. */
export function continueAnswer({ calls: _, ...before }: Answer, answered: readonly AnsweredCall[]): Answer {
  const text = tellAnswers(before.text, answered)
  const reasoning = [...before.reasoning, `Read what was answered to ${count(answered.length, 'call')}.`]
  const grown = countTokens(text) - countTokens(before.text)
  const heard = countTokens(answered.map(({ said }) => said).join(' '))
  const made = answered.filter(({ kind, isAllowed }) => kind === 'mcp' && isAllowed)
  return {
    ...before,
    text,
    reasoning,
    made: made.map(({ said: _said, isAllowed: _isAllowed, ...call }) => call),
    usage: { ...before.usage, input: before.usage.input + heard, output: before.usage.output + Math.max(grown, 0) },
  }
}

/** The answer, put off until the calls are answered. */
export function askFirst(answer: Answer, calls: WaitingCall[]): Answer {
  const names = joinNames(calls.map(({ name }) => `“${name}”`))
  return {
    ...answer,
    calls,
    reasoning: [...answer.reasoning, `Before answering, it should be known what comes back from ${names}.`],
  }
}

function compose(request: AnswerRequest, asked: Asked, library: ReturnType<typeof openLibrary>): unknown {
  const { input, guidance } = asked
  const question = questionOf(input)
  const byName: Record<string, () => unknown> = {
    report: () => writeReport(library, question, guidance),
    extraction: () => extractFields(library, listFields(input.fields), guidance),
    digest: () => writeDigest(library, `${question} ${guidance}`),
    reply: () => writeDraft(library, textIn(input, ['message', 'name', 'tone', 'say']), guidance),
    recommendation: () =>
      recommend(
        library,
        { ...textIn(input, ['question', 'criteria']), options: listFields(input.options, /\n+/) },
        guidance,
      ),
    action: () =>
      propose(
        library,
        { ...textIn(input, ['request', 'order']), type: isActionType(input.type) ? input.type : null },
        guidance,
      ),
  }
  if (!request.format)
    return writeReport(library, question, guidance)
      .findings.map(({ claim }) => claim)
      .join('\n\n')
  const own = Object.hasOwn(byName, request.format.name) ? byName[request.format.name] : undefined
  const quotes = library.findSentences(`${question} ${guidance}`, 50).map(({ sentence }) => sentence.text)
  let taken = 0
  const next = () => (own ? '' : (quotes[taken++] ?? ''))
  return conform(own?.(), request.format.schema, next)
}

const isActionType = (type: unknown): type is 'refund' | 'credit' => type === 'refund' || type === 'credit'

function queriesOf({ input, guidance }: Asked, format: string | undefined): string[] {
  const of = (names: string[]) => Object.values(textIn(input, names)).flatMap(splitQuestion)
  const byName: Record<string, () => string[]> = {
    reply: () => partsOf(textIn(input, ['message']).message, ''),
    recommendation: () => [...listFields(input.options, /\n+/), ...of(['criteria'])],
    action: () => of(['request']),
  }
  const own = format !== undefined && Object.hasOwn(byName, format) ? byName[format] : undefined
  const words = own?.() ?? [...splitQuestion(questionOf(input)), ...listFields(input.fields)]
  return [...new Set([...words, ...splitQuestion(guidance)])].slice(0, 20)
}

function explain(asked: Asked, queries: string[], ranked: FoundPassage[], sentences: number): string[] {
  const looked = `Looked through ${count(asked.passages.length, 'passage')} (${count(sentences, 'sentence')}) of ${count(asked.documentNames.length, 'document')} for: ${queries.map((query) => `“${query}”`).join(', ') || 'what they are about'}.`
  const best = ranked.slice(0, 3).map(({ passage }) => `${passage.document}, page ${passage.page} (${passage.id})`)
  const found =
    best.length > 0 ? `The best matches are ${joinNames(best)}.` : queries.length > 0 ? 'No passage matches.' : ''
  const known = new Set(asked.passages.flatMap(({ text }) => termsOf(text)))
  const missing = [...new Set(queries.flatMap(termsOf))].filter((term) => !known.has(term)).length
  const gaps = missing > 0 ? [`Nowhere in the documents: ${count(missing, 'term')} of what is asked.`] : []
  return [looked, [found, ...gaps, 'Answering by quoting.'].join(' ').trim()]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Tokens of the sandbox: words, numbers and marks, counted one each. It has no model whose tokens it could count. */
function countTokens(text: string): number {
  return text.match(/[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]/gu)?.length ?? 0
}
