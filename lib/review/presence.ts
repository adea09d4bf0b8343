/** How long a word of presence counts. Pure: the pages say it more often than this, and the server forgets after it. */

/** Who was not heard of for so long is not looking any more, in milliseconds. */
export const FRESH_MS = 30_000
/** How often a tab in sight says that it is there, in milliseconds: two words may be lost. */
export const SAY_EVERY_MS = 10_000
