import type { Language } from '../../../kiosk-agent/api/contract.ts'
import { type Formats, formatsFor } from '../formats.ts'
import { type ConsoleWords, consoleWords as english } from './en/console.ts'
import { type DeviceWords, deviceWords as englishDevices } from './en/devices.ts'
import { fieldWords as englishFields, type FieldWords } from './en/fields.ts'
import { consoleWords as simplified } from './zh-hans/console.ts'
import { deviceWords as simplifiedDevices } from './zh-hans/devices.ts'
import { fieldWords as simplifiedFields } from './zh-hans/fields.ts'
import { consoleWords as traditional } from './zh-hant/console.ts'
import { deviceWords as traditionalDevices } from './zh-hant/devices.ts'
import { fieldWords as traditionalFields } from './zh-hant/fields.ts'

/** One language of the technician's console. */
export interface ConsoleLocale {
  readonly language: Language
  readonly words: ConsoleWords
  readonly devices: DeviceWords
  readonly fields: FieldWords
  readonly formats: Formats
}

const all: { readonly [L in Language]: Omit<ConsoleLocale, 'language' | 'formats'> } = {
  'zh-Hans': { words: simplified, devices: simplifiedDevices, fields: simplifiedFields },
  'zh-Hant': { words: traditional, devices: traditionalDevices, fields: traditionalFields },
  en: { words: english, devices: englishDevices, fields: englishFields },
}

const made = new Map<Language, ConsoleLocale>()

export function consoleLocale(language: Language): ConsoleLocale {
  const known = made.get(language)
  if (known) return known
  const locale = { language, ...all[language], formats: formatsFor(language) }
  made.set(language, locale)
  return locale
}

/** The word of a code that the agent may know before this table does: then the code itself. */
export function wordOf(table: { readonly [code: string]: string }, code: string): string {
  return table[code] ?? code
}
