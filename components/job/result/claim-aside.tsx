'use client'
import { createContext, type ReactNode, useContext } from 'react'
import type { JobView } from '@/lib/jobs/view'

type Claim = JobView['evidence'][number]

const Aside = createContext<(claim: Claim) => ReactNode>(() => null)

/** Lets a page say more of each claim, beside what was found automatically: only words, never a control. */
export function ClaimAsideProvider(props: { aside: (claim: Claim) => ReactNode; children: ReactNode }) {
  return <Aside value={props.aside}>{props.children}</Aside>
}

/** What the page around says of a claim. */
export function ClaimAside({ claim }: { claim: Claim }) {
  return useContext(Aside)(claim)
}
