import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { cn } from './cn'
import { HiddenMark } from './hidden-mark'
import { hostOf } from './link-host'
import { isTangled } from './markdown-limits'
import { markHidden, refuseDepth } from './markdown-tree'
import { PlainText } from './plain-text'

/*
 * What a model or a customer wrote is hostile. Raw HTML is dropped before it is parsed, images are dropped so that
 * nothing is fetched, a link shows where it goes, and what nobody would see is named.
 */
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((tag) => tag !== 'img' && tag !== 'picture' && tag !== 'source'),
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] },
}

const plugins = {
  remark: [remarkGfm, () => refuseDepth],
  rehype: [[rehypeSanitize, schema] as [typeof rehypeSanitize, typeof schema], () => markHidden],
}

const components: Components = {
  // The page's own headings are h1 to h3: what is quoted starts below them.
  h1: (props) => <h4 className="mt-6 mb-2 text-lg font-semibold first:mt-0">{props.children}</h4>,
  h2: (props) => <h5 className="mt-5 mb-1.5 text-read font-semibold first:mt-0">{props.children}</h5>,
  h3: (props) => <h6 className="mt-4 mb-1 font-semibold first:mt-0">{props.children}</h6>,
  h4: (props) => <p className="mt-4 mb-1 font-semibold first:mt-0">{props.children}</p>,
  h5: (props) => <p className="mt-4 mb-1 font-semibold first:mt-0">{props.children}</p>,
  h6: (props) => <p className="mt-4 mb-1 font-semibold first:mt-0">{props.children}</p>,
  p: (props) => <p className="my-3 first:mt-0 last:mb-0">{props.children}</p>,
  ul: (props) => <ul className={listClass(props.className, 'list-disc')}>{props.children}</ul>,
  ol: (props) => (
    <ol start={props.start} className={listClass(props.className, 'list-decimal')}>
      {props.children}
    </ol>
  ),
  li: (props) => <li className="my-1 pl-1 marker:text-faint">{props.children}</li>,
  blockquote: (props) => (
    <blockquote className="my-3 border-l-2 border-line pl-4 text-muted">{props.children}</blockquote>
  ),
  hr: () => <hr className="my-5 border-line" />,
  pre: (props) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="my-3 overflow-x-auto rounded-md bg-sunken p-3 text-sm [&_code]:bg-transparent [&_code]:p-0"
    >
      {props.children}
    </pre>
  ),
  code: (props) => (
    <code className="rounded-sm bg-sunken px-1 py-0.5 text-[0.875em] wrap-anywhere">{props.children}</code>
  ),
  table: (props) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section aria-label="Table in the text" tabIndex={0} className="my-3 overflow-x-auto">
      <table className="border-collapse text-base">{props.children}</table>
    </section>
  ),
  th: (props) => <th className="border-b border-line px-2 py-1 text-left font-semibold">{props.children}</th>,
  td: (props) => <td className="border-b border-line px-2 py-1 align-top">{props.children}</td>,
  // A box in a task list is a picture of a box: nobody can tick it here.
  input: (props) => <span>{props.checked ? '☑ ' : '☐ '}</span>,
  // Only `markHidden` makes these: what is quoted can hold no HTML.
  mark: (props) => <HiddenMark run={String(props.title)} />,
  a: (props) => {
    const host = props.href === undefined ? null : hostOf(props.href)
    if (host === null) return <span>{props.children}</span>
    return (
      <a href={props.href} rel="noopener noreferrer nofollow" target="_blank" className="link">
        {props.children}
        <span className="ml-1 text-[0.8125em] text-muted">({host})</span>
      </a>
    )
  },
}

function listClass(given: string | undefined, marker: string): string {
  const tasks = given?.includes('contains-task-list')
  return cn('my-3', tasks ? 'list-none' : `${marker} pl-6`)
}

export type MarkdownProps = {
  children: string
  /** `read`: 16/26 for results and documents. `base`: 14/20 beside controls. */
  size?: 'read' | 'base'
  className?: string
}

/**
 * Markdown from a stranger: no HTML, no images, no headings above h4, and each link says its host. What is too long or
 * too tangled to be taken apart is shown as the text that it is.
 */
export function Markdown({ children, size = 'read', className }: MarkdownProps) {
  const isPlain = isTangled(children)
  return (
    <div
      dir="auto"
      className={cn(
        'max-w-[68ch] wrap-anywhere',
        size === 'read' ? 'text-read' : 'text-base',
        isPlain && 'whitespace-pre-wrap',
        className,
      )}
    >
      {isPlain ? (
        <PlainText>{children}</PlainText>
      ) : (
        <ReactMarkdown skipHtml remarkPlugins={plugins.remark} rehypePlugins={plugins.rehype} components={components}>
          {children}
        </ReactMarkdown>
      )}
    </div>
  )
}
