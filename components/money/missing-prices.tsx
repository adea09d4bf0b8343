import { Callout } from '@/components/ui/callout'
import type { MissingPrice } from '@/lib/money/view'
import type { MoneyAction } from './outcome'
import { PriceDialog } from './price-dialog'

/** Prices that workflows need and nobody has entered, each with the way to enter it. */
export function MissingPrices(props: { missing: readonly MissingPrice[]; today: string; enter: MoneyAction }) {
  const { missing, today, enter } = props
  return missing.map(({ kind, name, label, workflows }) => (
    <Callout
      key={`${kind}:${name}`}
      tone="attention"
      title={`The price of ${label} is not known`}
      actions={
        <PriceDialog today={today} enter={enter} kind={kind} name={name} label={`Enter the price of ${label}`} />
      }
    >
      <p>
        So the cost of {new Intl.ListFormat('en').format(workflows)} is not known either, and where there is a budget
        its jobs are not started.
      </p>
    </Callout>
  ))
}
