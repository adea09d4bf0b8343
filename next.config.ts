import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // These load native or WebAssembly parts, or must be one instance for the whole process.
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'unpdf', 'mammoth'],
  // Types are checked by `npm run check`, once; whoever starts the product need not wait for it.
  typescript: { ignoreBuildErrors: true },
}

export default config
