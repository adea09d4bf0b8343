import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // These load native or WebAssembly parts, or must be one instance for the whole process.
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'unpdf', 'mammoth'],
  typedRoutes: false,
}

export default config
