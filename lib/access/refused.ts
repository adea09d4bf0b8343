/** What the management of people, keys and links refuses, and why. */
export type AccessRefusalCode =
  | 'last_owner'
  | 'email_taken'
  | 'email_invalid'
  | 'name_missing'
  | 'password_weak'
  | 'password_wrong'
  | 'roles_missing'
  | 'person_unknown'
  | 'key_unknown'
  | 'link_unusable'

/** The message is a sentence for the person who asked. */
export class AccessRefused extends Error {
  override name = 'AccessRefused'
  constructor(
    readonly code: AccessRefusalCode,
    message: string,
  ) {
    super(message)
  }
}
