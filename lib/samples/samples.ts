/** Sample jobs over documents written for this project, so that a new installation has something to begin with. Pure. */

export type SampleFile = { name: string; mediaType: string /** What it is, for people. */; description: string }

/** In `public/samples`, so that people can open them too. */
export const sampleFiles = {
  'lease.pdf': {
    name: 'lease.pdf',
    mediaType: 'application/pdf',
    description: 'A residential lease of three pages',
  },
  'support-thread.md': {
    name: 'support-thread.md',
    mediaType: 'text/markdown',
    description: 'A customer’s complaint, with internal notes',
  },
  'returns-policy.md': {
    name: 'returns-policy.md',
    mediaType: 'text/markdown',
    description: 'A shop’s policy on returns and refunds',
  },
  'invoice.docx': {
    name: 'invoice.docx',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    description: 'An invoice for display cases',
  },
} as const satisfies Record<string, SampleFile>

export type SampleFileName = keyof typeof sampleFiles

export type SampleJob = {
  key: string
  /** The title that the job gets. */
  title: string
  /** Key of the workflow. */
  workflow: 'report' | 'extraction' | 'digest' | 'reply' | 'recommendation' | 'action'
  input: Record<string, string>
  files: readonly SampleFileName[]
  /** What is worth looking at, in a sentence. */
  blurb: string
}

export const samples: readonly SampleJob[] = [
  {
    key: 'lease-report',
    title: 'Can the Okafors leave their lease early?',
    workflow: 'report',
    input: {
      question:
        'May the tenants end the lease before its last day, with what notice, and what fee do they pay?\n' +
        'When is the deposit returned?\n' +
        'Does a parking space belong to the flat?',
      audience: 'The tenants, who are not lawyers',
    },
    files: ['lease.pdf'],
    blurb: 'A question in three parts over a three-page PDF. The lease is silent on the last part.',
  },
  {
    key: 'refund-report',
    title: 'What does Ms Farkas get back, and who pays the return?',
    workflow: 'report',
    input: {
      question:
        'The espresso machine arrived damaged. Is the customer owed a full refund including the delivery charge?\n' +
        'Who pays for the return, and who has to approve the refund?',
      audience: 'The team lead for customer care',
    },
    files: ['support-thread.md', 'returns-policy.md'],
    blurb: 'A case and the policy that decides it: the findings have to cite both.',
  },
  {
    key: 'invoice-extraction',
    title: 'Fields of invoice NF-2026-0318',
    workflow: 'extraction',
    input: {
      fields: [
        'Invoice number',
        'Invoice date',
        'Due date',
        'Net amount',
        'Total amount due',
        'VAT registration number',
        'Purchase order number',
      ].join('\n'),
    },
    files: ['invoice.docx'],
    blurb: 'Seven fields from a Word file, each with its source. One of them is not on the invoice.',
  },
  {
    key: 'thread-digest',
    title: 'Where case 48211 stands',
    workflow: 'digest',
    input: { focus: 'What has been promised to the customer, and by when' },
    files: ['support-thread.md'],
    blurb: 'An internal summary. Its policy accepts it without review once every check passes.',
  },
  {
    key: 'refund-reply',
    title: 'Answer to Ms Farkas on her damaged machine',
    workflow: 'reply',
    input: {
      message:
        'As I wrote, I would like my money back. I still have the carton.\n' +
        'My neighbour told me that I have to pay for the return parcel myself. Is that right?\n' +
        'When do I get my refund? And do you also sell milk jugs?',
      email: 'ilona@farkas.example',
      name: 'Ms Farkas',
      tone: 'formal',
    },
    files: ['returns-policy.md'],
    blurb: 'An e-mail that leaves once you approve it. Its address leads nowhere. The policy is silent on milk jugs.',
  },
  {
    key: 'complaint-recommendation',
    title: 'How to settle the complaint of Ms Farkas',
    workflow: 'recommendation',
    input: {
      question: 'How do we settle the complaint about the damaged espresso machine?',
      options: ['A full refund', 'A replacement by post', 'A repair under the warranty'].join('\n'),
      criteria: ['What the customer asked for', 'What the policy says', 'What it costs'].join('\n'),
    },
    files: ['support-thread.md', 'returns-policy.md'],
    blurb: 'Three options side by side, with what speaks for each. The choice is yours, and it is kept.',
  },
  {
    key: 'refund-action',
    title: 'Refund of order KC-90377',
    workflow: 'action',
    input: {
      request: 'Refund the espresso machine that arrived damaged, with the delivery charge.',
      order: 'KC-90377',
      type: 'refund',
    },
    files: ['support-thread.md', 'returns-policy.md'],
    blurb: 'A proposed change as JSON. It needs two people, and neither may be the one who asks for it.',
  },
]
