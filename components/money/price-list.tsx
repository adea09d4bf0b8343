import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { exactDollars } from '@/lib/money/micros'
import { priceLabel } from '@/lib/money/price-book'
import type { PriceItem } from '@/lib/money/view'
import type { MoneyAction } from './outcome'
import { PriceDialog } from './price-dialog'

/** The prices that hold today, with their sources, and below them every price there ever was or will be. */
export function PriceList(props: { prices: readonly PriceItem[]; today: string; enter: MoneyAction }) {
  const { prices, today, enter } = props
  const current = currentPrices(prices, today)
  const others = prices.filter((price) => !current.includes(price))
  return (
    <Panel aria-labelledby="prices">
      <PanelHeader
        id="prices"
        title="Prices"
        hint="Of a model for a million tokens, of a tool for one call. What a call cost is worked out at the prices of the day on which it was sent."
      />
      <PanelBody className="flex flex-col gap-4">
        {current.length === 0 ? (
          <p className="text-muted">No price is known.</p>
        ) : (
          <Prices label="Prices today" prices={current} today={today} enter={enter} />
        )}
        {others.length > 0 && (
          <details>
            <summary className="w-fit cursor-pointer text-muted">
              {others.length === 1 ? '1 earlier or later price' : `${others.length} earlier and later prices`}
            </summary>
            <div className="mt-2">
              <Prices label="Earlier and later prices" prices={others} />
            </div>
          </details>
        )}
      </PanelBody>
    </Panel>
  )
}

/** Of each name the first that holds today: the list is sorted so that it is the one that counts. */
function currentPrices(prices: readonly PriceItem[], today: string): PriceItem[] {
  const seen = new Set<string>()
  return prices.filter(({ kind, name, validFrom }) => {
    const key = `${kind}:${name}`
    if (validFrom > today || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

type PricesProps = { label: string; prices: readonly PriceItem[]; today?: string; enter?: MoneyAction }

function Prices({ label, prices, today, enter }: PricesProps) {
  return (
    <Table label={label}>
      <THead>
        <Tr>
          <Th>Of</Th>
          <Th className="text-right">Input</Th>
          <Th className="text-right">Cached</Th>
          <Th className="text-right">Output</Th>
          <Th className="text-right">Call</Th>
          <Th>From</Th>
          <Th>Source</Th>
          {enter && (
            <Th>
              <span className="sr-only">Change</span>
            </Th>
          )}
        </Tr>
      </THead>
      <TBody>
        {prices.map((price) => (
          <Tr key={price.id}>
            <Td className="whitespace-nowrap">{priceLabel(price.kind, price.name)}</Td>
            <Amount usd={price.inputUsd} />
            <Amount usd={price.cachedUsd} />
            <Amount usd={price.outputUsd} />
            <Amount usd={price.callUsd} />
            <Td className="whitespace-nowrap tabular-nums">{price.validFrom}</Td>
            <Td className="min-w-64 text-sm text-muted wrap-anywhere">
              {price.source}
              {price.author !== null && ` Entered by ${price.author}.`}
            </Td>
            {enter && today && (
              <Td>
                <PriceDialog
                  today={today}
                  enter={enter}
                  kind={price.kind}
                  name={price.name}
                  label="New price…"
                  variant="ghost"
                />
              </Td>
            )}
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

function Amount({ usd }: { usd: number | null }) {
  return (
    <Td numeric className="tabular-nums">
      {usd === null ? <span className="text-faint">–</span> : exactDollars(usd)}
    </Td>
  )
}
