/** The metrics as Prometheus reads them: those of the installation from the database, and those of this process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Db } from '@/lib/store/db.server'
import { catalogue, type Metric } from './catalogue'
import { type HistogramSeries, type Readings, readAll } from './read.server'

export type MetricsText = { contentType: string; text: string }

// Once for the process, kept across the module reloads of `next dev`.
const holder = globalThis as unknown as { holdpointProcessMetrics?: Registry }

/** Memory, CPU and the event loop of this web server. */
function processMetrics(): Registry {
  if (holder.holdpointProcessMetrics === undefined) {
    holder.holdpointProcessMetrics = new Registry()
    collectDefaultMetrics({ register: holder.holdpointProcessMetrics })
  }
  return holder.holdpointProcessMetrics
}

/** Reads and writes down every metric, as of now. */
export async function renderMetrics(db: Db): Promise<MetricsText> {
  const register = registryOf(await readAll(db))
  const ofProcess = processMetrics()
  const text = `${await register.metrics()}\n${await ofProcess.metrics()}`
  return { contentType: register.contentType, text: text.endsWith('\n') ? text : `${text}\n` }
}

/** The metrics of the installation, from what was read of it. */
export function registryOf(readings: Readings): Registry {
  const register = new Registry()
  for (const metric of catalogue) {
    const { name, help, labels } = metric
    const common = { name, help, labelNames: [...labels], registers: [register] }
    const samples = readings.samples[name] ?? []
    switch (metric.type as Metric['type']) {
      case 'gauge': {
        const gauge = new Gauge(common)
        for (const sample of samples) gauge.set(sample.labels, sample.value)
        // One without labels is 0 by itself, and what is not known is not 0.
        if (samples.length === 0 && labels.length === 0) gauge.remove()
        break
      }
      case 'counter': {
        const counter = new Counter(common)
        for (const sample of samples) counter.inc(sample.labels, sample.value)
        break
      }
      case 'histogram':
        new StoredHistogram(common, readings.histograms[name] ?? [])
        break
    }
  }
  return register
}

/** A histogram whose buckets were counted elsewhere. */
class StoredHistogram extends Histogram<string> {
  readonly #name: string
  readonly #help: string
  readonly #series: readonly HistogramSeries[]

  constructor(
    common: { name: string; help: string; labelNames: string[]; registers: Registry[] },
    series: readonly HistogramSeries[],
  ) {
    super(common)
    this.#name = common.name
    this.#help = common.help
    this.#series = series
  }

  /** What the registry writes of a histogram: its own way, which the types of prom-client leave out. */
  async getForPromString() {
    const values = this.#series.flatMap(({ labels, buckets, sum, count }) => [
      ...buckets.map(({ le, count: upTo }) => this.#value('_bucket', { ...labels, le }, upTo)),
      this.#value('_bucket', { ...labels, le: '+Inf' }, count),
      this.#value('_sum', labels, sum),
      this.#value('_count', labels, count),
    ])
    return { name: this.#name, help: this.#help, type: 'histogram', values }
  }

  #value(suffix: string, labels: Record<string, string | number>, value: number) {
    return { metricName: `${this.#name}${suffix}`, exemplar: null, labels, sharedLabels: {}, value }
  }
}
