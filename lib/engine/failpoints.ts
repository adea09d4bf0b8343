/**
 * Places at which a test may kill the process: one on each side of every commit and every provider call. Set
 * HOLDPOINT_FAILPOINT to one of the names and the process is killed there, as by `kill -9`; without it nothing happens.
 */
export const failpoints = [
  'start:before-commit',
  'start:after-commit',
  'create:before-call',
  'create:after-call',
  'create:before-save',
  'create:after-save',
  'look:before-call',
  'look:after-call',
  'look:before-save',
  'look:after-save',
  'conclude:before-commit',
  'conclude:after-commit',
  'requeue:before-commit',
  'requeue:after-commit',
  'cancel:before-call',
  'cancel:after-call',
  'deliver:after-claim',
  'deliver:before-send',
  'deliver:after-send',
  'deliver:after-save',
] as const
export type Failpoint = (typeof failpoints)[number]

/** Dies here when the environment asks for it. */
export function failpoint(name: Failpoint): void {
  if (process.env.HOLDPOINT_FAILPOINT === name) process.kill(process.pid, 'SIGKILL')
}
