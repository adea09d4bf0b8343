/** Holdpoint cannot start. The message is one sentence for the person at the terminal; nothing else is printed. */
export class StartError extends Error {
  override name = 'StartError'
}
