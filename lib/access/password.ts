/** How long a password is, in characters. NIST SP 800-63B asks for at least 8 and no rules on what they are. */
export const PASSWORD_LENGTH = { min: 8, max: 128 } as const
