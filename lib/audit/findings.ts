/** What a verification found, in plain sentences. Pure. */

export type Finding = {
  /** A code that programs may rely on. */
  code: FindingCode
  /** The number of the job that it is about; null where it is about anchors or their keys. */
  job: number | null
  /** The event of that job. */
  event?: number
  anchor?: number
  /** What is wrong, as a sentence. */
  sentence: string
  expected?: string
  found?: string
}

export type FindingCode =
  | 'job_removed'
  | 'job_not_readable'
  | 'event_removed'
  | 'event_changed'
  | 'event_out_of_place'
  | 'tail_cut'
  | 'history_rewritten'
  | 'row_changed'
  | 'record_changed'
  | 'record_removed'
  | 'record_added'
  | 'not_anchored'
  | 'blob_missing'
  | 'blob_changed'
  | 'blob_erased'
  | 'anchor_removed'
  | 'anchor_changed'
  | 'anchor_not_signed'
  | 'leaves_changed'
  | 'key_not_trusted'
  | 'copy_differs'

const RECORDS: [pattern: RegExp, words: (parts: string[]) => string][] = [
  [/^asked$/, () => 'what was asked, its workflow and its documents'],
  [/^attempt-(\d+)$/, ([n]) => `the request of attempt ${n}`],
  [/^payload-(\d+)$/, ([n]) => `the answer of attempt ${n}`],
  [/^result-(\d+)\.0$/, ([n]) => `the result of attempt ${n}, with its evidence and checks`],
  [/^result-(\d+)\.(\d+)$/, ([n, r]) => `revision ${r} of the result of attempt ${n}`],
  [/^round-(\d+)$/, ([n]) => `the opening of round ${n}`],
  [/^round-(\d+)-end$/, ([n]) => `the terms and the end of round ${n}`],
  [/^decision-(\d+)$/, ([n]) => `the decision of event ${n}`],
  [/^call-(\S+?)(-leave|-request|-answer)?$/, ([n, part = '']) => `call ${n}${CALL_PARTS[part] ?? ''}`],
  [/^delivery-(\d+)$/, ([n]) => `delivery ${n}`],
  [/^delivery-(\d+)-try-(\d+)$/, ([n, t]) => `try ${t} of delivery ${n}`],
]
const CALL_PARTS: Record<string, string> = {
  '-leave': ', and who allowed it',
  '-request': ', as it was sent',
  '-answer': ', and its answer',
}

/** What a record is, for people. */
export function recordWords(name: string): string {
  for (const [pattern, words] of RECORDS) {
    const match = pattern.exec(name)
    if (match !== null) return words(match.slice(1))
  }
  return `the record ${name}`
}

/** A finding as a line for the terminal. */
export function findingLine({ sentence, expected, found }: Finding): string {
  const more = [
    expected === undefined ? null : `Expected: ${short(expected)}.`,
    found === undefined ? null : `Found: ${short(found)}.`,
  ]
  return [plain(sentence), ...more.filter((part) => part !== null)].join(' ')
}

const LONGEST = 120
const short = (text: string) => plain(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
/** Names of files and the like are a stranger's: they must not move the cursor of a terminal, or turn its text. */
const plain = (text: string) => text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�')
