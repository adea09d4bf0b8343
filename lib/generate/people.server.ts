/** The people of generated histories. They have no password, so nobody signs in as one of them by mistake. */
import type pg from 'pg'
import type { Cast } from './multiply'

const FIRST = [
  'Ada',
  'Ben',
  'Chloe',
  'Dev',
  'Elif',
  'Femi',
  'Greta',
  'Hugo',
  'Ines',
  'Jun',
  'Kofi',
  'Lena',
  'Marek',
  'Noor',
]
const LAST = ['Adler', 'Brandt', 'Costa', 'Duarte', 'Eze', 'Fischer', 'Gupta', 'Horvat', 'Ito', 'Jansen', 'Klein']

const KINDS = [
  { part: 'requester', count: () => 6 },
  { part: 'reviewer', count: (reviewers: number) => reviewers },
  { part: 'support', count: () => 2 },
  { part: 'lead', count: () => 1 },
] as const

/** Makes them, or finds them made before. @param reviewers at least two. */
export async function makeCast(client: pg.ClientBase, reviewers: number): Promise<Cast> {
  const cast: Cast = { requester: [], reviewer: [], support: [], lead: [] }
  let made = 0
  for (const { part, count } of KINDS) {
    for (let index = 1; index <= count(reviewers); index += 1) {
      const id = `generated-${part}-${String(index).padStart(3, '0')}`
      const name = `${FIRST[made % FIRST.length]} ${LAST[Math.floor(made / FIRST.length + made) % LAST.length]}`
      made += 1
      cast[part].push(id)
      await client.query(
        `INSERT INTO user_account (id, name, email, roles) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [id, name, `${id}@generated.invalid`, [part]],
      )
    }
  }
  return cast
}
