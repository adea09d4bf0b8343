// Loaded first into every child of the supervisor (node --import). When the supervisor is gone, even by SIGKILL, the
// channel to it closes, and the child stops too: gently, and then not gently.
const LAST_WARNING_MS = 10_000

process.on('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WARNING_MS).unref()
  process.kill(process.pid, 'SIGTERM')
})
// The channel alone must not keep a child alive that has ended its work.
process.channel?.unref()

export {}
