/** Saved notes, for pages. Pure. */
export type SavedNoteView = { id: string; title: string; text: string }

export const LONGEST_TITLE = 80
export const LONGEST_NOTE = 5_000
/** More than this nobody finds again in a menu. */
export const MOST_NOTES = 50
