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
            <div className="mt-2 flex flex-col gap-4">
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

/** Models and tools apart: they are priced by other things. */
function Prices({ label, prices, ...rest }: PricesProps) {
  const models = prices.filter(({ kind }) => kind === 'model')
  const tools = prices.filter(({ kind }) => kind === 'tool')
  return (
    <>
      {models.length > 0 && (
        <PriceTable
          {...rest}
          label={`${label} of models`}
          of="Model"
          columns={['Input', 'Cached', 'Output']}
          prices={models}
          amounts={({ inputUsd, cachedUsd, outputUsd }) => [inputUsd, cachedUsd, outputUsd]}
        />
      )}
      {tools.length > 0 && (
        <PriceTable
          {...rest}
          label={`${label} of tools`}
          of="Tool"
          columns={['One call']}
          prices={tools}
          amounts={({ callUsd }) => [callUsd]}
        />
      )}
    </>
  )
}

type PriceTableProps = PricesProps & {
  of: string
  columns: readonly string[]
  amounts: (price: PriceItem) => (number | null)[]
}

function PriceTable({ label, of, columns, prices, amounts, today, enter }: PriceTableProps) {
  return (
    <Table label={label}>
      <THead>
        <Tr>
          <Th>{of}</Th>
          {columns.map((column) => (
            <Th key={column} className="text-right">
              {column}
            </Th>
          ))}
          <Th>From</Th>
          {enter && <Th>Change</Th>}
        </Tr>
      </THead>
      <TBody>
        {prices.map((price) => (
          <Tr key={price.id}>
            <Td className="w-full min-w-40 sm:min-w-56">
              {priceLabel(price.kind, price.name)}
              <span className="block text-xs text-muted wrap-anywhere">
                {price.source}
                {price.author !== null && ` (entered by ${price.author})`}
              </span>
            </Td>
            {amounts(price).map((usd, at) => (
              <Td key={columns[at]} numeric className="tabular-nums">
                {usd === null ? <span className="text-faint">as input</span> : exactDollars(usd)}
              </Td>
            ))}
            <Td className="whitespace-nowrap tabular-nums">{price.validFrom}</Td>
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
