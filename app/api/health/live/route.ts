export const dynamic = 'force-dynamic'

/** 200 for as long as this process answers at all. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
