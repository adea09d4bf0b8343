import { expect, test } from 'vitest'
import { runChecks } from '@/lib/evidence/checks'
import { readWorkflowFile } from './file'
import { VALID } from './fixtures'
import { GENERAL_CHECKS } from './general-checks'

/** A workflow that uses all of a policy and of a delivery by e-mail. */
const POLICY = VALID.replace(
  '      answer:\n        type: [string, "null"]',
  `      answer:
        type: [string, "null"]
      amount: { type: number }
      status: { type: string, enum: [open, closed] }`,
)
  .replace('required: [answer, findings]', 'required: [answer, amount, status, findings]')
  .replace(
    '      maxLength: 200\n  required: []',
    '      maxLength: 200\n    email: { type: string }\n  required: [email]',
  )
  .replace(
    '  approvals: 1\n',
    `  approvals: 2
  roles: [reviewer, lead]
  atDeadline: escalates
  escalateHours: 12
  byRisk:
    - id: large
      label: The amount is above 1,000
      when: { if: value, at: /amount, is: { be: more_than, value: 1000 } }
      risk: high
      ask: { approvals: 3, roles: [reviewer, lead, owner], dueHours: 4 }
    - id: outside
      label: It goes to somebody else
      when: { if: leaves, outside: [acme.example] }
      ask: { individually: true }
    - id: checks
      label: A check fails
      when: { if: checks_failed, ids: [short, quotes] }
      ask: { requesterMayApprove: false }
`,
  )
  .concat(`delivery:
  kind: email
  to: { input: /email }
  subject: { value: Your complaint }
  text: { result: /answer }
`)

/** The problems of `text`, each after the line that it is placed on. */
function problemsOf(text: string): string[] {
  const read = readWorkflowFile(text)
  const lines = text.split('\n')
  return read.ok ? [] : read.problems.map(({ line, message }) => `${lines[line - 1]?.trim()} → ${message}`)
}

test('a policy that belongs together is read', () => {
  expect(problemsOf(POLICY)).toEqual([])
})

