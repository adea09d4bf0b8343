/** The real client of the provider, where a test's engine has a script. */
import type { Provider, Rehearsal, ResponseRequest } from '@/lib/provider/types'
import { ScriptedProvider } from './engine'

export class Wired extends ScriptedProvider {
  override readonly name = 'sandbox'
  /** @param choose gives the rehearsal of each create; the job's own where absent. */
  constructor(
    readonly client: Provider,
    readonly choose?: () => Rehearsal,
  ) {
    super()
  }
  override create(request: ResponseRequest, options?: { rehearsal?: Rehearsal | null }) {
    this.creates.push(request)
    return this.client.create(request, this.choose ? { rehearsal: this.choose() } : options)
  }
  override retrieve(id: string) {
    this.looks.push(id)
    return this.client.retrieve(id)
  }
  override cancel(id: string) {
    this.cancels.push(id)
    return this.client.cancel(id)
  }
}
