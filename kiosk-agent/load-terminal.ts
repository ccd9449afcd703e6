import { basename, dirname, join } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { type Hall, hallSchema } from '../config/schemas/hall.ts'
import { type RuleSet, ruleSetSchema } from '../config/schemas/rule-set.ts'
import { type TerminalSettings, terminalSchema } from '../config/schemas/terminal.ts'
import { openSettings, type SettingsFile } from './settings.ts'

/** One terminal's configuration, checked, with what the site set for it laid over. */
export interface LoadedTerminal {
  readonly terminal: TerminalSettings
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

/** Reads `TERMINAL.json`, its hall and rule set, and the site's settings. Rejects with a ConfigError. */
export async function loadTerminal(terminalFile: string, dataFolder: string): Promise<LoadedTerminal> {
  const defaults = await readConfig(terminalFile, terminalSchema)
  const config = dirname(dirname(terminalFile))
  const hall = await readConfig(join(config, 'halls', `${defaults.hall}.json`), hallSchema)
  const rules = await readConfig(join(config, 'rules', `${hall.rules}.json`), ruleSetSchema)
  const own = join(dataFolder, defaults.id)
  const settings = await openSettings(join(own, 'settings.json'))
  const terminal = { ...defaults, ...defined(settings.current) }
  return {
    terminal,
    hall,
    rules,
    settings,
    folders: {
      data: dataFolder,
      terminal: own,
      ledger: join(own, 'ledger.sqlite'),
      hallStore: join(dataFolder, 'halls', basename(hall.id), 'hall.sqlite'),
    },
  }
}

function defined<Settings extends object>(
  settings: Settings,
): { [Key in keyof Settings]?: NonNullable<Settings[Key]> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never
}