test.each<[what: string, spoil: (text: string) => string, problems: string[]]>([
  [
    'roles for fewer than approve',
    (t) => t.replace('roles: [reviewer, lead]\n', 'roles: [reviewer]\n'),
    [
      'roles: [reviewer] → "roles" names 1 role, and "approvals" is 2. Name one for each approval, in their order, or leave "roles" out.',
    ],
  ],
  [
    'roles for fewer than a rule asks for',
    (t) => t.replace('roles: [reviewer, lead, owner]', 'roles: [reviewer, lead]'),
    [
      'ask: { approvals: 3, roles: [reviewer, lead], dueHours: 4 } → "roles" names 2 roles, and "approvals" is 3. Name one for each approval, in their order, or leave "roles" out.',
    ],
  ],
  [
    'a rule that forgets the roles of whoever comes on top',
    (t) => t.replace(', roles: [reviewer, lead, owner]', ''),
    [
      'ask: { approvals: 3, dueHours: 4 } → "review" names roles in their order, and this rule asks for 3 approvals. Name them all under "roles".',
    ],
  ],
  [
    'a rule that asks for fewer people',
    (t) => t.replace('ask: { individually: true }', 'ask: { approvals: 1 }'),
    ['ask: { approvals: 1 } → This asks for fewer people. A rule may only ask for more than "review" does.'],
  ],
  [
    'a rule that leaves a role out',
    (t) => t.replace('ask: { individually: true }', 'ask: { roles: [reviewer, reviewer] }'),
    [
      'ask: { roles: [reviewer, reviewer] } → This leaves out a role that is asked for otherwise. A rule may only ask for more than "review" does.',
    ],
  ],
  [
    'a rule that shows what others decided',
    (t) =>
      t
        .replace('  escalateHours', '  blind: true\n  escalateHours')
        .replace('{ individually: true }', '{ blind: false }'),
    ['ask: { blind: false } → This shows what others decided. A rule may only ask for more than "review" does.'],
  ],
  [
    'a rule that lets several be decided at once',
    (t) =>
      t
        .replace('  escalateHours', '  individually: true\n  escalateHours')
        .replace('ask: { individually: true }', 'ask: { individually: false }'),
    [
      'ask: { individually: false } → This lets several be decided at once. A rule may only ask for more than "review" does.',
    ],
  ],
  [
    'a rule that lets the requester approve',
    (t) => t.replace('requesterMayApprove: false }', 'requesterMayApprove: true }'),
    [
      'ask: { requesterMayApprove: true } → "requesterMayApprove" of "ask" of entry 3 of "byRisk" of "review" must be false, and is true.',
    ],
  ],
  [
    'two rules of one id',
    (t) => t.replace('id: outside', 'id: large'),
    ['- id: large → Two rules have the id "large". Give each its own.'],
  ],
  [
    'a rule about a place that no answer has',
    (t) => t.replace('at: /amount', 'at: /amuont'),
    [
      'when: { if: value, at: /amuont, is: { be: more_than, value: 1000 } } → "amuont" is no property of the answer. Did you mean "amount"?',
    ],
  ],
  [
    'a rule about a list without its entries',
    (t) => t.replace('at: /amount, is: { be: more_than, value: 1000 }', 'at: /findings/claim, is: { be: present }'),
    [
      'when: { if: value, at: /findings/claim, is: { be: present } } → "/findings" is a list: write * for each of its entries in place of "claim".',
    ],
  ],
  [
    'a comparison of what is no number',
    (t) => t.replace('at: /amount', 'at: /answer'),
    [
      'when: { if: value, at: /answer, is: { be: more_than, value: 1000 } } → At "/answer" stands text or null, and only a number is compared. Make it one in "output", or choose another place.',
    ],
  ],
  [
    'a value that never stands there',
    (t) => t.replace('at: /amount, is: { be: more_than, value: 1000 }', 'at: /status, is: { be: equal, value: closd }'),
    [
      'when: { if: value, at: /status, is: { be: equal, value: closd } } → At "/status" never stands "closd". Did you mean "closed"?',
    ],
  ],
  [
    'a value of another type',
    (t) => t.replace('is: { be: more_than, value: 1000 }', 'is: { be: one_of, values: [1, "2"] }'),
    [
      'when: { if: value, at: /amount, is: { be: one_of, values: [1, "2"] } } → At "/amount" stands a number, which "2" never is.',
    ],
  ],
  [
    'a pattern that does not compile',
    (t) =>
      t.replace('at: /amount, is: { be: more_than, value: 1000 }', 'at: /answer, is: { be: matching, pattern: "(" }'),
    [
      'when: { if: value, at: /answer, is: { be: matching, pattern: "(" } } → "pattern" of "when.is" of entry 1 of "byRisk" of "review" is no regular expression. Is a bracket not closed, or a backslash too much?',
    ],
  ],
  [
    'a check that there is not',
    (t) => t.replace('ids: [short, quotes]', 'ids: [shrot, quotes]'),
    ['when: { if: checks_failed, ids: [shrot, quotes] } → "shrot" is no check of this workflow. Did you mean "short"?'],
  ],
  [
    'claims where no answer has any',
    (t) =>
      t
        .replace('evidence:\n  claims: findings\n  text: claim', 'evidence: null')
        .replace('{ if: checks_failed, ids: [short, quotes] }', '{ if: claims_unsupported }'),
    ['when: { if: claims_unsupported } → No answer of this workflow has claims: "evidence" is null.'],
  ],
  [
    'what leaves where nothing does',
    (t) => t.replace(/delivery:[\s\S]*$/, ''),
    [
      'when: { if: leaves, outside: [acme.example] } → Nothing leaves here, so this rule would never apply: "delivery" is none.',
    ],
  ],
  [
    'domains where no e-mail is sent',
    (t) => t.replace(/delivery:[\s\S]*$/, 'delivery: { kind: file, folder: out }\n'),
    [
      'when: { if: leaves, outside: [acme.example] } → "outside" is about e-mail addresses, and "delivery" is file. Leave it out.',
    ],
  ],
  [
    'a domain that is none',
    (t) => t.replace('[acme.example]', '["eva@acme.example"]'),
    [
      'when: { if: leaves, outside: ["eva@acme.example"] } → "eva@acme.example" is no domain. Write it like example.org.',
    ],
  ],
  [
    'a blind choice',
    (t) => t.replace('kind: json', 'kind: recommendation').replace('  escalateHours', '  blind: true\n  escalateHours'),
    [
      'blind: true → A recommendation cannot be blind: its reviewer makes the choice, which changes what the others decide on. Leave "blind" out.',
    ],
  ],
  [
    'a blind choice by a rule',
    (t) => t.replace('kind: json', 'kind: recommendation').replace('{ individually: true }', '{ blind: true }'),
    [
      'ask: { blind: true } → A recommendation cannot be blind: its reviewer makes the choice, which changes what the others decide on. Leave "blind" out.',
    ],
  ],
  [
    'a sample of nothing',
    (t) => t.replace('  escalateHours', '  samplePercent: 5\n  escalateHours'),
    [
      'samplePercent: 5 → "samplePercent" is of what is accepted by itself, and here nothing is: "approvals" is more than 0. Leave it out.',
    ],
  ],
  [
    'hours after an escalation that there is not',
    (t) => t.replace('atDeadline: escalates', 'atDeadline: expires'),
    [
      'escalateHours: 12 → "escalateHours" counts from when a review is escalated. Write "atDeadline: escalates", or leave it out.',
    ],
  ],
  [
    'a review that never ends',
    (t) => t.replace('dueHours: 24', 'dueHours: 10000'),
    ['dueHours: 10000 → "dueHours" is 10000, more than a year (8760 hours).'],
  ],
  [
    'an approval that can be taken back for days',
    (t) => t.replace('undoSeconds: 60', 'undoSeconds: 90000'),
    [
      'undoSeconds: 90000 → "undoSeconds" of "review" is 90000, more than a day (86400). Later on, a decision is reopened.',
    ],
  ],
])('%s is told', (_what, spoil, problems) => {
  const text = spoil(POLICY)
  expect(text).not.toBe(POLICY)
  expect(problemsOf(text)).toEqual(problems)
})

