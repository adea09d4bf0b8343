/**
 * Ends the session on the server and leaves for the sign-in page with a full load, so that nothing that was read stays
 * in memory.
 * @returns false where the server did not confirm it: the person is then still signed in.
 */
export async function signOut(): Promise<boolean> {
  try {
    const response = await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    // 401: the session had ended already, which is what was asked for.
    if (!response.ok && response.status !== 401) return false
  } catch {
    return false
  }
  window.location.assign('/sign-in')
  return true
}
