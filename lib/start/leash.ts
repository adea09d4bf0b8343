// Loaded first into every child of the supervisor (node --import). When the supervisor is gone, even by SIGKILL, the
// channel to it closes, and the child stops too: gently, and then not gently, after as many milliseconds as HOLDPOINT_LEASH
// says. Runs before tsx: it can import nothing.

// What a child starts by itself inherits the --import and has a channel of its own, which is none of our business (`next
// dev` talks to its server over one): the first who reads the mark takes it away.
if (process.env.HOLDPOINT_LEASH) {
  const patienceMs = Number(process.env.HOLDPOINT_LEASH)
  delete process.env.HOLDPOINT_LEASH
  process.on('disconnect', () => {
    // The whole group: what the child started goes with it.
    setTimeout(() => process.kill(-process.pid, 'SIGKILL'), patienceMs).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  // The channel alone must not keep a child alive that has ended its work.
  process.channel?.unref()
}

export {}
