/** The compiler compares our lists with the SDK's unions; `npm run check` fails when they part. */
import type { ResponseOutputItem, ResponseOutputText } from 'openai/resources/responses/responses'
import { expectTypeOf, it } from 'vitest'
import type { AnnotationType, ItemType } from '@/lib/evidence/item-types'

it('has a label for each type of output item that the SDK knows', () => {
  expectTypeOf<ItemType>().toEqualTypeOf<ResponseOutputItem['type']>()
})

it('has words for each kind of annotation that the SDK knows', () => {
  expectTypeOf<AnnotationType>().toEqualTypeOf<ResponseOutputText['annotations'][number]['type']>()
})