const delivering = (delivery: string) =>
  POLICY.replace(/delivery:[\s\S]*$/, delivery).replace(', outside: [acme.example]', '')

test.each<[what: string, delivery: string, problems: string[]]>([
  ['a request', 'delivery: { kind: http, url: "https://api.example.org/refunds", body: /findings/0 }', []],
  ['a file', 'delivery: { kind: file, folder: approved/letters, content: /answer }', []],
  ['what is handed over', 'delivery: { kind: by_hand, instructions: Print it. }', []],
  [
    'a body that no answer has',
    'delivery: { kind: http, url: "https://api.example.org/refunds", body: /action }',
    [
      'delivery: { kind: http, url: "https://api.example.org/refunds", body: /action } → "action" is no property of the answer. It has "answer", "amount", "status", and "findings".',
    ],
  ],
  [
    'a secret of Holdpoint itself',
    'delivery:\n  kind: http\n  url: https://api.example.org\n  signingSecretEnv: HOLDPOINT_SECRET\n  secretHeader: { name: authorization, env: DATABASE_URL }',
    [
      'signingSecretEnv: HOLDPOINT_SECRET → "HOLDPOINT_SECRET" opens Holdpoint itself, and no delivery carries it. Name a variable of its own.',
      'secretHeader: { name: authorization, env: DATABASE_URL } → "DATABASE_URL" opens Holdpoint itself, and no delivery carries it. Name a variable of its own.',
    ],
  ],
  [
    'an address in a field that the form does not have',
    'delivery: { kind: email, to: { input: /mail }, subject: { value: Hi }, text: { result: /answer } }',
    [
      'delivery: { kind: email, to: { input: /mail }, subject: { value: Hi }, text: { result: /answer } } → "mail" is no property of the form. Did you mean "email"?',
    ],
  ],
  [
    'an address that may be left out',
    'delivery: { kind: email, to: { input: /wish }, subject: { value: Hi }, text: { result: /answer } }',
    [
      'delivery: { kind: email, to: { input: /wish }, subject: { value: Hi }, text: { result: /answer } } → "wish" may be left out of the form, and without it nothing can be sent. List it under "required".',
    ],
  ],
  [
    'an address that is none',
    'delivery: { kind: email, to: { value: Eva }, subject: { value: Hi }, text: { result: /answer } }',
    [
      'delivery: { kind: email, to: { value: Eva }, subject: { value: Hi }, text: { result: /answer } } → "Eva" is no e-mail address. One is needed.',
    ],
  ],
  [
    'a text from many places',
    'delivery: { kind: email, to: { input: /email }, subject: { value: Hi }, text: { result: /findings/*/claim } }',
    [
      'delivery: { kind: email, to: { input: /email }, subject: { value: Hi }, text: { result: /findings/*/claim } } → * stands for many entries, and here one is needed. Write its number, such as 0.',
    ],
  ],
  [
    'a text that is none',
    'delivery: { kind: email, to: { input: /email }, subject: { value: Hi }, text: { result: /findings } }',
    [
      'delivery: { kind: email, to: { input: /email }, subject: { value: Hi }, text: { result: /findings } } → At "/findings" of the answer stands a list, and an e-mail needs text.',
    ],
  ],
  [
    'a source of another kind',
    'delivery: { kind: email, to: { answer: /email }, subject: { value: Hi }, text: { result: /answer } }',
    [
      'delivery: { kind: email, to: { answer: /email }, subject: { value: Hi }, text: { result: /answer } } → "to" of "delivery" must have one field: "value" with the text itself, or "input" or "result" with a JSON pointer such as /subject.',
    ],
  ],
])('a delivery: %s', (_what, delivery, problems) => {
  expect(problemsOf(delivering(`${delivery}\n`))).toEqual(problems)
})

test('the checks that a rule may name are those that every result gets', () => {
  const read = readWorkflowFile(VALID)
  if (!read.ok) throw new Error('The example is spoilt.')
  const annotations = { findings: [], total: 0 }
  const made = runChecks(read.definition, { complete: true, json: {}, claims: [], documents: [], annotations })
  const general = made.filter(({ key }) => !key.startsWith('own:')).map(({ key, label }) => ({ id: key, label }))
  expect(general.toSorted(byId)).toEqual([...GENERAL_CHECKS].toSorted(byId))
})

const byId = (one: { id: string }, other: { id: string }) => one.id.localeCompare(other.id)
