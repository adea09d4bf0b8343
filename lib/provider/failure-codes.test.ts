/** The compiler compares our lists with the SDK's types; `npm run check` fails when they part. */
import type { Response, ResponseError } from 'openai/resources/responses/responses'
import { expectTypeOf, it } from 'vitest'
import type { SdkFailureCode, SdkIncompleteReason } from '@/lib/rules/sdk-codes'

it('knows each code with which the SDK says that a response fails', () => {
  expectTypeOf<SdkFailureCode>().toEqualTypeOf<ResponseError['code']>()
})

it('knows each reason for which the SDK says that a response is incomplete', () => {
  expectTypeOf<SdkIncompleteReason>().toEqualTypeOf<NonNullable<Response.IncompleteDetails['reason']>>()
})
