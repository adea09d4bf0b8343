/** The secrets of tools, from the environment of the worker. Pure. */

/** Reads one variable of the environment; undefined where it is absent. */
export type ReadEnv = (name: string) => string | undefined

/**
 * Variables that a workflow may not name: what opens Holdpoint itself must not leave with a call because somebody wrote
 * its name into a file.
 */
const OWN = /^(HOLDPOINT_|OPENAI_|DATABASE_URL$|PG[A-Z]|NODE_|NEXT_|BETTER_AUTH_)/

/** The secret in the variable `name`; undefined where it is absent, empty, or one of Holdpoint's own. */
export function readSecret(name: string, readEnv: ReadEnv): string | undefined {
  const value = OWN.test(name) ? undefined : readEnv(name)
  return value === '' ? undefined : value
}
