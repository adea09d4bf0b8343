/** Why signing in was refused, for the person at the door. */
export function signInRefusal(refusal: { reason: 'wrong' | 'inactive' | 'too_many'; waitSeconds: number }): string {
  switch (refusal.reason) {
    case 'wrong':
      return 'This e-mail and this password do not belong together. Check both and try again.'
    case 'inactive':
      return 'This account is deactivated. An owner can activate it again.'
    case 'too_many': {
      const minutes = Math.max(1, Math.ceil(refusal.waitSeconds / 60))
      return `Too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`
    }
  }
}
