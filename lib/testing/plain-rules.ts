/** What a store without chain and anchors sees of itself. */
import type pg from 'pg'

/**
 * The control: what a store without chain and anchors sees of itself. Every CHECK and foreign key that is declared, asked of
 * all rows again. @returns a statement that gives the names of those that are broken.
 */
export async function plainRules(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    `SELECT conname AS name, CASE contype
        WHEN 'c' THEN format('SELECT 1 FROM %s WHERE NOT %s', conrelid::regclass, substr(pg_get_constraintdef(c.oid), 7))
        ELSE (SELECT format('SELECT 1 FROM %s x WHERE %s AND NOT EXISTS (SELECT 1 FROM %s y WHERE %s)', conrelid::regclass,
                string_agg(format('x.%I IS NOT NULL', a.attname), ' AND '), confrelid::regclass,
                string_agg(format('x.%I = y.%I', a.attname, b.attname), ' AND '))
                FROM unnest(conkey, confkey) AS k (child, parent)
                JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.child
                JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = k.parent) END AS sql
       FROM pg_constraint c
      WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f') ORDER BY conname`,
  )
  return rows.map(({ name, sql }) => `SELECT '${name}' AS name WHERE EXISTS (${sql})`).join(' UNION ALL ')
}
