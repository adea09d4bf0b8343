/** What must not be left behind, whether the bench ends, fails or is interrupted. */

const cleanups: (() => Promise<unknown> | unknown)[] = []

export type Cleanup = {
  /** Runs it now, once. */
  now: () => Promise<void>
  /** It need not be done any more. */
  forget: () => void
}

/** Runs `work` when the bench ends, in the opposite order of what was asked. */
export function atEnd(work: () => Promise<unknown> | unknown): Cleanup {
  cleanups.push(work)
  const take = () => {
    const at = cleanups.indexOf(work)
    if (at >= 0) cleanups.splice(at, 1)
    return at >= 0
  }
  return {
    now: async () => {
      if (take()) await work()
    },
    forget: () => void take(),
  }
}

/** Runs what is left. A failure of one stands in the way of no other, and is told. */
export async function cleanUp(): Promise<void> {
  for (let work = cleanups.pop(); work !== undefined; work = cleanups.pop()) {
    try {
      await work()
    } catch (error) {
      console.error(`Could not clean up: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

let isEnding = false

/** From now on an interruption cleans up before it ends the process; a second one ends it at once. */
export function cleanUpWhenInterrupted(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(code)
      isEnding = true
      console.error('Interrupted: cleaning up …')
      void cleanUp().finally(() => process.exit(code))
    })
  }
}
