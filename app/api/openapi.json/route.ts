import { openApiDocument } from '@/lib/http/openapi'
import { version } from '@/package.json'

/** The API, described for programs. Says nothing of anybody's jobs, so anybody may read it. */
export function GET(): Response {
  return Response.json(openApiDocument(version))
}
