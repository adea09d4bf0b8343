/** Drafts an e-mail to a customer by quoting. Pure. */
import { type Library, termsOf } from './ranking'
import { type Answered, answerParts, type Cited, cite, oneLine, openQuestions, splitQuestion, stated } from './report'

export type Draft = {
  subject: string
  body: string
  points: { point: string; citations: Cited[] }[]
  open_questions: string[]
}

export type Letter = { message: string; name: string; tone: string; say: string }

/** As e-mail programs show them whole. */
const longestSubject = 90
/** Enough to answer a message, few enough for a letter. */
const mostParts = 6

/**
 * @param letter what the customer wrote, and what a colleague said of the answer.
 * @param guidance a reviewer's words: they are looked up like a question.
 */
export function writeDraft(library: Library, letter: Letter, guidance: string): Draft {
  const parts = partsOf(letter.message, guidance)
  const answers = answerParts(library, parts, guidance)
  const quotes = [...new Set(answers.flatMap((answer) => answer.quotes))]
  return {
    subject: subjectOf(letter.message),
    body: bodyOf(letter, answers),
    points: quotes.map((quote) => ({ point: stated(quote), citations: cite(quote) })),
    open_questions: [
      ...(library.passages.length === 0
        ? ['There are no documents, so nothing carries what this reply would say.']
        : []),
      ...answers.flatMap(openQuestions),
      ...(letter.say.trim() === ''
        ? []
        : ['What was to be said stands in the reply as it was written, not as a letter would say it.']),
    ],
  }
}

/** What the message asks; where it asks nothing, what it says. */
export function partsOf(message: string, guidance: string): string[] {
  const sentences = message.match(/[^.!?\n]+[.!?]*/g) ?? []
  const asked = sentences.flatMap((sentence, index) => {
    if (!sentence.trimEnd().endsWith('?')) return []
    const parts = splitQuestion(sentence)
    // "Is that right?" asks what was said before it.
    const alone = parts.some((part) => termsOf(part).length > 1)
    return alone ? parts : splitQuestion(sentences[index - 1] ?? sentence)
  })
  const parts = asked.length > 0 ? asked : splitQuestion(message)
  return [...new Set([...parts.slice(0, mostParts), ...splitQuestion(guidance).slice(0, mostParts)])]
}

function bodyOf({ name, tone, say }: Letter, answers: readonly Answered[]): string {
  const greeting = { formal: 'Dear', brief: 'Hello' }[tone] ?? 'Hello'
  const whom = oneLine(name) || (greeting === 'Dear' ? 'customer' : '')
  return [
    `${[greeting, whom].filter((word) => word !== '').join(' ')},`,
    ...(tone === 'brief' ? [] : ['Thank you for your message.']),
    ...(say.trim() === '' ? [] : [say.trim()]),
    ...answers.map(paragraphOf),
    tone === 'formal' ? 'Yours sincerely' : 'Kind regards',
    '(A draft that the sandbox put together from quotes. No model was asked.)',
  ].join('\n\n')
}

function paragraphOf({ part, quotes }: Answered): string {
  if (quotes.length === 0) return `You wrote: “${part}”. We will look into this.`
  return `You wrote: “${part}”. On this we can tell you: ${quotes.map(({ text }) => `“${oneLine(text)}”`).join(' ')}`
}

function subjectOf(message: string): string {
  const line = oneLine(message)
  const subject = line === '' ? 'Your message' : `Your message: ${line}`
  if (subject.length <= longestSubject) return subject
  return `${subject.slice(0, Math.max(subject.lastIndexOf(' ', longestSubject - 1), 60)).toWellFormed()}…`
}
