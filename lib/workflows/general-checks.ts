/** The checks that every result gets, as lib/evidence/checks.ts makes them: a test keeps the two the same. */
export const GENERAL_CHECKS = [
  { id: 'complete', label: 'The answer is whole' },
  { id: 'schema', label: 'The answer has the form that the workflow asks for' },
  { id: 'documents', label: 'Every citation names a document of this job' },
  { id: 'quotes', label: 'Every quote stands in the document it names' },
  { id: 'claims', label: 'Every statement is carried by a quote' },
  { id: 'annotations', label: 'Every citation of the provider resolves' },
] as const
