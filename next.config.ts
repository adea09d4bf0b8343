import type { NextConfig } from 'next'

/** What a page may load: should something that a model wrote ever be drawn as more than text, it reaches nobody. */
const policy = [
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "img-src 'self' data: blob:",
  "media-src 'none'",
  // A development server tells of changes over a socket.
  `connect-src 'self'${process.env.NODE_ENV === 'development' ? ' ws: wss:' : ''}`,
].join('; ')

const config: NextConfig = {
  poweredByHeader: false,
  // These load native or WebAssembly parts, or must be one instance for the whole process.
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'unpdf', 'mammoth'],
  // Types are checked by `npm run check`, once; whoever starts the product need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // A revision carries the whole edited text; as much as the API takes.
  experimental: { serverActions: { bodySizeLimit: '8mb' } },
  headers: async () => [
    {
      source: '/((?!api/).*)',
      headers: [
        { key: 'content-security-policy', value: policy },
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'same-origin' },
        // Nobody looks up the hosts of links before they are followed.
        { key: 'x-dns-prefetch-control', value: 'off' },
      ],
    },
    // Their addresses hold a token, which goes nowhere. Where nothing at all is told, as by `no-referrer`, a form without a
    // script does not say where it comes from, and is refused.
    ...['/sign-in/link', '/join/:token'].map((source) => ({
      source,
      headers: [{ key: 'referrer-policy', value: 'strict-origin' }],
    })),
  ],
  // Browsers ask for this where a page could not be drawn and so names no icon.
  rewrites: async () => [{ source: '/favicon.ico', destination: '/icon.svg' }],
}

export default config
