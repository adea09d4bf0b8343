import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { NoticeList } from '@/components/shell/notice-list'
import { noticesOptions } from '@/components/shell/notice-queries'
import { deskOptions, leavingOptions } from '../queries'
import { CommandBar } from './command-bar'
import { AssigneeField } from './people-fields'
import { WhatLeaves } from './what-leaves'

const leaving = leavingOptions('job', 'hash')
const shown = (client: QueryClient, children: ReactNode) =>
  renderToStaticMarkup(<QueryClientProvider client={client}>{children}</QueryClientProvider>)

/** Where reading failed and is tried again: the library forgets the error then. */
function triedAgain(queryKey: readonly unknown[]): QueryClient {
  const client = new QueryClient()
  const query = client.getQueryCache().build(client, { queryKey })
  query.setState({ status: 'pending', error: null, errorUpdateCount: 1, fetchStatus: 'fetching' })
  return client
}

describe('what could not be read keeps its button while it is tried again', () => {
  test.each([
    [
      'the notices',
      noticesOptions.queryKey,
      <NoticeList key="a" markRead={() => {}} onLeave={() => {}} className="" />,
    ],
    ['what leaves', leaving.queryKey, <WhatLeaves key="a" jobId="job" hash="hash" isLast />],
  ])('%s', (_what, queryKey, element) => {
    expect(shown(triedAgain(queryKey), element)).toMatch(/<button[^>]*aria-busy="true"[^>]*>.*Try again/)
    expect(shown(new QueryClient(), element)).not.toContain('Try again')
  })
})

test('nobody is offered to be assigned before it is known who may be', () => {
  const field = <AssigneeField jobId="job" value="" onChange={() => {}} />
  expect(shown(new QueryClient(), field)).toContain('Reading who may decide…')
  expect(shown(new QueryClient(), field)).not.toContain('Nobody')
  const client = new QueryClient()
  client.setQueryData(deskOptions('job').queryKey, { outputSchema: {}, reasons: [], notes: [], people: [] })
  expect(shown(client, field)).toContain('Nobody')
})

test('the commands say that they are pinned only where they are', () => {
  const bar = (commands: Parameters<typeof CommandBar>[0]['commands']) =>
    renderToStaticMarkup(<CommandBar commands={commands} kind="decide" onCommand={() => {}} />)
  expect(bar(['approve'])).toContain('data-pinned="below-sm"')
  expect(bar(['comment'])).not.toContain('data-pinned')
})
