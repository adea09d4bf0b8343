/** How news comes, in plain sentences. Pure. */
import type { Lag, ProbeError, ProbeView, ReceiptView, TransportView } from '@/lib/webhooks/transport-view'

export type InUse = { title: string; why: string }

/** Which way news comes now, and why that one. */
export function inUse({
  secrets,
  record,
  lastNewsAt,
}: Pick<TransportView, 'secrets' | 'record' | 'lastNewsAt'>): InUse {
  const looks = 'Holdpoint looks by itself'
  if (record.news === 'arriving') {
    return {
      title: 'Webhooks bring the news',
      why: `Of the last ${responses(record.judged)} that ended within the hour, ${record.came} had their webhook within two minutes. Looks go on as a safety net, up to three minutes apart.`,
    }
  }
  if (secrets.usable === 0) {
    return {
      title: looks,
      why: 'Webhooks are not set up. Each running response is looked at every few seconds at first, later every half minute. Nothing is lost that way; news comes some seconds later.',
    }
  }
  if (lastNewsAt === null) {
    return {
      title: looks,
      why: 'Webhooks are set up, but none about a response has come yet. Until they do, looks are as frequent as without them.',
    }
  }
  if (record.judged < 3) {
    return {
      title: looks,
      why: 'Too few responses have ended within the last hour to tell whether webhooks come. Those that do come bring the next look forward all the same.',
    }
  }
  return {
    title: looks,
    why: `Webhooks do not come reliably: of the last ${responses(record.judged)} that ended within the hour, ${record.came} had theirs within two minutes. Looks are as frequent as without them, until they do again.`,
  }
}

function responses(count: number): string {
  return count === 1 ? 'response' : `${count.toLocaleString('en')} responses`
}

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min": how late something was. Both clocks count whole seconds at best. */
export function lateness(milliseconds: number): string {
  if (milliseconds < 1_000) return 'under a second'
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min${seconds % 60 > 0 ? ` ${seconds % 60} s` : ''}`
  const hours = Math.floor(minutes / 60)
  return `${hours.toLocaleString('en')} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`
}

export function lagWords(lag: Lag | null): { median: string; worst: string; count: string } {
  if (lag === null) return { median: 'not known', worst: 'not known', count: 'none' }
  return { median: lateness(lag.medianMs), worst: lateness(lag.worstMs), count: lag.count.toLocaleString('en') }
}

export type ProbeWords = { tone: 'success' | 'danger' | 'attention'; title: string; what: string }

const FAILURES: Record<ProbeError, { title: string; what: string }> = {
  no_address: {
    title: 'It found no such address',
    what: 'The name is not known to the name servers that this server asks. Check its spelling, and that it is published.',
  },
  not_listening: {
    title: 'Nobody listens there',
    what: 'The address exists, but it refused the connection. Check the port, and that the proxy in front of Holdpoint runs.',
  },
  no_answer: {
    title: 'It got no answer in time',
    what: 'Nothing came back within eight seconds. A firewall may drop what comes from outside, or the proxy does not pass it on.',
  },
  no_trust: {
    title: 'The certificate is not trusted',
    what: 'The address was reached, but its certificate is out of date, of another name, or of nobody known. OpenAI would refuse it too.',
  },
  no_connection: {
    title: 'The connection failed',
    what: 'The address was found, but the connection broke before an answer came.',
  },
  redirected: {
    title: 'It was sent on to another address',
    what: 'The answer was a redirect. OpenAI does not follow it and counts it as failed: use the address that it points to.',
  },
  not_ours: {
    title: 'Something else answered',
    what: 'The answer is not Holdpoint’s. A proxy, a sign-in page or another program stands at this address: let it pass requests to this path through unchanged.',
  },
  elsewhere: {
    title: 'Another installation took it',
    what: 'A Holdpoint answered that it was received, but it did not arrive in this one. The address leads to another installation with the same secret.',
  },
  bad_signature: {
    title: 'It arrived, but its signature did not fit',
    what: 'Whoever received it has another secret, or a proxy changed the body on its way. Give each web server the same OPENAI_WEBHOOK_SECRET, and restart it.',
  },
  wrong_time: {
    title: 'It arrived, but at the wrong time',
    what: 'The clocks of the server that sent it and of the one that received it are more than five minutes apart. Set them right.',
  },
  no_secret: {
    title: 'It arrived where no secret is set',
    what: 'The web server that received it has no OPENAI_WEBHOOK_SECRET. Set it there too, and restart it.',
  },
}

/** How far a test got. */
export function probeWords({ sentAt, receivedAt, httpStatus, error }: ProbeView): ProbeWords {
  if (receivedAt !== null) {
    const ms = Math.max(0, Date.parse(receivedAt) - Date.parse(sentAt))
    return {
      tone: 'success',
      title: `It arrived, after ${ms.toLocaleString('en')} ms`,
      what: 'Its signature fits. The way in is open.',
    }
  }
  if (error === null)
    return {
      tone: 'attention',
      title: 'It has not arrived yet',
      what: 'It was sent, and nothing is known of it since.',
    }
  const { title, what } = FAILURES[error]
  return { tone: 'danger', title, what: httpStatus === null ? what : `${what} (HTTP ${httpStatus})` }
}

/** Why something was refused at the door, each with what it may mean. */
export const REFUSED: Record<TransportView['counts']['refused'][number]['reason'], string> = {
  bad_signature: 'forged, altered, or signed with a secret that is not set here',
  no_signature: 'without a signature',
  too_old: 'signed more than five minutes before it came: a copy of an old one, or a clock that is wrong',
  too_new: 'signed ahead of our clock: a clock is wrong',
  too_large: 'larger than 1 MiB',
  not_json: 'signed, but not an event',
  no_secret: 'while no secret was set',
}

/** What became of a webhook. */
export function receiptWords({ state, type }: Pick<ReceiptView, 'state' | 'type'>): string {
  switch (state) {
    case 'matched':
      return 'brought a look forward'
    case 'adopted':
      return 'named a lost answer, which was adopted'
    case 'open':
      return 'whose it is, is being asked'
    case 'not_ours':
      return 'about a response of somebody else'
    case 'recorded':
      return type === 'holdpoint.test' ? 'a test of the way in' : 'of another type: kept, and nothing follows'
  }
}
