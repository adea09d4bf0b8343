'use client'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

/*
 * One clock for the page: a tick a second while anything on it tells the time, none in a hidden tab. What is told is a
 * string, so a component is drawn again only when its words change.
 */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let current = 0

function tick() {
  current = Date.now()
  for (const listener of listeners) listener()
}

function start() {
  timer ??= setInterval(tick, 1_000)
}

function stop() {
  clearInterval(timer)
  timer = undefined
}

function onVisibility() {
  if (document.hidden) return stop()
  tick()
  start()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    document.addEventListener('visibilitychange', onVisibility)
    current = Date.now()
    if (!document.hidden) start()
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    document.removeEventListener('visibilitychange', onVisibility)
    stop()
  }
}

const ServerNow = createContext(0)
const Stopped = createContext<number | null>(null)

/** Within it the clock stands still: a page of the past says "in two hours" as it was said then. `at` in milliseconds since 1970. */
export function StoppedClock({ at, children }: { at: number; children: ReactNode }) {
  return <Stopped value={at}>{children}</Stopped>
}

const NEVER = () => () => {}

/** Hands the server's time to the first drawing in the browser, so that both say the same words. Once, at the root. */
export function ClockProvider({ now, children }: { now: number; children: ReactNode }) {
  return <ServerNow value={now}>{children}</ServerNow>
}

/**
 * What `tell` says of the present time, drawn again when its answer changes. `local` is false for the drawing that must
 * equal the server's: the reader's time zone is not known there.
 * @param tell pure; `now` in milliseconds since 1970
 */
export function useClock(tell: (now: number, local: boolean) => string): string {
  const serverNow = useContext(ServerNow)
  const stopped = useContext(Stopped)
  return useSyncExternalStore(
    stopped === null ? subscribe : NEVER,
    () => tell(stopped ?? (current === 0 ? Date.now() : current), true),
    () => tell(stopped ?? serverNow, false),
  )
}
