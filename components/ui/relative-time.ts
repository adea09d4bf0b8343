/** Times and spans in words. Pure: `now` comes in. */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/**
 * A span in the largest unit that says enough: "4 s", "12 min", "3 h 20 min", "2 days". Below one second: "0 s".
 * @param ms milliseconds; its sign is dropped
 */
export function span(ms: number): string {
  const length = Math.abs(ms)
  if (length < minute) return `${Math.floor(length / second)} s`
  if (length < hour) return `${Math.floor(length / minute)} min`
  if (length < 6 * hour) {
    const minutes = Math.floor((length % hour) / minute)
    return `${Math.floor(length / hour)} h${minutes > 0 ? ` ${minutes} min` : ''}`
  }
  if (length < 2 * day) return `${Math.floor(length / hour)} h`
  return `${Math.floor(length / day)} days`
}

/**
 * "just now", "4 s ago", "in 12 min"; beyond a week the date, since nobody counts days then.
 * @param at and `now` are milliseconds since 1970
 * @param timeZone an IANA name; absent: the zone of whoever runs this
 */
export function relative(at: number, now: number, timeZone?: string): string {
  const distance = now - at
  if (Math.abs(distance) > 7 * day) return date(at, now, timeZone)
  if (Math.abs(distance) < second) return 'just now'
  return distance > 0 ? `${span(distance)} ago` : `in ${span(distance)}`
}

/** "16:00" today, "Tue 16:00" within a week, else "2 Dec 16:00", with the year where it is another one. */
export function clock(at: number, now: number, timeZone?: string): string {
  const time = format('time', at, timeZone)
  if (format('day', at, timeZone) === format('day', now, timeZone)) return time
  if (Math.abs(at - now) < 6 * day) return `${format('weekday', at, timeZone)} ${time}`
  return `${date(at, now, timeZone)} ${time}`
}

function date(at: number, now: number, timeZone?: string): string {
  const isThisYear = format('year', at, timeZone) === format('year', now, timeZone)
  return format(isThisYear ? 'date' : 'dateWithYear', at, timeZone)
}

/** The moment to the second, with its zone: "23 Nov 2026, 16:00:07 CET". */
export function exact(at: number, timeZone?: string): string {
  return format('exact', at, timeZone)
}

/** The time of day to the second: "16:00:07". For moments that are surely of today. */
export function timeOfDay(at: number, timeZone?: string): string {
  return format('timeOfDay', at, timeZone)
}

const OPTIONS = {
  time: { hour: '2-digit', minute: '2-digit' },
  timeOfDay: { timeStyle: 'medium' },
  weekday: { weekday: 'short' },
  day: { dateStyle: 'short' },
  year: { year: 'numeric' },
  date: { day: 'numeric', month: 'short' },
  dateWithYear: { day: 'numeric', month: 'short', year: 'numeric' },
  exact: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** Making a formatter takes some hundred times as long as using it, and a list tells hundreds of times every second. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(name: keyof typeof OPTIONS, at: number, timeZone?: string): string {
  const key = `${name} ${timeZone}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...OPTIONS[name], timeZone })
    formatters.set(key, formatter)
  }
  return formatter.format(at)
}
