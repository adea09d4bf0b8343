/** The built-in workflows as definitions, read from their files when this is imported. */
import { readBuiltins } from './builtin.server'

export const builtins = readBuiltins()
