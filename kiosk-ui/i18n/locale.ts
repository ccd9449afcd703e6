import type { Language } from '../../kiosk-agent/api/contract.ts'
import { english } from './en.ts'
import { type Formats, formatsFor } from './formats.ts'
import type { Messages } from './messages.ts'
import { simplifiedChinese } from './zh-hans.ts'
import { traditionalChinese } from './zh-hant.ts'

/** One language, ready for use by a screen. */
export interface Locale {
  readonly language: Language
  readonly messages: Messages
  readonly formats: Formats
}

const messages: { readonly [L in Language]: Messages } = {
  'zh-Hans': simplifiedChinese,
  'zh-Hant': traditionalChinese,
  en: english,
}

const made = new Map<Language, Locale>()

export function localeFor(language: Language): Locale {
  const known = made.get(language)
  if (known) return known
  const locale = { language, messages: messages[language], formats: formatsFor(language) }
  made.set(language, locale)
  return locale
}
