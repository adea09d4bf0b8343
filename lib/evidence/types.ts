/** A page of a document's text. Offsets into `text` are UTF-16 code units, as JavaScript strings count. */
export type DocumentPage = { page: number; text: string }

/** A document as the model and the evidence checks see it. */
export type DocumentText = { id: string; name: string; pages: DocumentPage[] }

/** How a quote was found: letter for letter, apart from white space and typographic marks, or nowhere. */
export type Found = 'exact' | 'differs' | 'not_found'

/** One citation of a claim, looked up in the documents. */
export type Citation = {
  /** Null where the model names a document that the job does not have. */
  documentId: string | null
  /** The document's name; where it is unknown, what the model wrote. */
  documentName: string
  quote: string
  found: Found
  /** Set where the answer asked for more looking up than one answer gets: `found` is then 'not_found' unseen. */
  notLookedUp?: true
  /** Where the quote stands: page, and start and end offset in that page's text. Null where it was not found. */
  page: number | null
  start: number | null
  end: number | null
}

/** One statement of a result, and what carries it. */
export type Claim = {
  index: number
  /** JSON pointer into the result, such as `/findings/2`. */
  path: string
  text: string
  citations: Citation[]
  /** `exact`: at least one citation found letter for letter; `differs`: found, but not to the letter; `none`. */
  support: 'exact' | 'differs' | 'none'
}

/** One automatic test of a result. */
export type Check = {
  /** `complete`, `schema`, `documents`, `quotes`, `claims`, `annotations`; a workflow's own: `own:<id>`. */
  key: string
  /** What was tested, as a statement that holds or does not. */
  label: string
  outcome: 'pass' | 'fail' | 'not_applicable'
  /** What was looked at and what was seen, in a sentence. */
  detail: string
}
