import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // These load native or WebAssembly parts, or must be one instance for the whole process.
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'unpdf', 'mammoth'],
  // Types are checked by `npm run check`, once; whoever starts the product need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Browsers ask for this where a page could not be drawn and so names no icon.
  rewrites: async () => [{ source: '/favicon.ico', destination: '/icon.svg' }],
}

export default config
