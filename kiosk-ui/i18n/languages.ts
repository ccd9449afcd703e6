import type { Language } from '../../kiosk-agent/api/contract.ts'

/** Each language by the name its own readers know; adding a language is one line here and its words. */
export const languageNames: { readonly [L in Language]: string } = {
  'zh-Hans': '简体',
  'zh-Hant': '繁體',
  en: 'English',
}

export const languages = Object.keys(languageNames) as Language[]
