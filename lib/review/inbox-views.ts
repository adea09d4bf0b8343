/** The views of the inbox. Apart from the schemas: every page knows their names, and none needs a validator for that. Pure. */

/**
 * Whose it is to do: `mine`, which I claimed or which is assigned to me; `anyone`; `others`, which waits for somebody
 * else; `snoozed`.
 */
export const inboxViews = ['mine', 'anyone', 'others', 'snoozed'] as const
export type InboxViewName = (typeof inboxViews)[number]
