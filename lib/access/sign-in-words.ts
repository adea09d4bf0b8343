import type { LinkFault, SignInLink } from '@/lib/access/links.server'

/** Why signing in was refused, for the person at the door. */
export function signInRefusal(refusal: { reason: 'wrong' | 'inactive' | 'too_many'; waitSeconds: number }): string {
  switch (refusal.reason) {
    case 'wrong':
      return 'This e-mail and this password do not belong together. Check both and try again.'
    case 'inactive':
      return 'This account is deactivated. An owner can activate it again.'
    case 'too_many': {
      if (refusal.waitSeconds <= 5) return 'Too many tries at this moment. Wait a few seconds, then try again.'
      const minutes = Math.max(1, Math.ceil(refusal.waitSeconds / 60))
      return `Too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`
    }
  }
}

/** What a sign-in link ends once its button is pressed, for its person. */
export function linkEnds({ sessions, hasPassword }: Pick<SignInLink, 'sessions' | 'hasPassword'>): string {
  const those = sessions === 1 ? 'the session' : `the ${sessions} sessions`
  const ended = [
    ...(sessions > 0 ? [`It ends ${those} that you have now.`] : []),
    ...(hasPassword ? ['Your old password signs in no more afterwards: choose a new one then.'] : []),
  ]
  return ['This link works once.', ...(ended.length > 0 ? ended : ['It ends nothing.'])].join(' ')
}

/** Why a sign-in link does not work, for whoever opened it. */
export function linkFaultWords(fault: LinkFault): string {
  switch (fault) {
    case 'unknown':
      return 'Look whether its address was cut off on the way.'
    case 'used':
      return 'It was used already. If not by you, get a new one: it ends the session that this one began.'
    case 'replaced':
      return 'A newer one took its place, or it was withdrawn.'
    case 'expired':
      return 'It ran out: a sign-in link works for 24 hours.'
    case 'inactive':
      return 'This account is deactivated. An owner can activate it again.'
  }
}
