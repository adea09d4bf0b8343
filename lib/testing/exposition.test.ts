import { Gauge, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { parseExposition } from './exposition'

test('the example of the specification is read', () => {
  const text = [
    '# HELP http_requests_total The total number of HTTP requests.',
    '# TYPE http_requests_total counter',
    'http_requests_total{method="post",code="200"} 1027 1395066363000',
    'http_requests_total{method="post",code="400"}    3 1395066363000',
    '',
    '# Escaping in label values:',
    'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
    '',
    'metric_without_timestamp_and_labels 12.47',
    'something_weird{problem="division by zero"} +Inf -3982045',
    '# TYPE rpc_duration_seconds summary',
    'rpc_duration_seconds{quantile="0.01"} 3102',
    'rpc_duration_seconds_sum 1.7560473e+07',
    'rpc_duration_seconds_count 2693',
    '',
  ].join('\n')
  const families = parseExposition(text)
  expect(families.map(({ name, type, samples }) => [name, type, samples.length])).toEqual([
    ['http_requests_total', 'counter', 2],
    ['msdos_file_access_time_seconds', 'untyped', 1],
    ['metric_without_timestamp_and_labels', 'untyped', 1],
    ['something_weird', 'untyped', 1],
    ['rpc_duration_seconds', 'summary', 3],
  ])
  expect(families[1]?.samples[0]?.labels).toEqual({
    path: 'C:\\DIR\\FILE.TXT',
    error: 'Cannot find file:\n"FILE.TXT"',
  })
})

test('what prom-client writes is read as what it holds, whatever is in a label', async () => {
  const registers = [new Registry()]
  const gauge = new Gauge({ name: 'g', help: 'A "help"\nwith \\ in it', labelNames: ['of'], registers })
  for (const of of ['a"b', 'a\\b', 'a\nb', '', '{},= #', 'مراجعة 😀']) gauge.set({ of }, 0.1 + of.length)
  const histogram = new Histogram({ name: 'h_seconds', help: 'h', buckets: [1, 10], registers })
  for (const value of [0.5, 5, 50]) histogram.observe(value)
  const families = parseExposition((await registers[0]?.metrics()) ?? '')
  const known = await registers[0]?.getMetricsAsJSON()
  expect(families.map(({ name, type, help }) => ({ name, type, help }))).toEqual(
    known?.map(({ name, type, help }) => ({ name, type, help })),
  )
  expect(families[0]?.samples).toEqual(known?.[0]?.values.map(({ labels, value }) => ({ name: 'g', labels, value })))
  expect(families[1]?.samples.map(({ value }) => value)).toEqual([1, 2, 3, 55.5, 3])
})

test.each([
  ['no line feed at the end', 'a 1'],
  ['a carriage return', 'a 1\r\n'],
  ['no value', 'a \n'],
  ['a name that is none', '1a 1\n'],
  ['a label without quotes', 'a{b=c} 1\n'],
  ['a label twice', 'a{b="1",b="2"} 1\n'],
  ['a label that is reserved', 'a{__b="1"} 1\n'],
  ['an escape that is none', 'a{b="\\t"} 1\n'],
  ['a sample twice', 'a{b="1",c="2"} 1\na{c="2",b="1"} 1\n'],
  ['a metric in two places', 'a 1\nb 1\na{c="1"} 1\n'],
  ['TYPE after a sample', 'a 1\n# TYPE a gauge\n'],
  ['a type that is none', '# TYPE a number\na 1\n'],
  ['a second TYPE', '# TYPE a gauge\n# TYPE a gauge\na 1\n'],
  ['a counter below zero', '# TYPE a counter\na -1\n'],
  ['a histogram without +Inf', '# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n'],
  ['buckets that fall', '# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n'],
  ['a count that is another', '# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n'],
  ['a time that is none', 'a 1 soon\n'],
])('%s is refused', (_what, text) => {
  expect(() => parseExposition(text)).toThrow()
})
