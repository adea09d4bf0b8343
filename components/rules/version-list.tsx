'use client'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { LinkButton } from '@/components/ui/link-button'
import { Time } from '@/components/ui/time'

export type ShownVersion = {
  version: number
  note: string
  author: string | null
  at: string
  /** Against the version before it: "1 added"; null for the first. */
  changes: string | null
}

export type VersionListProps = {
  versions: readonly ShownVersion[]
  inForce: number
  shown: number
  /** Puts an old version into the draft; null where this person may not. */
  onRestore: ((version: number) => void) | null
}

/** Every version, the newest first: the one in force is the first. None is ever changed. */
export function VersionList({ versions, inForce, shown, onRestore }: VersionListProps) {
  return (
    <ol className="divide-y divide-line">
      {versions.map(({ version, note, author, at, changes }) => (
        <li key={version} className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2.5">
          <div className="min-w-0 flex-1 basis-64">
            <p className="font-medium">
              Version {version}
              {version === inForce && (
                <Badge tone="success" className="ml-2">
                  in force
                </Badge>
              )}
            </p>
            <p className="wrap-anywhere">{note}</p>
            <p className="text-sm text-muted">
              {author ?? 'Holdpoint'}, <Time value={at} />
              {changes !== null && `: ${changes}`}
            </p>
          </div>
          <div className="flex gap-2">
            {version !== shown && (
              <LinkButton
                size="sm"
                href={version === inForce ? '/rules' : `/rules?version=${version}`}
                aria-label={`Read version ${version}`}
              >
                Read
              </LinkButton>
            )}
            {onRestore && version !== inForce && (
              <Button size="sm" onClick={() => onRestore(version)} aria-label={`Take version ${version} into a draft`}>
                Take into a draft
              </Button>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
