import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import { ConfigError, isMissing, readConfig } from '../config/read-config.ts'
import { type Hall, hallSchema } from '../config/schemas/hall.ts'
import { type RuleSet, ruleSetSchema } from '../config/schemas/rule-set.ts'
import { type TerminalSettings, terminalSchema } from '../config/schemas/terminal.ts'
import { openSettings, type SettingsFile } from './settings.ts'

/** One terminal's configuration, checked, with what the site set for it laid over. */
export interface LoadedTerminal {
  readonly terminal: TerminalSettings
  /** As it would be without the site's settings. */
  readonly defaults: TerminalSettings
  readonly hall: Hall
  readonly rules: RuleSet
  readonly settings: SettingsFile
  readonly folders: Folders
}

/** Where one terminal's data lies inside the data folder. */
export interface Folders {
  readonly data: string
  /** This terminal's own: ledger, settings. */
  readonly terminal: string
  readonly ledger: string
  /** Shared by every agent of the hall on this machine. */
  readonly hallStore: string
}

/**
 * Reads `CONFIG/terminals/NAME.json`, its hall in `CONFIG/halls`, that hall's rule set in `CONFIG/rules`, and the site's
 * settings. Rejects with a ConfigError.
 */
export async function loadTerminal(terminalFile: string, dataFolder: string): Promise<LoadedTerminal> {
  const defaults = await readConfig(terminalFile, terminalSchema)
  const config = dirname(dirname(terminalFile))
  const hallFile = join(config, 'halls', `${defaults.hall}.json`)
  const hall = await named(`${terminalFile}: hall`, hallFile, hallSchema)
  expectName(hallFile, 'id', { found: hall.id, expected: defaults.hall })
  const rulesFile = join(config, 'rules', `${hall.rules}.json`)
  const rules = await named(`${hallFile}: rules`, rulesFile, ruleSetSchema)
  expectName(rulesFile, 'name', { found: rules.name, expected: hall.rules })
  const own = join(dataFolder, defaults.id)
  const settings = await openSettings(join(own, 'settings.json'))
  const terminal = { ...defaults, ...defined(settings.current) }
  return {
    terminal,
    defaults,
    hall,
    rules,
    settings,
    folders: {
      data: dataFolder,
      terminal: own,
      ledger: join(own, 'ledger.sqlite'),
      hallStore: join(dataFolder, 'halls', hall.id, 'hall.sqlite'),
    },
  }
}

/** Reads a file that another file names; when it is missing, the message says who asks for it. */
async function named<Output>(namedBy: string, file: string, schema: z.ZodType<Output>): Promise<Output> {
  try {
    return await readConfig(file, schema)
  } catch (error) {
    if (!isMissing(error)) throw error
    const name = basename(file, '.json')
    throw new ConfigError(
      `${namedBy}: found ${JSON.stringify(name)}; expected the name of a file in ${dirname(file)}, where ${basename(file)} is missing`,
      { cause: error },
    )
  }
}

/** A file is found by its name, and rows of the hall store by the name inside: both must be the same. */
function expectName(
  file: string,
  key: string,
  { found, expected }: { found: string; expected: string },
): void {
  if (found === expected) return
  throw new ConfigError(
    `${file}: ${key}: found ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}, as the file is called`,
  )
}

function defined<Settings extends object>(
  settings: Settings,
): { [Key in keyof Settings]?: NonNullable<Settings[Key]> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never
}
