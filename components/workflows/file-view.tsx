import { Download } from 'lucide-react'
import { buttonVariants } from '@/components/ui/button-variants'
import { CopyButton } from '@/components/ui/copy-button'
import { Panel, PanelHeader } from '@/components/ui/panel'

/** A version as its file, to be copied or kept. */
export function FileView({ name, text }: { name: string; text: string }) {
  return (
    <Panel aria-labelledby="file" className="overflow-hidden">
      <PanelHeader
        id="file"
        title={name}
        actions={
          <>
            <CopyButton value={text} label="Copy" text />
            <a
              href={`data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`}
              download={name}
              className={buttonVariants({ size: 'sm' })}
            >
              <Download aria-hidden />
              Download
            </a>
          </>
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto px-4 py-3 font-mono text-xs leading-5 [font-variant-ligatures:none]">
        {text}
      </pre>
    </Panel>
  )
}
